"""The frame of a site: columns, headline, the pattern of index numbers."""

from random import Random
from typing import Any

from wagtail.actions.move_page import MovePageAction

from .. import product
from ..steps import Act, Given, condition
from ..world import CONSOLE, World

_PATTERNS = ("{identity_code}/{year}-{serial:06d}", "{identity_code}-{year}-{serial:05d}")
_UNSOUND = "{year}{serial}"


class _OfTheFrame(Act):
    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        chosen = self.choose(world, rng, site)
        return chosen and {"by": world.somebody(rng, site, "site-admin"), "site": site, **chosen}

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        raise NotImplementedError


class MakeColumn(_OfTheFrame):
    name = "make a column"
    weight = 0.4
    records = frozenset({"column.create"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        slug = f"col{world.step}" if rng.random() < 0.85 else rng.choice(["news", "admin", "Bad"])
        return {"slug": slug, "type": rng.choice(["news", "policies"])}

    def do(self, world: World, given: Given) -> Any:
        product.create_column(
            given["slug"], title="新栏目", column_type=given["type"], acting_user=world.user(given["by"])
        )


class ChangeColumn(_OfTheFrame):
    name = "change a column"
    weight = 0.4
    records = frozenset({"column.change", "frame.propose"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        return {"slug": rng.choice(world.columns(site))}

    def do(self, world: World, given: Given) -> Any:
        product.change_column(
            product.find_column(given["slug"]), acting_user=world.user(given["by"]), description=f"说明{world.step}"
        )


class ConfirmWords(Act):
    """The oldest words that wait on a site; mostly by somebody who confirms such."""

    name = "confirm words of a site"
    weight = 0.6
    records = frozenset({"frame.confirm"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        return {"by": world.somebody(rng, site, "content-reviewer"), "site": site} if _oldest(world, site) else None

    def do(self, world: World, given: Given) -> Any:
        [row] = _oldest(world, given["site"])
        proposal = product.get_proposal(row[0])
        product.confirm_words(
            proposal, acting_user=world.user(given["by"]), digest=proposal.digest, opinion="文字无误。"
        )


class ConfirmSharedWords(ConfirmWords):
    """The oldest words that wait for what all sites share."""

    name = "confirm shared words"
    weight = 0.8

    def pick(self, world: World, rng: Random) -> Given | None:
        if not _oldest(world, CONSOLE):
            return None
        return {"by": world.somebody(rng, CONSOLE, "operator", "supervisor"), "site": CONSOLE}


class MoveColumn(_OfTheFrame):
    """Below another one; the addresses of what is below it change."""

    name = "move a column"
    weight = 0.4

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        slug, to = rng.sample(world.columns(site), 2)
        return {"slug": slug, "to": to}

    def do(self, world: World, given: Given) -> Any:
        with product.holding():
            MovePageAction(
                product.find_column(given["slug"]),
                product.find_column(given["to"]),
                pos="last-child",
                user=world.user(given["by"]),
            ).execute()


class PinHeadline(_OfTheFrame):
    name = "pin a headline"
    weight = 0.4
    records = frozenset({"home.pin_headline"})

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        page = world.some_page(rng, site) if rng.random() < 0.9 else None
        return {"headline": page}

    def do(self, world: World, given: Given) -> Any:
        page = world.page_id(given["headline"]) if given["headline"] else None
        product.pin_headline(product.HomePage.objects.get(), page, acting_user=world.user(given["by"]))


class SetNumberPattern(_OfTheFrame):
    name = "set the number pattern"
    weight = 0.1
    records = frozenset({"library.index_pattern"})

    def pick(self, world: World, rng: Random) -> Given | None:
        given = super().pick(world, rng)
        if given and rng.random() < 0.3:
            given["by"] = world.somebody(rng, CONSOLE, "operator", "supervisor")
        return given

    def choose(self, world: World, rng: Random, site: str) -> Given | None:
        return {"pattern": rng.choice([*_PATTERNS, *_PATTERNS, _UNSOUND])}

    def do(self, world: World, given: Given) -> Any:
        product.set_pattern(world.tenant(given["site"]), given["pattern"], acting_user=world.user(given["by"]))


def _oldest(world: World, site: str) -> list[tuple[Any, ...]]:
    return world.sql(
        f"SELECT p.id, u.username FROM {world.schema(site)}.review_frameproposal p"
        " JOIN public.accounts_user u ON u.id = p.proposed_by_id WHERE p.state = 'waiting' ORDER BY p.id LIMIT 1"
    )


def waiting_by_others(world: World, site: str, kind: str, object_id: int, username: str) -> bool:
    """Whether somebody else's words wait for an object."""
    return bool(
        world.sql(
            f"SELECT 1 FROM {world.schema(site)}.review_frameproposal p JOIN public.accounts_user u"
            " ON u.id = p.proposed_by_id WHERE p.state = 'waiting' AND p.kind = %s AND p.object_id = %s"
            " AND u.username <> %s",
            [kind, object_id, username],
        )
    )


# --- what rights.md says -------------------------------------------------------------------


@condition("words wait that are not their own and still fit")
def _words_fit(world: World, given: Given) -> bool:
    """The object as it was when they were proposed; of two levels the upper one comes first."""
    waiting = _oldest(world, given["site"])
    if not waiting or waiting[0][1] == given["by"]:
        return False
    with world.inside(given["site"]):
        return not product.stale_reasons(product.get_proposal(waiting[0][0]))


@condition("nobody else's words wait for the column")
def _no_other_words(world: World, given: Given) -> bool:
    with world.inside(given["site"]):
        column = product.find_column(given["slug"])
    return not waiting_by_others(world, given["site"], "columns.column", column.pk, given["by"])


@condition("the address is free")
def _address_free(world: World, given: Given) -> bool:
    return given["slug"] not in ("admin", "Bad") and given["slug"] not in world.columns(given["site"])


@condition("it goes below what is shown")
def _below_shown(world: World, given: Given) -> bool:
    """A column that is shown is not put where nobody can come by."""
    s = world.schema(given["site"])
    return not world.sql(
        f"SELECT 1 FROM {s}.wagtailcore_page a JOIN {s}.columns_column x ON x.page_ptr_id = a.id,"
        f" {s}.wagtailcore_page b JOIN {s}.columns_column y ON y.page_ptr_id = b.id, {s}.wagtailcore_page above"
        " WHERE a.slug = %s AND a.live AND b.slug = %s AND b.path LIKE above.path || '%%' AND above.depth > 1"
        " AND NOT above.live AND a.path NOT LIKE b.path || '____'",
        [given["slug"], given["to"]],
    )


@condition("its address is free there")
def _free_there(world: World, given: Given) -> bool:
    s = world.schema(given["site"])
    return not world.sql(
        f"SELECT 1 FROM {s}.wagtailcore_page b JOIN {s}.columns_column y ON y.page_ptr_id = b.id,"
        f" {s}.wagtailcore_page c WHERE b.slug = %s AND c.path LIKE b.path || '____' AND c.slug = %s"
        f" AND NOT EXISTS (SELECT 1 FROM {s}.columns_column z WHERE z.page_ptr_id = c.id)",
        [given["to"], given["slug"]],
    )


@condition("it goes elsewhere")
def _elsewhere(world: World, given: Given) -> bool:
    """Not below itself."""
    s = world.schema(given["site"])
    return not world.sql(
        f"SELECT 1 FROM {s}.wagtailcore_page a JOIN {s}.columns_column x ON x.page_ptr_id = a.id,"
        f" {s}.wagtailcore_page b JOIN {s}.columns_column y ON y.page_ptr_id = b.id"
        " WHERE a.slug = %s AND b.slug = %s AND b.path LIKE a.path || '%%'",
        [given["slug"], given["to"]],
    )


@condition("the pattern is sound")
def _sound(world: World, given: Given) -> bool:
    return bool(given["pattern"] != _UNSOUND)
