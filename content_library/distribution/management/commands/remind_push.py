"""The verb ``remind_push``: remind the sites that have not reposted yet what was pushed to them."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from content_library.distribution.models import Push
from content_library.distribution.pushes.reminding import remind_late, remind_sites
from govplatform.accounts.queries import get_user
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Remind sites of a push: those that are named, or all that are late."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("push", type=int, metavar="PUSH", help="number of the push, as push and push_status say it")
        parser.add_argument(
            "--site", action="append", default=[], metavar="CODE", help="a site; may be given repeatedly"
        )
        parser.add_argument("--late", action="store_true", help="every site that is late")
        parser.add_argument("--note", default="", help="a word that the site's reviewers and administrator read")
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        push = Push.objects.select_related("resource__tenant", "resource__holder").filter(pk=options["push"]).first()
        if push is None:
            raise CommandError(_("没有编号为 %(number)s 的推送。") % {"number": options["push"]})
        if bool(options["site"]) == options["late"]:
            raise CommandError(_("请用 --site 指定站点，或用 --late 催办全部逾期的站点，二者取一。"))
        note, user = options["note"], get_user(options["acting"])
        if options["late"]:
            return {"push": push.pk, "reminded": remind_late(push, note=note, acting_user=user)}
        sites = [get_tenant(code).pk for code in options["site"]]
        targets = list(push.targets.filter(tenant__in=sites).values_list("pk", flat=True))
        return {"push": push.pk, "reminded": remind_sites(push, targets, note=note, acting_user=user)}
