"""Other sites show what one has published: reposts, copies, newer versions."""

from random import Random
from typing import Any

from wagtail.models import Page

from .. import product
from ..steps import Act, Given, condition
from ..world import World
from .writing import some_column

MODES = ("mirror", "pinned", "link", "copy")
_RECEIVERS = (1, 3, 4, 4)


def some_resource(world: World, rng: Random, where: str = "true") -> str | None:
    """Name of a page whose resource meets ``where``; those of late more often."""
    names = world.resources(where)
    if not names:
        return None
    return rng.choice(names[-8:] if rng.random() < 0.6 else names)


class Repost(Act):
    name = "repost"
    weight = 12
    records = frozenset({"library.repost"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng, _RECEIVERS)
        resource = some_resource(world, rng, "x.status <> 'withdrawn'" if rng.random() < 0.9 else "true")
        return resource and {
            "by": world.somebody(rng, site, "editor", rightly=0.88),
            "site": site,
            "resource": resource,
            "mode": rng.choice(MODES) if rng.random() < 0.97 else "bogus",
            "column": some_column(world, rng, site),
            "hand_in": rng.random() < 0.75,
        }

    def do(self, world: World, given: Given) -> Any:
        made = product.repost_resource(
            world.resource(given["resource"]),
            column=product.find_column(given["column"]),
            mode=given["mode"],
            acting_user=world.user(given["by"]),
            submit=given["hand_in"],
        )
        world.call(f"s{world.step}", given["site"], made.page_id)
        return made.page_id


class Adopt(Act):
    """The newest version of the source becomes a draft of the repost."""

    name = "adopt the newest version"
    weight = 5
    records = frozenset({"library.adopt_version"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng, _RECEIVERS)
        waiting = (
            "p.id IN (SELECT r.page_id FROM public.content_library_repost r WHERE r.pending IS NOT NULL"
            f" AND r.state <> 'withdrawn' AND r.tenant_id = {world.tenant(site).pk})"
        )
        reposts = "c.model = 'repostpage'"
        page = world.some_page(rng, site, f"{reposts} AND {waiting}") if rng.random() < 0.8 else None
        page = page or world.some_page(rng, site, reposts)
        return page and {"by": world.somebody(rng, site, "editor"), "site": site, "page": page}

    def do(self, world: World, given: Given) -> Any:
        page = Page.objects.get(pk=world.page_id(given["page"])).specific
        product.adopt_newest_version(page, acting_user=world.user(given["by"]))


def shows(world: World, page: str) -> int | None:
    """Which version the newest revision of a repost shows; None for every other page, copies too."""
    site, number = world.page(page)
    s = world.schema(site)
    rows = world.sql(
        f"SELECT (r.content ->> 'version')::int FROM {s}.reposts_repostpage x"
        f" JOIN {s}.wagtailcore_page p ON p.id = x.page_ptr_id"
        f" JOIN {s}.wagtailcore_revision r ON r.id = p.latest_revision_id WHERE p.id = %s",
        [number],
    )
    return rows[0][0] if rows else None


def _origin(world: World, given: Given) -> dict[str, Any]:
    """What counts of the source of ``resource``, or of the repost ``page``."""
    return world.resource_row(given.get("resource") or given["page"])


@condition("its source may be shown")
def _source_may_be_shown(world: World, given: Given) -> bool:
    """Not taken back, and not marked as not for repost.

    Holds for what has no source elsewhere; a copy was made while it was allowed.
    """
    row = world.repost_row(given["page"]) if "page" in given else None
    is_copy = "page" in given and (row["mode"] == "copy" if row else world.copied_from(given["page"]) is not None)
    if "page" in given and row is None and not is_copy:
        return True
    source = _origin(world, given)
    if is_copy:
        return bool(source["status"] != "withdrawn")
    return source["status"] != "withdrawn" and bool(source["repostable"]) and source["disclosure"] == "proactive"


@condition("it shows the newest version")
def _shows_newest(world: World, given: Given) -> bool:
    """Asked of mirrors: a pinned page keeps its version, a copy has its own words."""
    row = world.repost_row(given["page"])
    if row is None or row["mode"] != "mirror":
        return True
    return bool(shows(world, given["page"]) == _origin(world, given)["version"])


@condition("the site shows its source on no other page")
def _only_one(world: World, given: Given) -> bool:
    row = world.repost_row(given["page"])
    if row is None:
        return True
    site, number = world.page(given["page"])
    return not world.sql(
        "SELECT 1 FROM public.content_library_repost WHERE tenant_id = %s AND resource_id = %s"
        " AND page_id <> %s AND state <> 'withdrawn'",
        [world.tenant(site).pk, row["resource"], number],
    )


@condition("the mode is known")
def _mode_known(world: World, given: Given) -> bool:
    return given["mode"] in MODES


@condition("it is not their own, or a link")
def _not_own(world: World, given: Given) -> bool:
    return bool(given["mode"] == "link" or _origin(world, given)["origin_site"] != given["site"])


@condition("the site does not show it yet")
def _not_shown_yet(world: World, given: Given) -> bool:
    return not world.sql(
        "SELECT 1 FROM public.content_library_repost WHERE tenant_id = %s AND resource_id = %s"
        " AND state <> 'withdrawn'",
        [world.tenant(given["site"]).pk, _origin(world, given)["id"]],
    )


@condition("it is a repost")
def _is_repost(world: World, given: Given) -> bool:
    return shows(world, given["page"]) is not None


@condition("there is a newer version")
def _is_behind(world: World, given: Given) -> bool:
    shown = shows(world, given["page"])
    return shown is not None and shown < _origin(world, given)["version"]
