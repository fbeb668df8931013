"""The acts on a case: accept, assign, take up, return, extend, close, look at the contact.

Answers: ``replies.py``; duplicates and abuse: ``joining.py``, ``abuse.py``.

Each holds the chain of the site from which it is done, then the row of the case: of two people at once the second sees
what the first did, and is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.events.sheet import follow
from govplatform.locks.holding import locking
from govplatform.refusals import PlacedReason, Refused, checked_reason
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import superiors_of

from .clock import answer_due, extended_due
from .contact import Contact, decrypt
from .disclosure.clock_stops import reasons_against_running
from .events import CaseEnded, CaseMovedOn
from .kinds import RULES, Kind
from .letters import one_line
from .models import Case, CaseStep, ErrorReport
from .permissions import (
    has_left,
    is_clerk_of,
    reasons_against_extending,
    reasons_against_handling,
    reasons_against_keeping,
    reasons_against_looking,
    reasons_against_taking,
)

#: Characters of a reason; citizens read that of a case that is closed.
REASON = 500
#: Of the name of who consents.
CONSENT = 40
State, Act = Case.State, CaseStep.Act


def accept_case(case: Case, *, acting_user: User, forwarding: bool = False) -> Case:
    """Accept what came in; its clock runs from now on. Raises Refused.

    ``forwarding``: it is passed on in the same transaction, as kinds that are ``forwarded`` have to be.
    """
    with held_case(case, case.desk, acting_user) as case:
        require(reasons_against_keeping(acting_user, case), reasons_against_state(case, State.SUBMITTED))
        if RULES[case.kind].forwarded and not forwarding:
            raise Refused(_("纠错不单独受理：请直接转有关网站，转办时答复期限开始计算。"))
        case.accepted_at = timezone.now()
        case.due_at = answer_due(case, case.accepted_at)
        note_step(case, Act.ACCEPTED, State.ACCEPTED, acting_user)
        follow(CaseMovedOn(case, Act.ACCEPTED))
    return case


def assign_case(case: Case, to: Tenant, *, acting_user: User, reason: str = "") -> Case:
    """Pass it to the site ``to``, which answers; also on to another one, while nothing is in review. Raises Refused."""
    with held_case(case, case.desk, acting_user) as case:
        # What is in review on a site that is gone will never come back from there.
        stuck = () if case.organisation is None or is_working(case.organisation) else (State.IN_REVIEW,)
        reasons = reasons_against_state(case, State.ACCEPTED, State.ASSIGNED, *stuck)
        require(reasons_against_keeping(acting_user, case), reasons or _reasons_against_passing_to(case, to))
        case.organisation, case.handler = to, None
        _forget_correction(case)
        note_step(case, Act.ASSIGNED, State.ASSIGNED, acting_user, reason=reason.replace("\x00", "").strip()[:REASON])
    return case


def take_case(case: Case, *, acting_user: User) -> Case:
    """Take it up as its handler, also from a colleague, and from one who has left also later. Raises Refused.

    Step and record name who handled it before, who sees no more from now on how its sender is reached.
    """
    with held_case(case, _organisation_of(case), acting_user) as case:
        require(reasons_against_taking(acting_user, case))
        if case.handler_id != acting_user.pk:
            former = case.handler
            told = _("原办理人 %(who)s 已离任") if has_left(case) else _("原办理人 %(who)s")
            case.handler = acting_user
            reason = told % {"who": former.signed_name} if former is not None else ""
            note_step(case, Act.TAKEN, case.state, acting_user, reason=reason)
    return case


def return_case(case: Case, *, acting_user: User, reason: str) -> Case:
    """Give it back to the desk, which passes it on. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, _organisation_of(case), acting_user) as case:
        require(reasons_against_handling(acting_user, case), reasons_against_state(case, State.ASSIGNED))
        note_step(case, Act.RETURNED, State.ACCEPTED, acting_user, reason=reason)
        case.organisation, case.handler = None, None
        case.save(update_fields=["organisation", "handler"])
        _forget_correction(case)
    return case


