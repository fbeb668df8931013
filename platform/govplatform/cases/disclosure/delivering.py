"""The letter of a decision: made for its applicant, and how it reached them."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant

from ..actions import held_case, hold_case, note_step, reasons_against_state, require
from ..letters import one_line
from ..models import Case, CaseStep, DisclosureRequest, Way
from ..permissions import reasons_against_handling, reasons_against_identifying
from .identity import identity_for
from .letter_texts import in_words, letter_text

#: Characters of the number of a parcel, or of who signed for it.
NOTE = 200
State, Act = Case.State, CaseStep.Act


@dataclass(frozen=True)
class Letter:
    """A letter that was cleared. ``to``: the applicant's name; ``by``: the organ; ``text``: paragraphs as cleared."""

    number: str
    title: str
    to: str
    text: str
    by: str
    on: datetime

    @property
    def signed_on(self) -> str:
        """The day of the decision in words."""
        return in_words(self.on)


def open_letter(case: Case, site: Tenant, *, acting_user: User) -> Letter:
    """Return the letter with the applicant's name, to the handler; each time is recorded. Raises Refused.

    ``site``: from whose console. Only what was cleared becomes a letter.
    """
    with held_case(case, site, acting_user) as case:
        require(reasons_against_identifying(acting_user, case), reasons_against_state(case, State.REPLIED))
        identity = identity_for(case, acting_user)
        request = DisclosureRequest.objects.get(case=case)
        assert case.ended_at is not None and case.organisation is not None
        letter = Letter(
            number=case.number,
            title=letter_text(case, request.decision).title,
            to=identity.name,
            text=case.answer,
            by=case.organisation.organiser or case.organisation.full_name,
            on=case.ended_at,
        )
        note_step(case, Act.LETTER, case.state, acting_user)
    return letter


def record_delivery(case: Case, *, acting_user: User, way: str, note: str = "") -> Case:
    """Enter how the letter reached its applicant, once. Raises Refused."""
    note = one_line(note)
    if way not in Way.values:
        raise Refused(PlacedReason(_("送达方式：请选择一种。"), "way"))
    if len(note) > NOTE:
        raise Refused(PlacedReason(_("送达说明：最多 %(most)d 个字。") % {"most": NOTE}, "note"))
    if case.organisation is None:
        raise Refused(reasons_against_handling(acting_user, case))
    with held_case(case, case.organisation, acting_user) as case:
        request = DisclosureRequest.objects.filter(case=case).first()
        reasons = reasons_against_state(case, State.REPLIED)
        if request is None:
            reasons = [_("来信 %(number)s 不是依申请公开。") % {"number": case.number}]
        elif not reasons and request.delivered_at is not None:
            when = timezone.localtime(request.delivered_at).strftime("%Y-%m-%d")
            told = {"when": when, "way": request.get_delivered_by_way_display()}
            reasons = [_("答复书已经于 %(when)s 送达（%(way)s）。") % told]
        require(reasons_against_handling(acting_user, case), reasons)
        assert request is not None
        request.delivered_at, request.delivered_by_way, request.delivery_note = timezone.now(), way, note
        request.save(update_fields=["delivered_at", "delivered_by_way", "delivery_note"])
        note_step(case, Act.DELIVERED, case.state, acting_user, reason=str(Way(way).label))
    return case


def note_read(case: Case) -> None:
    """The applicant reads the answer after number and code: whoever wanted it so has it with this."""
    if case.state != State.REPLIED or not _waits_to_be_read(case).exists():
        return
    with transaction.atomic():
        case = hold_case(case.pk)
        now = timezone.now()
        if _waits_to_be_read(case).update(delivered_at=now, delivered_by_way=Way.ONLINE):
            CaseStep.objects.create(case=case, act=Act.DELIVERED, at=now, reason=str(Way.ONLINE.label))


def _waits_to_be_read(case: Case):  # type: ignore[no-untyped-def]
    return DisclosureRequest.objects.filter(case=case, way=Way.ONLINE, delivered_at=None)
