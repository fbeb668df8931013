"""The verb ``consequences``: list what follows acts and is not done, try a row again, or give it up."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.consequences.actions import give_up_consequence, retry_consequence
from govplatform.consequences.queries import (
    ENDED,
    FAILED,
    UNDONE,
    WAITING,
    count_undone,
    describe_row,
    find_rows,
    get_row,
)
from govplatform.verbs import EXIT_FAULTS, VerbCommand

_MOST = 200


class Command(VerbCommand):
    help = "List what follows acts and is not done; retry or give up one of it. Exit 1 while something failed or hangs."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--failed", action="store_true", help="only what failed for good")
        which.add_argument("--waiting", action="store_true", help="what is still to be done, soonest first")
        which.add_argument("--ended", action="store_true", help="what was done or given up, newest first")
        which.add_argument("--retry", type=int, metavar="ID", help="have it done again at once")
        which.add_argument("--give-up", type=int, metavar="ID", help="nobody tries it again; with --reason")
        parser.add_argument("--reason", default="", metavar="TEXT")
        parser.add_argument("--as", dest="acting", default="", metavar="USER", help="an operator; without it the shell")

    def run(self, **options: Any) -> dict[str, Any]:
        person = get_user(options["acting"]) if options["acting"] else None
        if options["reason"] and options["give_up"] is None:
            raise CommandError(_("--reason 与 --give-up ID 一起使用。"))
        if options["retry"] is not None:
            return {"consequence": describe_row(retry_consequence(get_row(options["retry"]), acting_user=person))}
        if options["give_up"] is not None:
            row = get_row(options["give_up"])
            return {"consequence": describe_row(give_up_consequence(row, acting_user=person, reason=options["reason"]))}
        chosen = next((name for name in (FAILED, WAITING, ENDED) if options[name]), UNDONE)
        return {**count_undone(), "consequences": [describe_row(row) for row in find_rows(chosen)[:_MOST]]}

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if result.get("failed") or result.get("stuck") else 0

    def describe(self, result: dict[str, Any]) -> str:
        rows = [result["consequence"]] if "consequence" in result else result["consequences"]
        lines = [
            f"{row['id']} {row['state']}{' stuck' if row['stuck'] else ''} {row['schema']} {row['words']}"
            f" {row['title']} ({row['attempts']}) {row['error']}".rstrip()
            for row in rows
        ]
        if "failed" in result:
            lines.append(f"failed: {result['failed']}, stuck: {result['stuck']}")
        return "\n".join(lines)
