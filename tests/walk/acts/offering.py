"""Roles offered, confirmed, accepted: nobody holds one by a single person's word."""

from random import Random
from typing import Any

from .. import product
from ..steps import Act, Given, condition
from ..world import CONSOLE, SITES, World
from .people import CONSOLE_ROLES, SITE_ROLES, Roles, held_on

#: Which side of the separation of duties a role stands on.
_DUTY = {
    "editor": "editing",
    "content-reviewer": "review",
    "confidentiality-reviewer": "review",
    "site-admin": "administration",
    "auditor": "audit",
}
_TAKES_TWO = {"content-reviewer", "confidentiality-reviewer", "site-admin", "operator", "supervisor"}


class OfferRole(Roles):
    name = "offer a role"
    weight = 2
    records = frozenset({"role.offer"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = rng.choice([*SITES, CONSOLE])
        roles = CONSOLE_ROLES if site == CONSOLE else SITE_ROLES
        role = rng.choice(roles if rng.random() < 0.95 else (*CONSOLE_ROLES, "king"))
        return {"by": self.by(world, rng, site), "site": site, "to": rng.choice(world.everybody()), "role": role}

    def do(self, world: World, given: Given) -> Any:
        offer = product.offer_role(
            world.user(given["to"]),
            given["role"],
            tenant=world.tenant(given["site"]),
            acting_user=world.user(given["by"]),
        )
        world.call(f"s{world.step}", "offer", offer.pk)


class _Answer(Act):
    """One of the last offers is answered by somebody."""

    weight = 2

    def pick(self, world: World, rng: Random) -> Given | None:
        names = world.things("offer")[-6:]
        if not names:
            return None
        waiting = [n for n in names if product.RoleOffer.objects.open().filter(pk=world.thing(n)).exists()]
        name = rng.choice(waiting if waiting and rng.random() < 0.8 else names)
        offer = product.RoleOffer.objects.select_related("person", "tenant").get(pk=world.thing(name))
        site = offer.tenant.code
        return {"by": self.who(world, rng, site, offer.person.username), "site": site, "thing": name}

    def who(self, world: World, rng: Random, site: str, person: str) -> str:
        """Who answers: mostly the person it is for."""
        return person if rng.random() < 0.85 else rng.choice(world.everybody(active=True))

    def inside(self, world: World, given: Given) -> str | None:
        return None


class AcceptOffer(_Answer):
    name = "accept a role"
    records = frozenset({"role.offer_accepted"})

    def do(self, world: World, given: Given) -> Any:
        product.accept_offer(_offer(world, given), acting_user=world.user(given["by"]))


class DeclineOffer(_Answer):
    name = "decline a role"
    weight = 0.4
    records = frozenset({"role.offer_declined"})

    def do(self, world: World, given: Given) -> Any:
        product.decline_offer(_offer(world, given), acting_user=world.user(given["by"]))


class ConfirmOffer(_Answer):
    name = "confirm a role"
    records = frozenset({"role.offer_confirmed"})

    def who(self, world: World, rng: Random, site: str, person: str) -> str:
        return world.somebody(rng, CONSOLE, "supervisor", rightly=0.7)

    def do(self, world: World, given: Given) -> Any:
        product.confirm_offer(_offer(world, given), acting_user=world.user(given["by"]))


class WithdrawOffer(_Answer):
    name = "withdraw an offer"
    weight = 0.4
    records = frozenset({"role.offer_withdrawn"})

    def who(self, world: World, rng: Random, site: str, person: str) -> str:
        return world.somebody(rng, site, "site-admin")

    def do(self, world: World, given: Given) -> Any:
        product.withdraw_offer(_offer(world, given), acting_user=world.user(given["by"]))


def _offer(world: World, given: Given) -> Any:
    found = product.RoleOffer.objects.select_related("person", "tenant__parent", "offered_by")
    return found.get(pk=world.thing(given["thing"]))


# --- what rights.md says -------------------------------------------------------------------


@condition("it is for somebody else")
def _for_another(world: World, given: Given) -> bool:
    return bool(given["to"] != given["by"])


@condition("the role exists there")
def _role_exists(world: World, given: Given) -> bool:
    if given["role"] in CONSOLE_ROLES:
        return bool(given["site"] == CONSOLE)
    return given["role"] in SITE_ROLES


@condition("it goes with the others they hold")
def _goes_together(world: World, given: Given) -> bool:
    """Writing, reviewing, administering and auditing are separate people; a closed account gets nothing."""
    if not world.user(given["to"]).is_active:
        return False
    duties = {_DUTY[role] for role in held_on(world, given["to"], given["site"]) if role in _DUTY}
    return given["role"] not in _DUTY or duties <= {_DUTY[given["role"]]}


@condition("they do not hold it yet")
def _do_not_hold_it(world: World, given: Given) -> bool:
    return given["role"] not in held_on(world, given["to"], given["site"])


@condition("it is not offered already")
def _not_offered(world: World, given: Given) -> bool:
    open_offers = product.RoleOffer.objects.open()
    return not open_offers.filter(
        person__username=given["to"], tenant=world.tenant(given["site"]), role=given["role"]
    ).exists()


@condition("it is offered to them")
def _offered_to_them(world: World, given: Given) -> bool:
    return bool(_offer(world, given).person.username == given["by"])


@condition("the offer waits")
def _offer_waits(world: World, given: Given) -> bool:
    return bool(_offer(world, given).is_open)


@condition("it was not accepted yet")
def _not_accepted(world: World, given: Given) -> bool:
    return _offer(world, given).accepted_at is None


@condition("it was not confirmed yet")
def _not_confirmed(world: World, given: Given) -> bool:
    return _offer(world, given).confirmed_by_id is None


@condition("it takes two")
def _takes_two(world: World, given: Given) -> bool:
    return _offer(world, given).role in _TAKES_TWO


@condition("they stand above")
def _stand_above(world: World, given: Given) -> bool:
    offer, user = _offer(world, given), world.user(given["by"])
    roles = held_on(world, user.username, CONSOLE)
    above = offer.tenant.parent.code if offer.tenant.parent else None
    return (
        "supervisor" in roles
        or (offer.tenant.is_console and "operator" in roles)
        or (above is not None and "site-admin" in held_on(world, user.username, above))
    )


@condition("it is neither theirs nor for them")
def _neither_theirs(world: World, given: Given) -> bool:
    offer = _offer(world, given)
    return given["by"] not in (offer.person.username, offer.offered_by.username)


@condition("nothing stands against it if it takes effect")
def _may_take_effect(world: World, given: Given) -> bool:
    """The last word makes the membership: then the person and who offered it are looked at once more."""
    offer = _offer(world, given)
    accepts = given["by"] == offer.person.username
    if not accepts and offer.accepted_at is None:
        return True
    if accepts and offer.role in _TAKES_TWO and offer.confirmed_by_id is None:
        return True
    site = offer.tenant.code
    offers = world.roles(offer.offered_by.username, site)
    asked = {"to": offer.person.username, "site": site, "role": offer.role}
    return bool(offers & {"site-admin", "operator"}) and _goes_together(world, asked)
