"""The verb ``case_retention``: what holds personal data, what of it is due, and removing that."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from govplatform.accounts.queries import get_user
from govplatform.cases.queries import find_case
from govplatform.cases.retention.erasing import Amount, count_due, erase_due, erase_merged
from govplatform.cases.retention.holds import hold_data, release_data
from govplatform.cases.retention.queries import held_data, retention_lines
from govplatform.verbs import VerbCommand

_ACTS = ("show", "erase", "hold", "release")


class Command(VerbCommand):
    help = "Show the terms of personal data, remove what is due, hold the data of a case under dispute."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=_ACTS, help="what is done; erase without --yes only tells what would go")
        parser.add_argument("number", nargs="?", metavar="NUMBER", help="of the case that is held or released")
        parser.add_argument("--yes", action="store_true", help="remove what is due, for good")
        parser.add_argument("--as", dest="acting", metavar="USER", help="the supervisor who holds or releases")
        parser.add_argument("--reason", default="", help="why it is held or released")

    def run(self, **options: Any) -> dict[str, Any]:
        act = options["act"]
        with schema_context("public"):
            if act == "show":
                return _shown()
            if act == "erase":
                return {
                    "erased": _told([*erase_due(), *erase_merged()]) if options["yes"] else [],
                    "due": _told(count_due()),
                }
            if not options["number"] or not options["acting"]:
                raise CommandError(_("请写明来信的编号，并用 --as 写明由哪位监管员决定。"))
            case, user = find_case(options["number"]), get_user(options["acting"])
            (hold_data if act == "hold" else release_data)(case, acting_user=user, reason=options["reason"])
            return {"number": case.number, "held": act == "hold"}


def _shown() -> dict[str, Any]:
    return {
        "holders": [
            {
                "holder": line.holder.code,
                "term": str(line.term) if line.term is not None else None,
                "article": line.term.article if line.term is not None else None,
                "last": line.last_day,
                "last_rows": line.last_rows,
                "next": line.next_at,
            }
            for line in retention_lines()
        ],
        "held": [
            {"number": hold.case.number, "since": hold.at, "by": hold.person.username, "reason": hold.reason}
            for hold in held_data()
        ],
    }


def _told(amounts: list[Amount]) -> list[dict[str, Any]]:
    return [{"holder": one.holder.code, "site": one.site.code, "rows": one.rows} for one in amounts]
