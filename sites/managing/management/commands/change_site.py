"""The verb ``change_site``: change names, look, columns and home page of a site."""

from typing import Any

from django.core.management.base import CommandParser
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.lifecycle.applications.request import named_values
from govplatform.review.frame.kinds import kind_named
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.managing.actions import change_site
from sites.managing.fields import sort_out


class Command(VerbCommand):
    help = "Change a site: names, footer, look, level, columns, home page."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")
        parser.add_argument(
            "--set", dest="facts", action="append", default=[], metavar="FIELD=VALUE",
            help="new value: theme=county, home.sections=headline,policies:titles, column.news.update_duty=daily, …",
        )  # fmt: skip
        parser.add_argument(
            "--as", dest="acting", default=None, metavar="USER", help="whose words wait as a person's do"
        )
        parser.add_argument("--reason", default="", help="why words stay that the scan doubts")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["code"])
        user = get_user(options["acting"]) if options["acting"] else None
        asked = sort_out(named_values(options["facts"]))
        waits = change_site(tenant, asked, acting_user=user, reason=options["reason"], verb="change_site")
        with tenant_context(tenant):
            return {
                "site": tenant.code,
                "waits": [
                    {"number": one.pk, "kind": kind_named(one.kind).name, "fields": sorted(one.after)} for one in waits
                ],
            }
