"""The verb ``identity_acts``: who was made, given a role, reset or closed, on all sites."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from govplatform.audit.queries import identity_acts
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "List the acts that made, staffed, reset or closed accounts, newest first."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how far back; 30 if not given")
        parser.add_argument("--from-shell", action="store_true", help="those alone that were done with a verb")

    def run(self, **options: Any) -> dict[str, Any]:
        since = timezone.now() - timedelta(days=options["days"])
        acts = identity_acts(since=since, from_shell=options["from_shell"])
        return {
            "acts": [
                {"at": e.at, "act": e.act, "by": e.actor_name, "of": e.object_title, "chain": e.chain, **e.detail}
                for e in acts
            ]
        }

    def describe(self, result: dict[str, Any]) -> str:
        return "\n".join(f"{row['at']:%Y-%m-%d %H:%M} {row['act']} {row['of']} {row['by']}" for row in result["acts"])
