"""The command ``import_site``: bring in a site from outside the platform, out of a crawl of it."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from govplatform.whole_files import write_whole_file
from sites.arrivals.actions import import_site
from sites.arrivals.reporting import describe_survey, report_table
from sites.columns.actions import find_column


class Command(VerbCommand):
    help = "Bring in the pages of a site from outside as drafts, out of a WARC, a WACZ or a mirrored directory."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", metavar="SOURCE", help="a .warc, .warc.gz or .wacz file, or a directory of wget")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--host", required=True, metavar="OLDHOST", help="the host name of the old site")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--rules", metavar="FILE", help="rules per template (TOML)")
        parser.add_argument("--column", metavar="SLUG", help="the column of pages that fit none")
        parser.add_argument("--limit", type=int, metavar="N", help="bring in at most so many pages")
        parser.add_argument("--report", metavar="FILE.csv", help="write the report, a line for each old address")
        parser.add_argument("--dry-run", action="store_true", help="only report, make nothing")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        acting_user = get_user(options["acting"])
        rules = ""
        if options["rules"]:
            try:
                rules = Path(options["rules"]).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Refused(
                    _("规则文件“%(file)s”无法读取，请核对路径和编码（UTF-8）。") % {"file": options["rules"]}
                ) from error
        with tenant_context(tenant):
            found = import_site(
                Path(options["source"]),
                host=options["host"],
                acting_user=acting_user,
                rules=rules,
                default=find_column(options["column"]) if options["column"] else None,
                limit=options["limit"],
                dry_run=options["dry_run"],
                progress=self.progress,
            )
            if options["report"]:
                write_whole_file(Path(options["report"]), [report_table(found)], mode=0o644)
        return describe_survey(found)

    def describe(self, result: dict[str, Any]) -> str:
        lines = [
            "  ".join(
                (
                    page["address"],
                    f"{page['confidence']:.2f}",
                    page["column"],
                    page["published_on"] or "-",
                    page["title"],
                )
            )
            for page in result["pages"]
        ]
        lines += [
            _("%(address)s：未导入：%(reason)s") % {"address": one["address"], "reason": one["reason"]}
            for one in result["skipped"]
        ]
        lines.append(
            _("共 %(pages)d 页，%(skipped)d 个网址未导入，旧网址 %(addresses)d 个。")
            % {"pages": len(result["pages"]), "skipped": len(result["skipped"]), "addresses": result["addresses"]}
        )
        return "\n".join(lines)
