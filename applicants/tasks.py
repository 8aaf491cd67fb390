"""What beat asks of applications. The database says what is due."""

from celery import shared_task

from applicants import services
from techforce.accounts.models import User


@shared_task
def withdraw_due() -> None:
    services.withdraw_due(by=User.objects.system())


@shared_task
def lapse_expired() -> None:
    services.lapse_expired(by=User.objects.system())


@shared_task
def expire_invitations() -> None:
    services.expire_invitations(by=User.objects.system())
