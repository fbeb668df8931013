"""The verb ``rollback``: put the files of an earlier release of a site in place again."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.queries import get_user
from govplatform.delivery.actions import ask_to_go_back
from govplatform.delivery.delivering import deliver_in_turn
from govplatform.delivery.models import SiteRelease
from govplatform.delivery.releasing import delivery_of
from govplatform.refusals import Busy
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Go back to an earlier release of a site's files; what was withdrawn or recalled since stays down."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE", help="code of the site")
        parser.add_argument("--to", required=True, type=int, metavar="RELEASE", help="number of the release")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="why, for the record")

    def run(self, **options: Any) -> dict[str, Any]:
        site = get_tenant(options["site"])
        before = delivery_of(site).sequence
        ask_to_go_back(site, options["to"], acting_user=get_user(options["acting"]), reason=options["reason"])
        if deliver_in_turn(site) is None:
            raise Busy(_("“%(site)s”的静态页面正在由另一个进程生成，随后会退回。") % {"site": site.full_name})
        # The publisher, which was told as well, may have been quicker.
        backwards = SiteRelease.objects.filter(tenant=site, sequence__gt=before, cause=SiteRelease.Cause.ROLLED_BACK)
        made = backwards.order_by("sequence").first()
        return {"release": made.sequence if made else None, "withheld": made.withheld if made else 0}
