"""The verb ``survey``: write the answers to a survey as a table."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant, public_sites
from govplatform.verbs import VerbCommand
from sites.surveys.export import export_answers
from sites.surveys.models import Survey


class Command(VerbCommand):
    help = "Write the answers to a solicitation or survey as a table."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=("export",), help="export")
        parser.add_argument("survey", type=int, metavar="ID", help="of its page")
        parser.add_argument("--site", metavar="CODE", help="whose page it is; else the one site that has it")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="ends with .csv or .xlsx")
        parser.add_argument("--as", dest="acting", metavar="USER", help="in whose name; else the shell's")

    def run(self, **options: Any) -> dict[str, Any]:
        with schema_context("public"):
            site = get_tenant(options["site"]) if options["site"] else _site_of(options["survey"])
            user = get_user(options["acting"]) if options["acting"] else None
        out: Path = options["out"]
        with tenant_context(site):
            survey = Survey.objects.filter(pk=options["survey"]).first()
            if survey is None:
                told = {"id": options["survey"], "site": site.full_name}
                raise Refused(_("“%(site)s”没有编号为 %(id)d 的征集调查。") % told)
            content, count = export_answers(survey, out.suffix.lower().lstrip("."), acting_user=user)
        try:
            out.write_bytes(content)
        except OSError as problem:
            raise CommandError(_("无法写入文件 %(name)s。") % {"name": out}) from problem
        return {"answers": count, "file": str(out)}


def _site_of(number: int) -> Tenant:
    """The one site whose page has that id: pages are counted in each site. Raises CommandError, Refused for several."""
    found = []
    for site in public_sites().filter(dropped_at=None):
        with tenant_context(site):
            if Survey.objects.filter(pk=number).exists():
                found.append(site)
    if not found:
        raise CommandError(_("没有站点有编号为 %(id)d 的征集调查。") % {"id": number})
    if len(found) > 1:
        names = "、".join(f"{site.full_name}（{site.code}）" for site in found)
        raise Refused(
            _("不止一个站点有编号为 %(id)d 的征集调查，请用 --site 写明：%(sites)s。") % {"id": number, "sites": names}
        )
    return found[0]
