"""The command ``remove_repeats``: show what a draft has twice, and remove second copies that a person names."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.documents_in.actions import remove_repeats
from sites.documents_in.queries import import_of, repeats_of


class Command(VerbCommand):
    help = "List the paragraphs that an imported draft has twice; with --run, remove those second copies."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("page", type=int, metavar="PAGE", help="number of the imported page")
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--run", dest="runs", action="append", default=[], metavar="KEY", help="a run to remove")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant, acting_user = get_tenant(options["site"]), get_user(options["acting"])
        with tenant_context(tenant):
            item = import_of(options["page"])
            removed = remove_repeats(item, options["runs"], acting_user=acting_user) if options["runs"] else 0
            runs = [{"key": r.key, "first": r.first, "again": r.again, "texts": r.texts} for r in repeats_of(item)]
        return {"page": item.page_id, "removed": removed, "runs": runs}

    def describe(self, result: dict[str, Any]) -> str:
        lines = [_("已删除重复的 %(removed)d 段。") % result] if result["removed"] else []
        for run in result["runs"]:
            count = {"count": len(run["texts"])}
            lines.append(_("%(key)s：第 %(again)d 段起的 %(count)d 段与第 %(first)d 段起的相同") % {**run, **count})
            lines += [f"    - {text}" for text in run["texts"]]
        return "\n".join(lines) or _("草稿里没有连续重复的段落。")