def extend_case(case: Case, *, acting_user: User, reason: str, consent: str = "") -> Case:
    """Give it more time, once. ``consent``: who has consented, of a request for information. Raises Refused."""
    reason = checked_reason(reason, REASON)
    if RULES[case.kind].decided:
        # 《中华人民共和国政府信息公开条例》第三十三条: with the consent of whoever leads the office of disclosure.
        reason = _("%(reason)s（同意延期：%(who)s）") % {"reason": reason, "who": checked_consent(consent)}
    site = case.desk if is_clerk_of(acting_user, case) else _organisation_of(case)
    with held_case(case, site, acting_user) as case:
        reasons = reasons_against_state(case, State.ACCEPTED, State.ASSIGNED, State.IN_REVIEW)
        if not RULES[case.kind].extension:
            reasons.append(_("“%(kind)s”的答复期限不能延长。") % {"kind": case.get_kind_display()})
        if case.extended:
            reasons.append(_("来信 %(number)s 已经延期一次，不能再延。") % {"number": case.number})
        if not reasons:
            reasons = reasons_against_running(case) or reasons_against_lateness(case)
        require(reasons_against_extending(acting_user, case), reasons)
        case.due_at, case.extended = extended_due(case), True
        note_step(case, Act.EXTENDED, case.state, acting_user, reason=reason)
        follow(CaseMovedOn(case, Act.EXTENDED))
    return case


def close_case(case: Case, *, acting_user: User, reason: str) -> Case:
    """End it without an answer (a duplicate, abuse, no matter of government); its sender reads why. Raises Refused."""
    reason = checked_reason(reason, REASON)
    with held_case(case, case.desk, acting_user) as case:
        reasons = reasons_against_state(case, State.SUBMITTED, State.ACCEPTED, State.ASSIGNED)
        require(reasons_against_keeping(acting_user, case), reasons or reasons_against_skipping_decision(case))
        case.closing_reason, case.ended_at = reason, timezone.now()
        note_step(case, Act.CLOSED, State.CLOSED, acting_user, reason=reason)
        end_joined(case)
        follow(CaseEnded(case))
    return case


def look_at_contact(case: Case, site: Tenant, *, acting_user: User) -> Contact:
    """Return how its sender is reached; each look is recorded. ``site``: from whose console. Raises Refused."""
    with held_case(case, site, acting_user) as case:
        require(reasons_against_looking(acting_user, case))
        contact = decrypt(case.contact, case.number)
        note_step(case, Act.LOOKED, case.state, acting_user)
    return contact


# --- what every act on a case is made of --------------------------------------------------


@contextmanager
def held_case(case: Case, site: Tenant, acting_user: User) -> Iterator[Case]:
    """The act's transaction, on ``site``, with the case as it is now."""
    with tenant_context(site), acting(acting_user, on=site):
        yield hold_case(case.pk)


def hold_case(key: int) -> Case:
    """Lock the case and return it as it is now, inside a transaction."""
    locking(Case.objects.filter(pk=key)).get()
    return Case.objects.select_related("desk", "organisation", "handler").get(pk=key)


def end_joined(case: Case) -> None:
    """Whatever was joined to ``case`` ends as it has ended: with its answer, or with its reason. Says so to each."""
    for other in locking(Case.objects.filter(joined_to=case).order_by("pk")):
        told = other.state != case.state or other.answer != case.answer
        other.state, other.organisation_id, other.handler_id = case.state, case.organisation_id, case.handler_id
        if other.erased_at is None:
            other.answer, other.closing_reason = case.answer, case.closing_reason
        else:
            # What was removed of it after its term is not kept again, and nobody is reached any more.
            told = False
        # Of one that is joined after the answer, it ends now: its sender was not answered before it was sent in.
        other.ended_at = other.ended_at or timezone.now()
        other.save()
        if told:
            act = Act.REPLIED if case.state == State.REPLIED else Act.CLOSED
            CaseStep.objects.create(case=other, act=act, at=timezone.now(), organisation_id=case.organisation_id)
            follow(CaseEnded(other))


