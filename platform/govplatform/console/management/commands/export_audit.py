"""The verb ``export_audit``: write entries of one chain of the record into a file, as a table or signed."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.console.audit_export import FORMATS, Asked, export_entries
from govplatform.days import parse_day
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from govplatform.whole_files import write_whole_file


class Command(VerbCommand):
    help = "Write entries of a site's audit chain, or of the platform's, into a file."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--format", choices=FORMATS, default="jsonl", help="jsonl is signed; the others are tables")
        parser.add_argument(
            "--site", default="", metavar="CODE", help="code of the site; without it the platform's chain"
        )
        parser.add_argument("--as", dest="acting", metavar="USER")
        parser.add_argument("--act", default="", help="only this act, by its code")
        parser.add_argument("--person", default="", help="only acts of people whose name has this in it")
        parser.add_argument("--title", default="", help="only acts on what has this in its title or name")
        parser.add_argument("--since", metavar="DAY")
        parser.add_argument("--until", metavar="DAY")

    def run(self, **options: Any) -> dict[str, Any]:
        days = {name: _day(name, options[name]) for name in ("since", "until")}
        chain = get_tenant(options["site"]).schema_name if options["site"] else PLATFORM_CHAIN
        named = {name: options[name] for name in ("act", "person", "title")}
        asked = Asked(chain=chain, **named, **days)
        path: Path = options["out"]
        user = get_user(options["acting"]) if options["acting"] else None
        pieces, number = export_entries(asked, options["format"], acting_user=user)
        write_whole_file(path, pieces)
        return {"file": str(path), "entries": number, "complete": asked.is_complete}


def _day(name: str, text: str | None) -> Any:
    if not text:
        return None
    if (day := parse_day(text)) is None:
        raise CommandError(_("--%(name)s 不是日期：%(text)s。写作 2026-11-29。") % {"name": name, "text": text})
    return day
