"""Celery tasks: thin, without data."""

from celery import shared_task

from techforce.accounts.models import User
from techforce.program import services


@shared_task
def close_past_cohorts() -> None:
    services.close_past_cohorts(by=User.objects.system())
