"""The verb ``logs``: keep rotated logs for the term of the rule packs, check what is kept, give it out."""

import argparse
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.days import parse_day
from govplatform.kept_logs.checking import check_logs, export_logs
from govplatform.kept_logs.keeping import keep_logs
from govplatform.system_words import system_words
from govplatform.verbs import EXIT_FAULTS, VerbCommand

_PARTS = MappingProxyType(
    {
        "keep": "take in what was rotated, let go of what is over; by a timer",
        "verify": "compare what is kept with the chain, and the chain with the audit record",
        "export": "write days of logs and the chain as a tar file",
    }
)


def _day(text: str) -> date:
    if (day := parse_day(text)) is None:
        raise argparse.ArgumentTypeError(f"{text}: YYYY-MM-DD")
    return day


class Command(VerbCommand):
    help = "Keep rotated logs (the front server's too) in a chain, verify what is kept, export days of it."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="what", required=True, metavar="VERB")
        made = {name: acts.add_parser(name, help=words) for name, words in _PARTS.items()}
        for part in made.values():
            part.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
        export = made["export"]
        export.add_argument("--from", dest="since", required=True, type=_day, metavar="DATE", help="first day")
        export.add_argument("--until", required=True, type=_day, metavar="DATE", help="last day")
        export.add_argument("--source", default="", metavar="NAME", help="of this log alone, as web or govplatform")
        export.add_argument("--reason", required=True, metavar="TEXT", help="why, for the record")
        export.add_argument("--out", required=True, type=Path, metavar="FILE", help="new file")

    def run(self, **options: Any) -> dict[str, Any]:
        try:
            if options["what"] == "keep":
                return vars(keep_logs())
            if options["what"] == "verify":
                return check_logs()
            asked = {name: options[name] for name in ("since", "until", "source", "reason")}
            return export_logs(options["out"], **asked)
        except FileExistsError as error:
            raise CommandError(_("%(path)s 已经存在。") % {"path": options["out"]}) from error
        except OSError as error:
            raise CommandError(_("日志无法读写：%(strerror)s。") % {"strerror": system_words(error)}) from error

    def describe(self, result: dict[str, Any]) -> str:
        return "\n".join(result["faults"]) if result.get("faults") else super().describe(result)

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result.get("ok", True) else EXIT_FAULTS
