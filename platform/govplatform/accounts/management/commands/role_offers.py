"""Offered roles: what waits, and the words of those who confirm, accept, decline, refuse or withdraw."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.accounts.models import RoleOffer, User
from govplatform.accounts.offers.actions import accept_offer, confirm_offer, decline_offer, refuse_offer, withdraw_offer
from govplatform.accounts.queries import get_user
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from govplatform.verbs import VerbCommand

_ACTS = ("confirm", "accept", "decline", "refuse", "withdraw")


class Command(VerbCommand):
    help = "List the offered roles that wait, or answer one of them on somebody's behalf."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="list those of one site alone")
        parser.add_argument("--person", metavar="USER", help="list those of one person alone")
        for act in _ACTS:
            parser.add_argument(f"--{act}", type=int, metavar="NUMBER", help=f"{act} the offer of that number")
        parser.add_argument("--reason", default="", help="why it is refused")
        parser.add_argument("--as", dest="acting", default=None, metavar="USER", help="whose word it is")

    def run(self, **options: Any) -> dict[str, Any]:
        acts = [act for act in _ACTS if options[act]]
        if not acts:
            return {"offers": self._waiting(options["site"], options["person"])}
        if len(acts) > 1 or not options["acting"]:
            raise CommandError("one of " + ", ".join(f"--{act}" for act in _ACTS) + ", and --as")
        offer = RoleOffer.objects.filter(pk=options[acts[0]]).select_related("person", "tenant__parent").first()
        if offer is None:
            raise Refused(_("没有编号为 %(id)s 的任职邀请。") % {"id": options[acts[0]]})
        return _told(self._answer(acts[0], offer, options["reason"], get_user(options["acting"])))

    def _answer(self, act: str, offer: RoleOffer, reason: str, acting_user: User) -> RoleOffer:
        if act == "refuse":
            return refuse_offer(offer, reason=reason, acting_user=acting_user)
        acts = {
            "confirm": confirm_offer,
            "accept": accept_offer,
            "decline": decline_offer,
            "withdraw": withdraw_offer,
        }
        return acts[act](offer, acting_user=acting_user)

    def _waiting(self, site: str | None, person: str | None) -> list[dict[str, Any]]:
        offers = RoleOffer.objects.open().select_related("person", "tenant")
        if site:
            offers = offers.filter(tenant=get_tenant(site))
        if person:
            offers = offers.filter(person=get_user(person))
        return [_told(offer) for offer in offers]

    def describe(self, result: dict[str, Any]) -> str:
        if "offers" not in result:
            return super().describe(result)
        return "\n".join(" ".join(f"{key}={value}" for key, value in row.items()) for row in result["offers"])


def _told(offer: RoleOffer) -> dict[str, Any]:
    return {
        "offer": offer.pk,
        "user": offer.person.username,
        "site": offer.tenant.code,
        "role": offer.role,
        "state": offer.state,
        "accepted": offer.accepted_at is not None,
        "confirmed": offer.confirmed_by_id is not None,
    }
