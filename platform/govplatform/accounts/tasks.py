"""Every night: sessions that have ended go, nobody comes back to them; so do failed sign-ins of earlier months."""

from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app


@app.periodic(cron="17 3 * * *")
@app.task(name="govplatform.remove_ended_sessions", queueing_lock="remove_ended_sessions")
def remove_ended_sessions(timestamp: int) -> None:
    with schema_context("public"):
        Session.objects.filter(expire_date__lt=timezone.now()).delete()


@app.periodic(cron="27 3 * * *")
@app.task(name="govplatform.remove_old_failures", queueing_lock="remove_old_failures")
def remove_old_failures(timestamp: int) -> None:
    """Names that were tried, whether they exist or not; the record of the sites keeps the failures themselves."""
    long_ago = timezone.now() - timedelta(days=settings.FAILED_SIGN_INS_KEPT_DAYS)
    with schema_context("public"):
        AccessFailureLog.objects.filter(attempt_time__lt=long_ago).delete()
        AccessAttempt.objects.filter(attempt_time__lt=long_ago).delete()
