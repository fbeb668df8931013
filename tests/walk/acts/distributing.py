"""Pushing, recalling, subscribing, and deciding beforehand."""

from random import Random
from typing import Any

from .. import product
from ..steps import Act, Given, condition
from ..world import SITES, World
from .reposting import some_resource
from .reviewing import REVIEWERS

_RANKS = {"county": 1, "city": 2, "province": 3}
_SELECTORS = ("level=county;parent=sheng", "parent=sheng", "site=xiana,xianb", "level=county;parent=shi", "site=shi")
_WRONG_SELECTORS = ("site=nowhere", "bad", "level=")
_WISHES: tuple[dict[str, str], ...] = (
    {"level": "province"},
    {"kind": "policy"},
    {"subject_class": "02"},
    {"source": "sheng"},
    {"source": "shi"},
    {},
    {"level": "zzz"},
    {"kind": "article", "level": "city"},
)


def selected(selector: str) -> set[str]:
    """Codes of the sites that a selector of ``_SELECTORS`` names, worked out here once more."""
    chosen = set(SITES)
    for part in selector.split(";"):
        key, _equals, value = part.partition("=")
        if key == "site":
            chosen &= set(value.split(","))
        elif key == "level":
            chosen &= {code for code, site in SITES.items() if site[1] == value}
        else:
            chosen &= {code for code in SITES if value in above(code)}
    return chosen


def above(code: str) -> list[str]:
    """Superior sites of one, the nearest first."""
    parent = SITES[code][3]
    return [parent, *above(parent)] if parent else []


def origin_site(world: World, given: Given) -> str:
    return str(world.resource_row(given["resource"])["origin_site"])


class _OnTheLibrary(Act):
    """Done with a resource, in the name of the site that published it or of the supervising office."""

    def at(self, world: World, given: Given) -> str:
        return origin_site(world, given)

    def _pick(self, world: World, rng: Random, resource: str | None) -> Given | None:
        if resource is None:
            return None
        site = str(world.resource_row(resource)["origin_site"])
        right = (site, "content-reviewer") if rng.random() < 0.7 else ("console", "supervisor")
        by = world.somebody(rng, *right)
        return {"by": by, "site": site if rng.random() < 0.5 else None, "resource": resource}

    def inside(self, world: World, given: Given) -> str | None:
        return given["site"]


class Push(_OnTheLibrary):
    name = "push"
    weight = 4
    records = frozenset({"push.push"})

    def pick(self, world: World, rng: Random) -> Given | None:
        given = self._pick(
            world, rng, some_resource(world, rng, "x.status <> 'withdrawn'" if rng.random() < 0.9 else "true")
        )
        wrong = rng.random() < 0.08
        return given and {**given, "to": rng.choice(_WRONG_SELECTORS if wrong else _SELECTORS)}

    def do(self, world: World, given: Given) -> Any:
        product.push_resource(
            world.resource(given["resource"]), selector=given["to"], acting_user=world.user(given["by"])
        )


class Recall(_OnTheLibrary):
    name = "recall"
    weight = 2
    records = frozenset({"push.recall"})

    def pick(self, world: World, rng: Random) -> Given | None:
        return self._pick(world, rng, some_resource(world, rng))

    def do(self, world: World, given: Given) -> Any:
        product.recall_resource(world.resource(given["resource"]), acting_user=world.user(given["by"]), reason="收回")


