"""The Celery application. Without REDIS_URL the queue is a folder (see settings.CELERY_BROKER_URL)."""

from celery import Celery

from danvan.environment import use_settings

use_settings()

app = Celery("danvan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
