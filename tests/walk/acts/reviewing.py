"""Handing in, taking back, deciding, claiming, judging findings."""

from random import Random
from typing import Any

from wagtail.models import Page

from .. import product
from ..reviews import claimers, due, who_may_take
from ..steps import Act, Given
from ..world import World

REVIEWERS = ("content-reviewer", "confidentiality-reviewer")


def page_of(world: World, given: Given) -> Any:
    return Page.objects.get(pk=world.page_id(given["page"]))


class Submit(Act):
    name = "submit"
    weight = 6
    records = frozenset({"review.submit"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site, "(NOT p.live OR p.has_unpublished_changes)" if rng.random() < 0.8 else "true")
        return page and {"by": world.somebody(rng, site, "editor"), "site": site, "page": page}

    def do(self, world: World, given: Given) -> Any:
        product.submit_for_review(page_of(world, given), acting_user=world.user(given["by"]))


class SubmitEmergency(Act):
    name = "submit as an emergency"
    weight = 3
    records = frozenset({"review.submit"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page(rng, site, "(NOT p.live OR p.has_unpublished_changes)")
        return page and {
            "by": world.somebody(rng, site, "editor", rightly=0.9),
            "site": site,
            "page": page,
            "content": world.somebody(rng, site, REVIEWERS[0], rightly=0.95),
            "confidentiality": world.somebody(rng, site, REVIEWERS[1], rightly=0.95),
            "reason": "汛情" if rng.random() < 0.95 else " ",
        }

    def do(self, world: World, given: Given) -> Any:
        asked = product.Emergency(given["reason"], world.user(given["content"]), world.user(given["confidentiality"]))
        product.submit_for_review(page_of(world, given), acting_user=world.user(given["by"]), emergency=asked)


class TakeBack(Act):
    name = "take back"
    weight = 1.5
    records = frozenset({"review.take_back"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page_in_review(rng, site)
        return page and {"by": world.somebody(rng, site, "editor"), "site": site, "page": page}

    def do(self, world: World, given: Given) -> Any:
        product.take_back(page_of(world, given), acting_user=world.user(given["by"]))


class _Decision(Act):
    """One step of the review, mostly by one who may take it."""

    rightly = 0.8

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page_in_review(rng, site)
        step = page and due(world, page)
        if not page or not step:
            return None
        rightful = who_may_take(world, page, step)
        by = world.somebody(rng, site, *REVIEWERS, "editor", rightly=0.8)
        if rightful and rng.random() < self.rightly:
            by = rng.choice(rightful)
        return {"by": by, "site": site, "page": page, "reason": "同意" if rng.random() < 0.97 else " "}


class ApproveByTheVerb(_Decision):
    """As ``manage.py review --approve`` does: a missing scan is run first, warnings are kept with the opinion."""

    name = "approve by the verb"
    weight = 26
    records = frozenset({"review.approved"})
    alone = True

    def prepare(self, world: World, given: Given) -> None:
        if due(world, given["page"]) is not None:
            product.scan_now(page_of(world, given), acting_user=None)

    def do(self, world: World, given: Given) -> Any:
        product.decide_from_the_shell(
            page_of(world, given), acting_user=world.user(given["by"]), approve=True, opinion=given["reason"]
        )


class Approve(_Decision):
    """As the review screen does; it may say which step it showed."""

    name = "approve"
    weight = 14
    records = frozenset({"review.approved"})

    def do(self, world: World, given: Given) -> Any:
        step = due(world, given["page"])
        product.decide_review(
            page_of(world, given),
            acting_user=world.user(given["by"]),
            approve=True,
            opinion=given["reason"],
            expected_step=step.step if step else None,
        )


class SendBack(_Decision):
    name = "send back"
    weight = 5
    records = frozenset({"review.rejected"})

    def do(self, world: World, given: Given) -> Any:
        product.decide_review(
            page_of(world, given), acting_user=world.user(given["by"]), approve=False, opinion=given["reason"]
        )


class Scan(Act):
    """The scan of what is under review, by the worker or at once."""

    name = "(scan)"
    weight = 8
    alone = True

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page_in_review(rng, site)
        return page and {"site": site, "page": page, "at_once": rng.random() < 0.8}

    def do(self, world: World, given: Given) -> Any:
        scan = product.scan_now if given["at_once"] else product.request_scan
        scan(page_of(world, given), acting_user=None)


class JudgeFinding(Act):
    """``which``: its place among the findings of the page's newest scans, the newest first."""

    name = "judge a finding"
    weight = 6
    records = frozenset({"finding.judge"})

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        rows = world.sql(
            f"SELECT DISTINCT c.page_id FROM {world.schema(site)}.confidentiality_finding f"
            f" JOIN {world.schema(site)}.confidentiality_scan c ON c.id = f.scan_id ORDER BY 1"
        )
        with_findings = {number for (number,) in rows}
        numbers = [number for number in world.in_review(site) if number in with_findings] or sorted(with_findings)
        if not numbers:
            return None
        page = world.name_of(site, rng.choice(numbers))
        step = due(world, page)
        rightful = who_may_take(world, page, step) if step else []
        return {
            "by": rng.choice(rightful) if rightful and rng.random() < 0.8 else world.somebody(rng, site, *REVIEWERS),
            "site": site,
            "page": page,
            "which": rng.randrange(min(2, len(_findings(world, page)))),
            "verdict": rng.choice(["false_alarm", "false_alarm", "ignored", "to_mask", "fixed"]),
            "reason": rng.choice(["已核", ""]),
        }

    def do(self, world: World, given: Given) -> Any:
        found = _findings(world, given["page"])
        if given["which"] >= len(found):
            raise KeyError(given["page"])
        product.dispose_finding(
            found[given["which"]],
            acting_user=world.user(given["by"]),
            verdict=given["verdict"],
            reason=given["reason"],
        )


def _findings(world: World, page: str) -> list[int]:
    site, number = world.page(page)
    s = world.schema(site)
    rows = world.sql(
        f"SELECT f.id FROM {s}.confidentiality_finding f JOIN {s}.confidentiality_scan c ON c.id = f.scan_id"
        " WHERE c.page_id = %s ORDER BY c.id DESC, f.id",
        [number],
    )
    return [number for (number,) in rows]


class _OfTheStep(Act):
    """What is done about who takes the step."""

    def pick(self, world: World, rng: Random) -> Given | None:
        site = world.some_site(rng)
        page = world.some_page_in_review(rng, site)
        step = page and due(world, page)
        if not page or not step:
            return None
        return {"by": world.somebody(rng, site, step.role), "site": site, "page": page}


class Claim(_OfTheStep):
    name = "claim"
    weight = 2.5
    records = frozenset({"review.claim"})

    def do(self, world: World, given: Given) -> Any:
        product.claim_review(page_of(world, given), acting_user=world.user(given["by"]))


class Release(_OfTheStep):
    name = "release"
    weight = 1.5
    records = frozenset({"review.release"})

    def pick(self, world: World, rng: Random) -> Given | None:
        given = super().pick(world, rng)
        step = given and due(world, given["page"])
        if given and step and rng.random() < 0.7 and (held := sorted(claimers(world, given["page"], step))):
            given["by"] = rng.choice(held)
        return given

    def do(self, world: World, given: Given) -> Any:
        product.release_review(page_of(world, given), acting_user=world.user(given["by"]))


class HandOver(_OfTheStep):
    name = "hand over"
    weight = 1.2
    records = frozenset({"review.hand_over"})

    def pick(self, world: World, rng: Random) -> Given | None:
        given = super().pick(world, rng)
        step = given and due(world, given["page"])
        if given and step:
            given["to"] = world.somebody(rng, given["site"], step.role)
        return given

    def do(self, world: World, given: Given) -> Any:
        product.hand_over_review(
            page_of(world, given), to=world.user(given["to"]), note="请办", acting_user=world.user(given["by"])
        )
