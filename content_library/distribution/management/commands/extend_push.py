"""The verb ``extend_push``: give sites a later day for what was pushed to them."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from content_library.distribution.models import Push
from content_library.distribution.pushes.extending import extend_duties
from govplatform.accounts.queries import get_user
from govplatform.days import parse_day
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Put off the deadline of a push on the sites that are named, with the reason."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("push", type=int, metavar="PUSH", help="number of the push, as push and push_status say it")
        parser.add_argument(
            "--site", action="append", required=True, metavar="CODE", help="a site; may be given repeatedly"
        )
        parser.add_argument("--until", required=True, metavar="YYYY-MM-DD", help="the last day from now on")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--as", dest="acting", required=True, metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        push = Push.objects.select_related("resource__tenant", "resource__holder").filter(pk=options["push"]).first()
        if push is None:
            raise CommandError(_("没有编号为 %(number)s 的推送。") % {"number": options["push"]})
        sites = [get_tenant(code).pk for code in options["site"]]
        targets = list(push.targets.filter(tenant__in=sites).values_list("pk", flat=True))
        count = extend_duties(
            push,
            targets,
            until=parse_day(options["until"]),
            reason=options["reason"],
            acting_user=get_user(options["acting"]),
        )
        return {"push": push.pk, "extended": count}
