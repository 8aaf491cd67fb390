"""Tech Force. Importing the package makes its Celery application the current one, so that `core.wake` finds it."""

from techforce.celery import app as celery_app

__all__ = ["celery_app"]
