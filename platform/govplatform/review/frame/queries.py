"""Reading proposals and clearances of the frame, and whether its words are those that were cleared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..models import FrameClearance, FrameProposal
from .actions import reasons_against_stale
from .kinds import FrameKind, frame_kinds, kind_named, words_shown
from .permissions import confirmable_kinds
from .pictures import PICTURE
from .places import records_of
from .scanning import finding_in_words
from .texts import differing, frame_digest, last_clearances


@dataclass(frozen=True)
class Compared:
    """One field of a proposal beside what it says now; ``before`` None: the object is new. ``pictures``: ids of the
    images that the new words stand with.
    """

    field: str
    label: str
    before: str | None
    after: str
    pictures: tuple[int, ...] = ()


def waiting_proposals() -> QuerySet[FrameProposal]:
    """Return what waits in the current schema, oldest first."""
    return FrameProposal.objects.filter(state=FrameProposal.State.WAITING).order_by("proposed_at", "pk")


def proposals_for(user: User) -> QuerySet[FrameProposal]:
    """Return what waits here for ``user`` to confirm: of the kinds that are theirs, and not their own."""
    kinds = [kind.code for kind in confirmable_kinds(user)]
    return waiting_proposals().filter(kind__in=kinds).exclude(proposed_by=user)


def proposals_by(user: User) -> QuerySet[FrameProposal]:
    """Return what ``user`` has proposed here and still waits."""
    return waiting_proposals().filter(proposed_by=user)


def waiting_for(kind: FrameKind, object_id: int) -> FrameProposal | None:
    """Return what waits for one object; looked up where the records of its kind lie."""
    with records_of(kind):
        return waiting_proposals().filter(kind=kind.code, object_id=object_id).first()


def waiting_objects(kind: FrameKind) -> frozenset[int]:
    """Return the keys of all objects of ``kind`` for which something waits."""
    with records_of(kind):
        return frozenset(waiting_proposals().filter(kind=kind.code).values_list("object_id", flat=True))


def get_proposal(number: int) -> FrameProposal:
    """Return the proposal of that number in the current schema. Raises Refused when there is none."""
    found = FrameProposal.objects.filter(pk=number).first()
    if found is None:
        raise Refused(_("没有编号为 %(number)s 的文字改动。") % {"number": number})
    return found


def history_of(kind: FrameKind, object_id: int, most: int = 30) -> tuple[list[FrameProposal], list[FrameClearance]]:
    """Return the newest proposals and clearances of one object."""
    with records_of(kind):
        named = {"kind": kind.code, "object_id": object_id}
        return list(FrameProposal.objects.filter(**named)[:most]), list(FrameClearance.objects.filter(**named)[:most])


def compared(proposal: FrameProposal) -> list[Compared]:
    """Return the fields of ``proposal`` with old and new words, in the order of the sheet."""
    kind = kind_named(proposal.kind)
    labels = kind.labels()
    return [
        Compared(
            name,
            labels[name],
            None if proposal.is_new else words_shown(proposal.before.get(name, "")),
            words_shown(proposal.after[name]),
            tuple(row[PICTURE] for row in proposal.after[name]) if name in kind.pictures else (),
        )
        for name in kind.texts
        if name in proposal.after
    ]


def findings_in_words(proposal: FrameProposal) -> list[str]:
    labels = kind_named(proposal.kind).labels()
    return [finding_in_words(finding, labels) for finding in proposal.findings]


def stale_reasons(proposal: FrameProposal) -> list[str]:
    """Say why ``proposal`` can no longer be confirmed; empty when it can."""
    kind = kind_named(proposal.kind)
    return reasons_against_stale(kind, proposal, kind.find(proposal.object_id))


def describe_proposal(proposal: FrameProposal) -> dict[str, Any]:
    """Describe a proposal as the verb ``frame_text`` prints it."""
    return {
        "number": proposal.pk,
        "kind": proposal.kind,
        "object": proposal.object_id,
        "title": proposal.object_title,
        "new": proposal.is_new,
        "before": proposal.before,
        "after": proposal.after,
        "digest": proposal.digest,
        "findings": proposal.findings,
        "reason": proposal.reason,
        "state": proposal.state,
        "proposed_by": proposal.proposed_by_name,
        "proposed_at": proposal.proposed_at.isoformat(),
        "stale": stale_reasons(proposal),
    }


# --- is what citizens read what was cleared? ----------------------------------------------


def find_frame_faults(tenant: Tenant) -> list[dict[str, Any]]:
    """Return a fault for each object of the frame that has other words than cleared. ``tenant``: the current site.

    The site's own objects, and those shared ones that are its alone. A fault: ``{"page": id or None, "object", "title",
    "fields", "problem"}``.
    """
    faults: list[dict[str, Any]] = []
    for kind in frame_kinds():
        if kind.shared and not kind.per_site:
            continue
        objs = list(kind.of_site(tenant) if kind.shared else kind.shown())
        with records_of(kind):
            faults += _faults(kind, objs)
    return faults


def find_shared_faults() -> list[dict[str, Any]]:
    """Return the same for what sites share and no site has alone; from any schema."""
    faults: list[dict[str, Any]] = []
    for kind in frame_kinds():
        if kind.shared and not kind.per_site:
            with records_of(kind):
                faults += _faults(kind, list(kind.shown()))
    return faults


def _faults(kind: FrameKind, objs: Iterable[Any]) -> list[dict[str, Any]]:
    objs = list(objs)
    cleared = last_clearances(kind, [obj.pk for obj in objs])
    labels = kind.labels()
    faults = []
    for obj in objs:
        texts, clearance = kind.texts_of(obj), cleared.get(obj.pk)
        if clearance is None:
            fields, problem = list(texts), _("文字从未经过确认")
        elif clearance.digest == frame_digest(kind, obj.pk, texts):
            continue
        else:
            fields = differing(kind, clearance.texts, texts)
            named = "、".join(labels.get(name, name) for name in fields)
            problem = _("文字与确认时不同：%(fields)s") % {"fields": named}
        faults.append(
            {
                "page": obj.pk if kind.page_ids(obj) else None,
                "object": f"{kind.code}:{obj.pk}",
                "title": kind.title_of(obj),
                "fields": fields,
                "problem": problem,
            }
        )
    return faults
