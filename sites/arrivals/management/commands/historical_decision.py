"""The verb ``historical_decision``: propose, approve or end a decision on the historical content of an arrival."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand
from sites.arrivals.clearing import (
    approve_historical_clearance,
    is_open,
    propose_historical_clearance,
    revoke_historical_clearance,
)
from sites.arrivals.kept_report import DOUBTFUL_BELOW, counts_of
from sites.arrivals.models import Arrival, HistoricalClearance
from sites.arrivals.queries import arrivals, figures_of


class Command(VerbCommand):
    help = "Decisions on the historical content of arrivals: show arrivals and decisions, propose, approve, end."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", required=True, metavar="CODE")
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--propose", type=int, metavar="ARRIVAL", help="by a content reviewer, with --reason")
        act.add_argument("--approve", type=int, metavar="NUMBER", help="by a confidentiality reviewer, with --opinion")
        act.add_argument(
            "--end", type=int, metavar="NUMBER", help="by a reviewer, with --reason; also rejects what was proposed"
        )
        parser.add_argument(
            "--least-confidence",
            type=float,
            default=DOUBTFUL_BELOW,
            metavar="C",
            help="0 to 1: pages that were read with less stay drafts",
        )
        parser.add_argument("--reason", default="")
        parser.add_argument("--opinion", default="")
        parser.add_argument("--as", dest="acting", default="", metavar="USER")

    def run(self, **options: Any) -> dict[str, Any]:
        tenant = get_tenant(options["site"])
        proposed, approved, ended = options["propose"], options["approve"], options["end"]
        if (proposed, approved, ended) != (None, None, None) and not options["acting"]:
            raise CommandError(_("请用 --as 指定由谁办理。"))
        with tenant_context(tenant):
            if proposed is not None:
                decision = propose_historical_clearance(
                    _arrival(tenant, proposed),
                    acting_user=get_user(options["acting"]),
                    reason=options["reason"],
                    least_confidence=options["least_confidence"],
                )
            elif approved is not None:
                decision = approve_historical_clearance(
                    _decision(tenant, approved), acting_user=get_user(options["acting"]), opinion=options["opinion"]
                )
            elif ended is not None:
                decision = revoke_historical_clearance(
                    _decision(tenant, ended), acting_user=get_user(options["acting"]), reason=options["reason"]
                )
            else:
                return {"site": tenant.code, "arrivals": [_told(one) for one in arrivals()]}
            return _described(decision)


def _told(arrival: Arrival) -> dict[str, Any]:
    counts, figures = counts_of(arrival), figures_of(arrival)
    return {
        "arrival": arrival.pk,
        "host": arrival.host,
        "state": arrival.state,
        "pages": counts.page,
        "doubtful": counts.doubtful,
        "published": figures["published"],
        "held": figures["held"],
        "decisions": [_described(one) for one in arrival.decisions.all()],
    }


def _described(decision: HistoricalClearance) -> dict[str, Any]:
    return {
        "decision": decision.pk,
        "arrival": decision.arrival_id,
        "pages": decision.pages,
        "least_confidence": decision.least_confidence,
        "until": decision.ends_on.isoformat(),
        "state": _state(decision),
    }


def _state(decision: HistoricalClearance) -> str:
    if decision.revoked_at is not None:
        return "ended"
    if not is_open(decision):
        return "lapsed"
    return "valid" if decision.approved_at is not None else "proposed"


def _arrival(tenant: Tenant, number: int) -> Arrival:
    found = arrivals().filter(pk=number).first()
    if found is None:
        raise Refused(_("“%(site)s”没有第 %(number)s 次外来网站接收。") % {"site": tenant.full_name, "number": number})
    return found


def _decision(tenant: Tenant, number: int) -> HistoricalClearance:
    found = HistoricalClearance.objects.select_related("arrival").filter(pk=number).first()
    if found is None:
        raise Refused(
            _("“%(site)s”没有第 %(number)s 号历史内容审查决定。") % {"site": tenant.full_name, "number": number}
        )
    return found
