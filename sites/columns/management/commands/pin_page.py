"""The command ``pin_page``: have a page stand first in the list of a column until a day, or no longer."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.review.queries import get_page
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.columns.actions import find_column
from sites.columns.pinning import columns_showing, pin_page, pins_of, unpin_page


class Command(VerbCommand):
    help = "Have a public page stand first in the list of a column until the end of a day (--until), or no longer."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        parser.add_argument("--page", required=True, type=int, metavar="ID")
        parser.add_argument("--column", default="", metavar="SLUG", help="the page's own if left out")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--until", default="", metavar="DAY", help="last day, YYYY-MM-DD")
        what.add_argument("--end", action="store_true", help="take the pin away")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        user = get_user(options["acting"])
        with tenant_context(get_tenant(options["site"])):
            page = get_page(options["page"])
            column = find_column(options["column"]) if options["column"] else columns_showing(page).first()
            if column is None:
                raise Refused(_("“%(title)s”不在任何栏目里。") % {"title": page.title})
            if options["end"]:
                unpin_page(page, column, acting_user=user)
            elif (day := parse_day(options["until"])) is None:
                raise Refused(_("“%(day)s”不是日期，请写成 2026-12-31 这样。") % {"day": options["until"]})
            else:
                pin_page(page, column, day, acting_user=user)
            pins = [{"page": pin.page_id, "until": str(pin.last_day)} for pin in pins_of(column)]
            return {"column": column.slug, "pinned": pins}
