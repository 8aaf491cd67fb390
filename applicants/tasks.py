"""What beat asks of applications. The database says what is due."""

from celery import shared_task

from applicants import services
from applicants.models import Document
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


@shared_task
def scan_document(key: int) -> None:
    for document in Document.objects.in_quarantine().filter(pk=key):
        services.scan_document(document=document, by=User.objects.system())


@shared_task
def scan_quarantined() -> None:
    services.scan_quarantined(by=User.objects.system())


@shared_task
def keep_draft_dates() -> None:
    """Mails first: whoever works to a deadline should learn soon that it moved."""
    services.tell_new_deadlines(by=User.objects.system())
    services.keep_draft_dates(by=User.objects.system())
