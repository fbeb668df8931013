"""Roles taken away, accounts closed, people away; how roles are given stands in offering.py."""

from datetime import date, timedelta
from random import Random
from typing import Any

from .. import product
from ..steps import Act, Given, condition
from ..world import CONSOLE, OTHERS, SITES, STAFF, World
from .reviewing import REVIEWERS

SITE_ROLES = ("editor", "content-reviewer", "confidentiality-reviewer", "site-admin", "auditor")
CONSOLE_ROLES = ("operator", "supervisor")
#: The walk needs so many of each.
_AT_LEAST = {role: many for _letter, role, many in STAFF}


class Roles(Act):
    """Changing who is what: by the site's administrator or by an operator."""

    def by(self, world: World, rng: Random, site: str) -> str:
        if rng.random() < 0.6:
            return world.somebody(rng, site, "site-admin")
        return world.somebody(rng, CONSOLE, "operator")

    def inside(self, world: World, given: Given) -> str | None:
        return None


class TakeRoleAway(Roles):
    name = "take a role away"
    weight = 1.6
    records = frozenset({"role.revoke"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = rng.choice([*SITES, CONSOLE])
        role = rng.choice(CONSOLE_ROLES if site == CONSOLE else SITE_ROLES)
        held = world.holders(site, role)
        if len(held) < 3 and rng.random() < 0.85:
            return None
        person = rng.choice(held) if held and rng.random() < 0.9 else rng.choice(world.everybody())
        return {"by": self.by(world, rng, site), "site": site, "from": person, "role": role}

    def do(self, world: World, given: Given) -> Any:
        product.revoke_role(
            world.user(given["from"]),
            given["role"],
            tenant=world.tenant(given["site"]),
            acting_user=world.user(given["by"]),
        )


class CloseAccount(Roles):
    name = "close an account"
    weight = 0.3
    records = frozenset({"account.deactivate"})

    def pick(self, world: World, rng: Random) -> Given | None:
        # The few who look after the platform stay: without them the walk would stand still.
        people = [name for name in world.everybody() if not name.startswith(("op", "sup"))]
        by = world.somebody(rng, CONSOLE, "operator")
        return {"by": by, "site": CONSOLE, "of": rng.choice(people)}

    def do(self, world: World, given: Given) -> Any:
        product.deactivate_user(world.user(given["of"]), reason="离职", acting_user=world.user(given["by"]))


class Refill(Act):
    """The shell gives roles to people without any, so that every office stays filled."""

    name = "(refill)"
    weight = 2

    def pick(self, world: World, rng: Random) -> Given | None:
        for site in SITES:
            for role, many in _AT_LEAST.items():
                if len(world.holders(site, role)) < many:
                    free = [
                        name
                        for name in world.everybody(active=True)
                        if name.startswith(f"{site}_") and not world.roles(name, site)
                    ]
                    person = rng.choice(free) if free else f"{site}_n{world.step}"
                    return {"site": site, "role": role, "to": person}
        for name, roles in OTHERS.items():
            for site, role in roles:
                if site == CONSOLE and name not in world.holders(CONSOLE, role):
                    return {"site": CONSOLE, "role": role, "to": name}
        return None

    def inside(self, world: World, given: Given) -> str | None:
        return None

    def do(self, world: World, given: Given) -> Any:
        user = product.User.objects.filter(username=given["to"]).first() or product.create_user(
            given["to"], full_name=given["to"], password="Aa9!zzQw3311x", acting_user=None
        )
        product.grant_role(user, given["role"], tenant=world.tenant(given["site"]), acting_user=None)


class RegisterAbsence(Act):
    """``days``: how long from today on; negative days are a slip of the pen."""

    name = "register an absence"
    weight = 0.8
    records = frozenset({"absence.register"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        by = world.somebody(rng, site, *REVIEWERS)
        return {
            "by": by,
            "site": site,
            "of": by if rng.random() < 0.9 else rng.choice(world.everybody()),
            "deputy": world.somebody(rng, site, *REVIEWERS),
            "days": rng.choice([-1, 0, 3]),
        }

    def inside(self, world: World, given: Given) -> str | None:
        return None

    def do(self, world: World, given: Given) -> Any:
        today = _today(world)
        absence = product.register_absence(
            world.user(given["of"]),
            deputy=world.user(given["deputy"]),
            starts_on=today,
            ends_on=today + timedelta(days=given["days"]),
            acting_user=world.user(given["by"]),
        )
        world.call(f"s{world.step}", "absence", absence.pk)


class EndAbsence(Act):
    name = "end an absence"
    weight = 0.7
    records = frozenset({"absence.end"})

    def pick(self, world: World, rng: Random) -> Given | None:
        names = world.things("absence")[-10:]
        if not names:
            return None
        name = rng.choice(names)
        person = product.Absence.objects.get(pk=world.thing(name)).person
        if not person.is_active or rng.random() < 0.2:
            return {"by": rng.choice(world.everybody(active=True)), "site": "sheng", "thing": name}
        return {"by": person.username, "site": "sheng", "thing": name}

    def inside(self, world: World, given: Given) -> str | None:
        return None

    def do(self, world: World, given: Given) -> Any:
        product.end_absence(_absence(world, given), acting_user=world.user(given["by"]))


def _absence(world: World, given: Given) -> Any:
    return product.Absence.objects.get(pk=world.thing(given["thing"]))


def _today(world: World) -> date:
    return world.sql("SELECT (walk.now() AT TIME ZONE 'Asia/Shanghai')::date")[0][0]  # type: ignore[no-any-return]


def held_on(world: World, person: str, site: str) -> set[str]:
    rows = world.sql(
        "SELECT m.role FROM public.accounts_membership m JOIN public.accounts_user u ON u.id = m.user_id"
        " JOIN public.tenancy_tenant t ON t.id = m.tenant_id WHERE u.username = %s AND t.code = %s",
        [person, site],
    )
    return {role for (role,) in rows}


# --- what rights.md says -------------------------------------------------------------------


@condition("they hold it")
def _hold_it(world: World, given: Given) -> bool:
    return given["role"] in held_on(world, given["from"], given["site"])


@condition("it is somebody else's")
def _somebody_elses(world: World, given: Given) -> bool:
    return bool(given["of"] != given["by"])


@condition("it is their own")
def _their_own(world: World, given: Given) -> bool:
    if "thing" in given:
        return bool(_absence(world, given).person.username == given["by"])
    return bool(given["of"] == given["by"])


@condition("the days lie ahead")
def _days_ahead(world: World, given: Given) -> bool:
    return bool(given["days"] >= 0)


@condition("somebody else stands in")
def _somebody_stands_in(world: World, given: Given) -> bool:
    return given["deputy"] != given["of"] and bool(world.user(given["deputy"]).is_active)


@condition("they are not away already")
def _not_away(world: World, given: Given) -> bool:
    today = _today(world)
    return not product.Absence.objects.filter(
        person__username=given["of"],
        ended_at=None,
        starts_on__lte=today + timedelta(days=given["days"]),
        ends_on__gte=today,
    ).exists()


@condition("the absence runs")
def _absence_runs(world: World, given: Given) -> bool:
    absence = _absence(world, given)
    return absence.ended_at is None and absence.ends_on >= _today(world)