def is_working(site: Tenant) -> bool:
    """Whether anybody can answer on ``site``: it is not retired, frozen, or moved into another one."""
    return not site.answers_from_ledger and not site.frozen and site.dropped_at is None


def is_stranded(case: Case) -> bool:
    """Whether an open case lies with a site on which nobody can answer any more: its desk passes it on."""
    return case.organisation is not None and not case.is_over and not is_working(case.organisation)


def _organisation_of(case: Case) -> Tenant:
    """The site that answers. Raises Refused where there is none any more."""
    if case.organisation is None:
        raise Refused(_("来信 %(number)s 没有交办，或者已经退回、改派。") % {"number": case.number})
    return case.organisation


def _forget_correction(case: Case) -> None:
    """Whatever was being corrected to answer a report answers it no more: it goes to somebody else."""
    if case.kind == Kind.CORRECTION:
        ErrorReport.objects.filter(case=case).update(corrected_site=None, corrected_page=None)


def require(*reasons: list[str]) -> None:
    """Raise Refused with the first of the lists that has any reasons: who may not is not told how far it is."""
    for some in reasons:
        if some:
            raise Refused(some)


def reasons_against_state(case: Case, *states: str) -> list[str]:
    if case.state in states:
        return []
    last = case.steps.exclude(act=Act.LOOKED).select_related("person").last()
    told = {"number": case.number, "state": case.get_state_display(), "who": ""}
    if last is not None and last.person is not None:
        told["who"] = _("（最近由 %(who)s %(act)s）") % {"who": last.person.full_name, "act": last.get_act_display()}
    return [_("来信 %(number)s 现在是“%(state)s”%(who)s，不能这样办理。") % told]


def reasons_against_lateness(case: Case) -> list[str]:
    """Why its limit cannot be moved any more: it is over, and what is late stays late."""
    if not case.is_late or case.due_at is None:
        return []
    told = {"number": case.number, "due": timezone.localtime(case.due_at).strftime("%Y-%m-%d")}
    return [_("来信 %(number)s 的答复期限已过（%(due)s），不能再推迟，请尽快答复。") % told]


def reasons_against_skipping_decision(case: Case) -> list[str]:
    """Why it cannot end otherwise than by a decision with its letter, as a request for information has to."""
    if not RULES[case.kind].decided:
        return []
    return [_("依申请公开要作出决定并出具答复书：请交有关站点办理，由办理人选择决定类型。")]


def checked_consent(consent: str) -> str:
    """Return who has consented to an extension, as it is kept. Raises Refused."""
    consent = one_line(consent)
    if not consent or len(consent) > CONSENT:
        words = _("同意延期的人：请填写信息公开工作机构负责人的姓名，最多 %(most)d 个字。")
        raise Refused(PlacedReason(words % {"most": CONSENT}, "consent"))
    return consent


def _reasons_against_passing_to(case: Case, to: Tenant) -> list[str]:
    if to.is_console or not to.answers_citizens or not is_working(to):
        return [_("“%(site)s”不在运行中，不能交办。请选择其他站点。") % {"site": to.full_name}]
    if to != case.desk and case.desk not in superiors_of(to):
        told = {"site": to.full_name, "desk": case.desk.full_name}
        return [_("“%(site)s”不是“%(desk)s”的下级站点，不能交办。") % told]
    return []


def note_step(
    case: Case, act: str, state: str, acting_user: User, *, reason: str = "", recorded: str | None = None
) -> None:
    """Store the case with its new state, its step and its line of the record (``recorded``: its reason there)."""
    case.state = state
    case.save()
    CaseStep.objects.create(
        case=case, act=act, at=timezone.now(), person=acting_user, organisation=case.organisation, reason=reason
    )
    detail = {
        "state": state,
        "to": case.organisation.code if case.organisation else "",
        "reason": reason if recorded is None else recorded,
    }
    record_act(f"case.{act}", acting_user=acting_user, obj=case, detail=detail)
