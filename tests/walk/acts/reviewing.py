"""Handing in, taking back, deciding, claiming, judging findings."""

from datetime import datetime
from random import Random
from typing import Any

from wagtail.models import Page

from .. import product
from ..reviews import claimers, deciders, due, hands_in, may_take, named_in_emergency, who_may_take
from ..steps import Act, Given, condition
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


# --- what rights.md says -------------------------------------------------------------------


@condition("it is complete")
def _complete(world: World, given: Given) -> bool:
    """The walk fills in everything but the policy that an interpretation explains."""
    site, number = world.page(given["page"])
    s = world.schema(site)
    return not world.sql(
        f"SELECT 1 FROM {s}.policies_interpretation i JOIN {s}.wagtailcore_page p ON p.id = i.page_ptr_id"
        f" JOIN {s}.wagtailcore_revision r ON r.id = p.latest_revision_id LEFT JOIN {s}.policies_policydocument d"
        " ON d.page_ptr_id = (r.content ->> 'policy')::bigint WHERE i.page_ptr_id = %s AND d.page_ptr_id IS NULL",
        [number],
    )


@condition("two others with the right roles are named")
def _named_rightly(world: World, given: Given) -> bool:
    site, number = world.page(given["page"])
    hands = hands_in(world, site, number, 2**62)
    people = {"content-reviewer": given["content"], "confidentiality-reviewer": given["confidentiality"]}
    return len(set(people.values())) == 2 and all(
        role in world.roles(person, site) and person not in hands for role, person in people.items()
    )


@condition("the step is theirs")
def _their_step(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    return step is not None and step.role in world.roles(given["by"], given["site"])


@condition("they had no hand in it")
def _no_hand(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    return step is not None and given["by"] not in hands_in(world, *world.page(given["page"]), step.revision)


@condition("they took no other step of it")
def _no_other_step(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    return step is not None and given["by"] not in deciders(world, given["page"], step.revision, besides=step.step)


@condition("an emergency names them")
def _named(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    return step is not None and named_in_emergency(world, given["page"], step.step) in (None, given["by"])


@condition("nobody else claims it")
def _unclaimed(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    claimed_by = claimers(world, given["page"], step) if step else set()
    return not claimed_by or given["by"] in claimed_by


@condition("they hold the claim")
def _hold_the_claim(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    return step is not None and given["by"] in claimers(world, given["page"], step)


@condition("the colleague may take the step")
def _colleague_may(world: World, given: Given) -> bool:
    step = due(world, given["page"])
    return step is not None and may_take(world, given["page"], given["to"], step, over_claims=True)


@condition("it goes to somebody else")
def _to_somebody_else(world: World, given: Given) -> bool:
    return bool(given["by"] != given["to"])


@condition("it was scanned by the rules of today")
def _scanned(world: World, given: Given) -> bool:
    with world.inside(given["site"]):
        scan = product.current_scan(page_of(world, given))
        return scan is not None and scan.state == "done"


@condition("nothing found stands open")
def _nothing_open(world: World, given: Given) -> bool:
    """Only at the last step; the steps before it may leave findings to it."""
    return not _open(world, given)


@condition("nothing found stands open but warnings")
def _nothing_blocks(world: World, given: Given) -> bool:
    """The opinion of who approves by the verb keeps warnings, unless somebody asked to have them masked."""
    return all(
        found.finding.severity == "warn" and (found.disposition is None or found.disposition.verdict != "to_mask")
        for found in _open(world, given)
    )


def _open(world: World, given: Given) -> list[Any]:
    step = due(world, given["page"])
    if step is None or step.step != "confidentiality":
        return []
    with world.inside(given["site"]):
        scan = product.current_scan(page_of(world, given))
        return product.open_findings(scan) if scan else []


@condition("its end lies ahead")
def _end_ahead(world: World, given: Given) -> bool:
    """And after its beginning."""
    opens, closes = times_under_review(world, given["page"])
    now = world.clock.now()
    return closes is None or (closes > now and (opens is None or closes > opens))


def times_under_review(world: World, page: str) -> tuple[datetime | None, datetime | None]:
    """(opens, closes) of the newest version of a page."""
    site, number = world.page(page)
    s = world.schema(site)
    rows = world.sql(
        f"SELECT (r.content ->> 'go_live_at')::timestamptz, (r.content ->> 'expire_at')::timestamptz"
        f" FROM {s}.wagtailcore_page p JOIN {s}.wagtailcore_revision r ON r.id = p.latest_revision_id WHERE p.id = %s",
        [number],
    )
    return rows[0] if rows else (None, None)


@condition("its source may be shown at the end")
def _source_at_the_end(world: World, given: Given) -> bool:
    """A repost or copy of what was taken back is refused by the last step, which would publish it."""
    step = due(world, given["page"])
    if step is None or step.step != "confidentiality":
        return True
    if world.repost_row(given["page"]) is None and world.copied_from(given["page"]) is None:
        return True
    return bool(world.resource_row(given["page"])["status"] != "withdrawn")


@condition("the verdict is one of theirs")
def _verdict(world: World, given: Given) -> bool:
    """Whether something is mended the next scan finds out; what is kept has a reason."""
    verdict = given["verdict"]
    return verdict in ("false_alarm", "to_mask") or (verdict == "ignored" and bool(given["reason"]))


@condition("the finding is of the newest scan")
def _of_newest_scan(world: World, given: Given) -> bool:
    found = _findings(world, given["page"])
    if given["which"] >= len(found):
        return False
    with world.inside(given["site"]):
        scan = product.current_scan(page_of(world, given))
        return scan is not None and scan.state == "done" and scan.findings.filter(pk=found[given["which"]]).exists()
