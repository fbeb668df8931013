"""Every morning: one mail to everybody who wants it."""

from django.utils import timezone
from django_tenants.utils import schema_context
from procrastinate.contrib.django import app

from .actions import send_daily_mails


@app.periodic(cron="30 7 * * *")
@app.task(name="govplatform.send_daily_mails", queueing_lock="send_daily_mails")
def daily_mails(timestamp: int) -> None:
    with schema_context("public"):
        send_daily_mails(timezone.now())
