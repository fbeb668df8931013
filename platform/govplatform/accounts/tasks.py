"""Sessions that have ended are removed every night; nobody comes back to them."""

from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(name="govplatform.remove_ended_sessions", queueing_lock="remove_ended_sessions")
def remove_ended_sessions(timestamp: int) -> None:
    with schema_context("public"):
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
