"""The verb ``site_faults``: what fails in which site at the moment. Exit status 1 while anything does."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from govplatform.tenancy.faults import describe_fault, open_faults
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import EXIT_FAULTS, VerbCommand


class Command(VerbCommand):
    help = "List what could not be done in a site: the job, since when, how often it was tried, the last error."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"]) if options["site"] else None
        found = [describe_fault(fault) for fault in open_faults(tenant)]
        return {"ok": not found, "faults": found}

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS

    def describe(self, result: dict[str, Any]) -> str:
        lines = [
            f"{fault['site']:<16} {fault['job']} {fault['subject']}  {fault['since']}"
            f"  ×{fault['attempts']}  {fault['error']}"
            for fault in result["faults"]
        ]
        return "\n".join(lines) or _("每个站点的任务都正常。")
