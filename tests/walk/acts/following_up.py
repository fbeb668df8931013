"""Taking down what is public, and looking at it again afterwards."""

from random import Random
from typing import Any

from .. import product
from ..reviews import deciders, hands_in
from ..steps import Act, Given, condition
from ..world import Row, World
from .reviewing import REVIEWERS, page_of


class Withdraw(Act):
    name = "withdraw"
    weight = 2.5
    records = frozenset({"page.withdraw"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site, "p.live" if rng.random() < 0.85 else "true")
        return page and {"by": world.somebody(rng, site, *REVIEWERS), "site": site, "page": page}

    def do(self, world: World, given: Given) -> Any:
        product.withdraw_page(page_of(world, given), acting_user=world.user(given["by"]), reason="内容有误")


class WithdrawAtOnce(Act):
    """A supervisor, on whatever site; somebody else looks at it afterwards."""

    name = "withdraw at once"
    records = frozenset({"page.withdraw_at_once"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site, "p.live")
        return page and {"by": world.somebody(rng, "console", "supervisor"), "site": site, "page": page}

    def do(self, world: World, given: Given) -> Any:
        product.withdraw_page(
            page_of(world, given), acting_user=world.user(given["by"]), reason="紧急", break_glass=True
        )


class ConfirmWithdrawal(Act):
    """Of the newest withdrawal at once of a page."""

    name = "confirm a withdrawal"
    weight = 2
    records = frozenset({"withdrawal.confirmed", "withdrawal.contested"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = _some_page_of(world, rng, site, "review_withdrawal", "break_glass")
        role_at = (site, REVIEWERS) if rng.random() < 0.7 else ("console", ("supervisor",))
        return page and {
            "by": world.somebody(rng, role_at[0], *role_at[1]),
            "site": site,
            "page": page,
            "confirm": rng.random() < 0.6,
        }

    def do(self, world: World, given: Given) -> Any:
        withdrawal = product.Withdrawal.objects.get(pk=_newest_withdrawal(world, given)[0])
        product.confirm_withdrawal(
            withdrawal, acting_user=world.user(given["by"]), confirm=given["confirm"], opinion="已核"
        )


class ReviewAfterTheFact(Act):
    """Of the newest emergency of a page."""

    name = "review after the fact"
    weight = 2.5
    records = frozenset({"after_review.confirmed", "after_review.withdrawn"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = _some_page_of(world, rng, site, "review_afterreview", "true")
        return page and {
            "by": world.somebody(rng, site, *REVIEWERS),
            "site": site,
            "page": page,
            "confirm": rng.random() < 0.6,
        }

    def do(self, world: World, given: Given) -> Any:
        after = product.AfterReview.objects.get(pk=_newest_after_review(world, given)[0])
        product.judge_after_review(after, acting_user=world.user(given["by"]), confirm=given["confirm"], opinion="复核")


def _some_page_of(world: World, rng: Random, site: str, table: str, where: str) -> str | None:
    rows = world.sql(f"SELECT DISTINCT page_id FROM {world.schema(site)}.{table} WHERE {where} ORDER BY 1")
    return world.name_of(site, rng.choice(rows[-8:])[0]) if rows else None


def _newest_withdrawal(world: World, given: Given) -> Row:
    """(id, who withdrew, whether it was looked at)."""
    site, number = world.page(given["page"])
    s = world.schema(site)
    return world.sql(
        "SELECT w.id, u.username, EXISTS ("
        f" SELECT 1 FROM {s}.review_withdrawalconfirmation k WHERE k.withdrawal_id = w.id)"
        f" FROM {s}.review_withdrawal w JOIN public.accounts_user u ON u.id = w.withdrawn_by_id"
        " WHERE w.page_id = %s AND w.break_glass ORDER BY w.id DESC LIMIT 1",
        [number],
    )[0]


def _newest_after_review(world: World, given: Given) -> Row:
    """(id, revision, verdict, the two who were named)."""
    site, number = world.page(given["page"])
    s = world.schema(site)
    return world.sql(
        "SELECT a.id, c.revision_id, a.verdict, x.username, y.username"
        f" FROM {s}.review_afterreview a JOIN {s}.review_clearance c ON c.id = a.clearance_id"
        f" JOIN {s}.review_submission n ON n.id = a.submission_id"
        " LEFT JOIN public.accounts_user x ON x.id = n.content_reviewer_id"
        " LEFT JOIN public.accounts_user y ON y.id = n.confidentiality_reviewer_id"
        " WHERE a.page_id = %s ORDER BY a.id DESC LIMIT 1",
        [number],
    )[0]


@condition("they had no hand in the newest")
def _no_hand_in_newest(world: World, given: Given) -> bool:
    return given["by"] not in hands_in(world, *world.page(given["page"]), 2**62)


@condition("somebody else withdrew it")
def _not_own_withdrawal(world: World, given: Given) -> bool:
    return bool(_newest_withdrawal(world, given)[1] != given["by"])


@condition("nobody has confirmed it yet")
def _unconfirmed(world: World, given: Given) -> bool:
    return not _newest_withdrawal(world, given)[2]


@condition("they had no hand in what was cleared")
def _no_hand_in_cleared(world: World, given: Given) -> bool:
    revision = _newest_after_review(world, given)[1]
    return given["by"] not in hands_in(world, *world.page(given["page"]), revision)


@condition("they did not clear it")
def _not_cleared_by(world: World, given: Given) -> bool:
    _id, revision, _verdict, *named = _newest_after_review(world, given)
    return given["by"] not in {*named, *deciders(world, given["page"], revision)}


@condition("it was not reviewed after the fact yet")
def _not_reviewed_yet(world: World, given: Given) -> bool:
    return not _newest_after_review(world, given)[2]


@condition("it was not withdrawn since")
def _not_withdrawn_since(world: World, given: Given) -> bool:
    s = world.schema(world.page(given["page"])[0])
    return not world.sql(
        f"SELECT 1 FROM {s}.review_afterreview a JOIN {s}.review_clearance c ON c.id = a.clearance_id"
        f" JOIN {s}.review_withdrawal w ON w.page_id = a.page_id AND w.withdrawn_at >= c.granted_at WHERE a.id = %s",
        [_newest_after_review(world, given)[0]],
    )
