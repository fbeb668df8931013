"""What rights.md says of reviewing: conditions under which its acts are allowed."""

from datetime import datetime
from typing import Any

from .. import product
from ..reviews import claimers, deciders, due, hands_in, may_take, named_in_emergency
from ..steps import Given, condition
from ..world import World
from .reviewing import _findings, page_of

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
