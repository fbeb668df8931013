"""The verb ``standing_decision``: propose, approve or end a standing clearance of a site, or show what there is."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from content_library.distribution.models import StandingClearance
from content_library.distribution.reach import reach_of, sampled_under
from content_library.distribution.standing import (
    approve_standing_clearance,
    propose_standing_clearance,
    revoke_standing_clearance,
)
from govplatform.accounts.queries import get_user
from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand


class Command(VerbCommand):
    help = "Standing clearances of a site: what they let through in numbers; propose, approve, end."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--propose", action="store_true", help="by a content reviewer, with --reason")
        act.add_argument("--approve", type=int, metavar="NUMBER", help="by a confidentiality reviewer, with --opinion")
        act.add_argument("--end", type=int, metavar="NUMBER", help="by a reviewer or a supervisor, with --reason")
        parser.add_argument("--source", default="", metavar="CODE", help="code of the source site")
        parser.add_argument("--level", default="", help="all superior sites of this level")
        parser.add_argument("--class", dest="subject_class", default="", metavar="CLASS", help="code of the class")
        parser.add_argument("--kind", default="")
        parser.add_argument("--until", default="", metavar="DATE", help="the last day, YYYY-MM-DD")
        parser.add_argument("--reason", default="")
        parser.add_argument("--opinion", default="")
        parser.add_argument("--as", dest="acting", default="", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        acts = options["propose"] or options["approve"] or options["end"]
        if acts and not options["acting"]:
            raise CommandError(_("请用 --as 指定由谁办理。"))
        with tenant_context(tenant):
            if options["propose"]:
                return self._told(self._propose(options))
            if options["approve"]:
                made = approve_standing_clearance(
                    _find(tenant, options["approve"]),
                    acting_user=get_user(options["acting"]),
                    opinion=options["opinion"],
                )
                return self._told(made)
            if options["end"]:
                ended = revoke_standing_clearance(
                    _find(tenant, options["end"]), acting_user=get_user(options["acting"]), reason=options["reason"]
                )
                return self._told(ended)
            found = StandingClearance.objects.filter(tenant=tenant).select_related("tenant", "source").order_by("pk")
            return {"site": tenant.code, "decisions": [self._told(standing) for standing in found]}

    def _propose(self, options: dict[str, Any]) -> StandingClearance:
        until = parse_day(options["until"]) if options["until"] else None
        if options["until"] and until is None:
            raise CommandError(_("--until 须写成 2026-12-31 这样的日期。"))
        return propose_standing_clearance(
            acting_user=get_user(options["acting"]),
            reason=options["reason"],
            source=get_tenant(options["source"]) if options["source"] else None,
            level=options["level"],
            subject_class=options["subject_class"],
            kind=options["kind"],
            ends_on=until,
        )

    def _told(self, standing: StandingClearance) -> dict[str, Any]:
        reach, sampled = reach_of(standing), sampled_under(standing)
        return {
            "standing": standing.pk,
            "source": standing.source.code if standing.source else "",
            "level": standing.level,
            "class": standing.subject_class,
            "kind": standing.kind,
            "until": standing.ends_on.isoformat(),
            "state": _state(standing),
            "last_year": {
                "published": reach.published,
                "pushed": reach.pushed,
                "returned": reach.returned,
                "withdrawn": reach.withdrawn,
            },
            "published": standing.targets.count(),
            "sampled": {
                "waiting": sampled.waiting,
                "confirmed": sampled.confirmed,
                "withdrawn": sampled.withdrawn,
            },
        }


def _find(tenant: Tenant, number: int) -> StandingClearance:
    found = StandingClearance.objects.filter(tenant=tenant, pk=number).select_related("tenant", "source").first()
    if found is None:
        raise Refused(_("“%(site)s”没有第 %(number)s 号常设审查决定。") % {"site": tenant.full_name, "number": number})
    return found


def _state(standing: StandingClearance) -> str:
    if standing.revoked_at is not None:
        return "ended"
    if standing.has_lapsed:
        return "lapsed"
    return "valid" if standing.approved_at is not None else "proposed"
