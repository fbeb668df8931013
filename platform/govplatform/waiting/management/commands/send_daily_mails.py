"""The verb ``send_daily_mails``: what the worker sends every morning, now."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from govplatform.verbs import VerbCommand
from govplatform.waiting.actions import send_daily_mails


class Command(VerbCommand):
    help = "Send everybody who wants it one mail with what waits for them; nobody gets two on one day."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say who would get one")

    def run(self, **options: Any) -> dict[str, Any]:
        return {"mails": send_daily_mails(timezone.now(), dry_run=options["dry_run"])}
