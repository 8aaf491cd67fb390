"""What beat asks of placements. The database says what is due."""

from celery import shared_task

from placements import services
from techforce.accounts.models import User


@shared_task
def expire_offers() -> None:
    services.expire_offers(by=User.objects.system())


@shared_task
def close_selections_of_withdrawn() -> None:
    services.close_selections_of_withdrawn(by=User.objects.system())


@shared_task
def cancel_idle_interviews() -> None:
    services.cancel_idle_interviews(by=User.objects.system())


@shared_task
def expire_certificates() -> None:
    services.expire_certificates(by=User.objects.system())


@shared_task
def expire_steps() -> None:
    services.expire_steps(by=User.objects.system())


@shared_task
def keep_dates() -> None:
    services.keep_dates(by=User.objects.system())
    services.end_moot_requests(by=User.objects.system())


@shared_task
def keep_numbers() -> None:
    services.draw_up_numbers(by=User.objects.system())
    services.publish_numbers(by=User.objects.system())


@shared_task
def keep_measures() -> None:
    services.keep_measures(by=User.objects.system())
