"""What beat asks of nominations. The database says what is due."""

from celery import shared_task

from partners import services
from techforce.accounts.models import User


@shared_task
def expire_invitations() -> None:
    services.expire_invitations(by=User.objects.system())
