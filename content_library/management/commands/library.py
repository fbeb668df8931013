"""The verb ``library``: the common library from the shell."""

import argparse
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from content_library.resources.actions import enter_live_pages
from content_library.resources.blobs import find_blob_faults, remove_orphans
from content_library.resources.exchange import export_resource, import_resource
from content_library.resources.numbering import set_pattern
from content_library.resources.queries import (
    LARGEST_PAGE,
    ListFilter,
    describe_in_list,
    describe_resource,
    get_resource,
    list_resources,
)
from content_library.resources.record_faults import find_record_faults
from content_library.schema.definition import json_schema
from content_library.schema.page import written_page
from govplatform.accounts.queries import get_user
from govplatform.tenancy.each_site import SiteRun, each_site
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant, public_sites
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "List, show, export and import resources of the common library; keep it in order."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

        def verb(name: str, text: str) -> Any:
            made = verbs.add_parser(name, help=text)
            made.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
            return made

        listing = verb("list", "resources, newest first")
        listing.add_argument("--site", metavar="CODE")
        listing.add_argument("--class", dest="subject_class", default="", metavar="C", help="code of the class")
        listing.add_argument("--query", default="", metavar="Q", help="words of title, document number or index number")
        listing.add_argument("--status", default="", help="active, corrected or withdrawn")
        listing.add_argument("--kind", default="")
        listing.add_argument("--month", default="", metavar="YYYY-MM", help="month of publication")
        listing.add_argument("--page", type=int, default=1, metavar="N", help=f"{LARGEST_PAGE} to a page")
        verb("show", "one resource").add_argument("uuid")
        export = verb("export", "one resource as a file")
        export.add_argument("uuid")
        export.add_argument("--out", required=True, type=Path, metavar="FILE")
        taking = verb("import", "a resource from a file")
        taking.add_argument("file", type=Path, help="file to read")
        taking.add_argument("--as", dest="acting", required=True, metavar="USER")
        taking.add_argument("--site", metavar="CODE")
        backfill = verb("backfill", "enter what was live before the library")
        which = backfill.add_mutually_exclusive_group(required=True)
        which.add_argument("--site", metavar="CODE")
        which.add_argument("--all", action="store_true")
        schema = verb("schema", "the JSON Schema of exported resources")
        schema.add_argument("--page", action="store_true", help="the page of documentation instead")
        pattern = verb("pattern", "the index number pattern of a site")
        pattern.add_argument("pattern", help="the pattern, with its placeholders")
        pattern.add_argument("--site", required=True, metavar="CODE")
        pattern.add_argument("--as", dest="acting", metavar="USER")
        checking = verb("verify", "compare resources with the pages and digests that they were made of")
        checking.add_argument("--site", metavar="CODE", help="of one site; without it of all, and of other platforms")
        keeping = verb("housekeeping", "compare stored files with their rows")
        keeping.add_argument("--verify", action="store_true", help="read every byte")
        keeping.add_argument("--remove", action="store_true", help="delete files without a row")

    def run(self, **options: Any) -> dict[str, Any]:
        return dict(getattr(self, f"_{options['verb']}")(options))

    def exit_status(self, result: dict[str, Any]) -> int:
        return EXIT_FAULTS if any(result.get(name) for name in ("failed", "missing", "damaged", "faults")) else 0

    def describe(self, result: dict[str, Any]) -> str:
        if "resources" in result:
            return "\n".join(f"{r['uuid']}  {r['index_number']}  {r['title']}" for r in result["resources"])
        return str(result["page"]) if set(result) == {"page"} else super().describe(result)

    def _list(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["page"] < 1:
            raise CommandError(_("页码从 1 开始。"))
        wanted = ListFilter(
            site=get_tenant(options["site"]) if options["site"] else None,
            **{name: options[name] for name in ("subject_class", "query", "status", "kind", "month")},
        )
        found = list_resources(wanted, size=LARGEST_PAGE, skip=(options["page"] - 1) * LARGEST_PAGE)
        return {"resources": [describe_in_list(resource) for resource in found.resources]}

    def _show(self, options: dict[str, Any]) -> dict[str, Any]:
        return describe_resource(get_resource(options["uuid"]))

    def _export(self, options: dict[str, Any]) -> dict[str, Any]:
        resource = get_resource(options["uuid"])
        return {"uuid": str(resource.uuid), "version": export_resource(resource, options["out"])}

    def _import(self, options: dict[str, Any]) -> dict[str, Any]:
        tenant = get_tenant(options["site"]) if options["site"] else None
        resource, version = import_resource(options["file"], acting_user=get_user(options["acting"]), tenant=tenant)
        return {"uuid": str(resource.uuid), "version": version.number}

    def _backfill(self, options: dict[str, Any]) -> dict[str, Any]:
        tenants = _sites(options["site"])
        result: dict[str, Any] = {"sites": len(tenants), "entered": 0, "present": 0, "failed": []}
        report = each_site(
            lambda run: enter_live_pages(run.tenant, progress=self.progress),
            job="library_backfill",
            tenants=tenants,
            again=False,
        )
        for tenant, entered in report.done:
            result["entered"] += entered.entered
            result["present"] += entered.present
            result["failed"] += [{"site": tenant.code, **fault} for fault in entered.failed]
        result["failed"] += [
            {"site": failure.tenant.code, "page": None, "title": "", "problem": failure.error}
            for failure in report.failed
        ]
        return result

    def _verify(self, options: dict[str, Any]) -> dict[str, Any]:
        tenants, seen = _sites(options["site"]), count(1)

        def check(run: SiteRun) -> tuple[int, list[dict[str, Any]]]:
            self.progress(next(seen), len(tenants), run.tenant.code)
            return find_record_faults(run.tenant)

        report = each_site(check, job="library_verify", tenants=tenants, again=False)
        checked, faults = find_record_faults(None) if options["site"] is None else (0, [])
        result: dict[str, Any] = {"checked": checked, "faults": [{"site": None, **fault} for fault in faults]}
        for tenant, (number, found) in report.done:
            result["checked"] += number
            result["faults"] += [{"site": tenant.code, **fault} for fault in found]
        result["failed"] = [{"site": failure.tenant.code, "problem": failure.error} for failure in report.failed]
        return result

    def _schema(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"page": written_page()} if options["page"] else json_schema()

    def _pattern(self, options: dict[str, Any]) -> dict[str, Any]:
        acting_user = get_user(options["acting"]) if options["acting"] else None
        row = set_pattern(get_tenant(options["site"]), options["pattern"], acting_user=acting_user)
        return {"site": options["site"], "pattern": row.pattern}

    def _housekeeping(self, options: dict[str, Any]) -> dict[str, Any]:
        faults = find_blob_faults(verify=options["verify"])
        removed = remove_orphans(faults) if options["remove"] else 0
        return {
            "files": faults.files,
            "orphans": faults.orphans,
            "removed": removed,
            "missing": faults.missing,
            "damaged": faults.damaged,
        }


def _sites(code: str | None) -> list[Tenant]:
    """Return the site of that code, or all of them."""
    return list(public_sites().prefetch_related("domains")) if code is None else [get_tenant(code)]