class Subscribe(Act):
    name = "subscribe"
    records = frozenset({"subscription.make"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng, (1, 3, 4, 4))
        by = world.somebody(rng, site, "editor", "content-reviewer")
        return {"by": by, "site": site, "wish": rng.choice(_WISHES)}

    def do(self, world: World, given: Given) -> Any:
        made = product.subscribe(acting_user=world.user(given["by"]), **_wish(world, given))
        world.call(f"s{world.step}", "subscription", made.pk)


class EndSubscription(Act):
    name = "end a subscription"
    weight = 0.6
    records = frozenset({"subscription.end"})

    def pick(self, world: World, rng: Random) -> Given | None:
        return _some_thing(world, rng, "subscription", "pushes_subscription", ("editor", "content-reviewer"))

    def do(self, world: World, given: Given) -> Any:
        subscription = product.Subscription.objects.get(pk=world.thing(given["thing"]))
        product.end_subscription(subscription, acting_user=world.user(given["by"]))


class ProposeStanding(Act):
    name = "propose a standing clearance"
    records = frozenset({"standing.propose"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng, (0, 3, 4, 4))
        wish = rng.choice([{"level": "province"}, {"source": "sheng"}, {"source": "shi"}, {"level": "city"}, {}])
        return {"by": world.somebody(rng, site, "content-reviewer"), "site": site, "wish": wish}

    def do(self, world: World, given: Given) -> Any:
        made = product.propose_standing_clearance(
            acting_user=world.user(given["by"]), reason="信任", **_wish(world, given)
        )
        world.call(f"s{world.step}", "standing", made.pk)


class ApproveStanding(Act):
    name = "approve a standing clearance"
    weight = 2
    records = frozenset({"standing.approve"})

    def pick(self, world: World, rng: Random) -> Given | None:
        return _some_thing(world, rng, "standing", "pushes_standingclearance", ("confidentiality-reviewer",))

    def do(self, world: World, given: Given) -> Any:
        product.approve_standing_clearance(_standing(world, given), acting_user=world.user(given["by"]), opinion="同意")


class EndStanding(Act):
    name = "end a standing clearance"
    weight = 0.5
    records = frozenset({"standing.revoke"})

    def pick(self, world: World, rng: Random) -> Given | None:
        return _some_thing(world, rng, "standing", "pushes_standingclearance", REVIEWERS)

    def do(self, world: World, given: Given) -> Any:
        product.revoke_standing_clearance(_standing(world, given), acting_user=world.user(given["by"]), reason="终止")


class MapColumn(Act):
    name = "map a column"
    weight = 0.6
    records = frozenset({"push.map_column"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng, (0, 2, 3, 3))
        return {
            "by": world.somebody(rng, site, "site-admin"),
            "site": site,
            "kind": rng.choice(["", "article", "policy"]),
            "column": rng.choice(["news", "policies", "notices", "", "nowhere"]),
        }

    def do(self, world: World, given: Given) -> Any:
        product.map_column(
            world.tenant(given["site"]),
            kind=given["kind"],
            subject_class="",
            column=given["column"],
            acting_user=world.user(given["by"]),
        )


def _wish(world: World, given: Given) -> dict[str, Any]:
    wish = dict(given["wish"])
    return {**wish, **({"source": world.tenant(wish["source"])} if "source" in wish else {})}


def _some_thing(world: World, rng: Random, kind: str, table: str, roles: tuple[str, ...]) -> Given | None:
    names = world.things(kind)[-12:]
    if not names:
        return None
    name = rng.choice(names)
    rows = world.sql(
        f"SELECT t.code FROM public.{table} x JOIN public.tenancy_tenant t ON t.id = x.tenant_id WHERE x.id = %s",
        [world.thing(name)],
    )
    if not rows:
        return None
    return {"by": world.somebody(rng, rows[0][0], *roles), "site": rows[0][0], "thing": name}


def _standing(world: World, given: Given) -> Any:
    return product.StandingClearance.objects.get(pk=world.thing(given["thing"]))


# --- what rights.md says -------------------------------------------------------------------


@condition("the sites are named rightly")
def _named_rightly(world: World, given: Given) -> bool:
    return given["to"] not in _WRONG_SELECTORS and bool(selected(given["to"]) - {origin_site(world, given)})


@condition("the sites are below its own, or a supervisor pushes")
def _below(world: World, given: Given) -> bool:
    source = origin_site(world, given)
    if "supervisor" in world.roles(given["by"], source):
        return True
    rank = _RANKS[SITES[source][1]]
    return all(_RANKS[SITES[code][1]] < rank or source in above(code) for code in selected(given["to"]) - {source})


@condition("it was not recalled yet")
def _not_recalled(world: World, given: Given) -> bool:
    return bool(world.resource_row(given["resource"])["status"] != "withdrawn")


@condition("the wish is understood")
def _understood(world: World, given: Given) -> bool:
    wish = given["wish"]
    return bool(wish) and wish.get("level") != "zzz" and wish.get("source") != given["site"]


@condition("it is not asked for already")
def _not_asked_for(world: World, given: Given) -> bool:
    wish = _wish(world, given)
    same = {"subject_class": "", "kind": "", "level": "", "source": None, **wish}
    return not product.Subscription.objects.filter(
        tenant=world.tenant(given["site"]), ended_at__isnull=True, **same
    ).exists()


@condition("the subscription runs")
def _runs(world: World, given: Given) -> bool:
    return product.Subscription.objects.filter(pk=world.thing(given["thing"]), ended_at__isnull=True).exists()


@condition("it names whom to trust")
def _names_whom(world: World, given: Given) -> bool:
    return bool(given["wish"]) and given["wish"].get("source") != given["site"]


@condition("somebody else proposed it")
def _not_own_proposal(world: World, given: Given) -> bool:
    return bool(_standing(world, given).proposed_by.username != given["by"])


@condition("it waits for approval")
def _waits(world: World, given: Given) -> bool:
    standing = _standing(world, given)
    return standing.approved_at is None and standing.revoked_at is None


@condition("the standing clearance runs")
def _standing_runs(world: World, given: Given) -> bool:
    return _standing(world, given).revoked_at is None


@condition("there is such a column")
def _column_there(world: World, given: Given) -> bool:
    return given["column"] == "" or given["column"] in world.columns(given["site"])
