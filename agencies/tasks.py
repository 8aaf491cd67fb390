"""What beat asks of agencies. The database says what is due."""

from celery import shared_task

from agencies import services
from techforce.accounts.models import User


@shared_task
def close_past_openings() -> None:
    services.close_past_openings(by=User.objects.system())
