"""会办: one organisation leads and answers; others are asked and say their opinion once.

A unit without a site says it by a link: signed, for one letter and one unit, until its limit, used once. What it says
is no answer to the citizen yet: who leads takes it over, and both reviews follow.
"""

from datetime import datetime

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role
from govplatform.accounts.roles import EDITOR
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import superiors_of

from .actions import REASON, held_case, hold_case, is_working, note_step, reasons_against_state, require
from .addresses import UNIT
from .clock import answer_due
from .codes import kept_hash, new_nonce
from .letters import TEXT, checked_text, plain_text
from .models import Case, CaseStep, Opinion, Unit
from .permissions import is_clerk_of, reasons_against_extending

State, Act = Case.State, CaseStep.Act
#: Characters of an opinion: the public form takes as many as of a letter.
LONGEST = TEXT
_SALT = "govplatform.cases.unit"
_ASKED_IN = (State.ASSIGNED, State.IN_REVIEW)


def ask_opinion(case: Case, who: Tenant | Unit, *, acting_user: User, note: str = "") -> tuple[Opinion, str]:
    """Ask a site or a unit; return the opinion that is to come, and for a unit the link, which is shown this once.

    Asked again, a unit gets a new link and the one before ends. Raises Refused.
    """
    with held_case(case, _asking_site(case, acting_user), acting_user) as case:
        require(
            reasons_against_extending(acting_user, case),
            reasons_against_state(case, *_ASKED_IN),
            _reasons_against_asking(case, who),
        )
        now, nonce = timezone.now(), new_nonce()
        opinion = Opinion(case=case, note=plain_text(note).strip()[:REASON], asked_at=now)
        if isinstance(who, Unit):
            Opinion.objects.filter(case=case, unit=who, given_at=None, recalled_at=None).update(recalled_at=now)
            opinion.unit, opinion.token_hash = who, kept_hash("unit-link", nonce)
            opinion.expires_at = _good_until(case, now)
        else:
            opinion.site = who
        opinion.save()
        note_step(case, Act.CONSULTED, case.state, acting_user, reason=opinion.who)
    return opinion, _link(opinion, nonce) if opinion.unit is not None else ""


def recall_opinion(opinion: Opinion, *, acting_user: User) -> Opinion:
    """Ask no more: the link ends, the site sees the letter no longer. Raises Refused."""
    with held_case(opinion.case, _asking_site(opinion.case, acting_user), acting_user) as case:
        opinion = Opinion.objects.select_related("site", "unit").get(pk=opinion.pk)
        given = [_("“%(who)s”已经提出意见。") % {"who": opinion.who}] if opinion.given_at else []
        require(reasons_against_extending(acting_user, case), given)
        opinion.recalled_at = opinion.recalled_at or timezone.now()
        opinion.save(update_fields=["recalled_at"])
        note_step(case, Act.RECALLED, case.state, acting_user, reason=opinion.who)
    return opinion


def give_opinion(case: Case, site: Tenant, text: str, *, acting_user: User) -> Opinion:
    """Say what ``site`` was asked, once. Raises Refused."""
    text = _checked(text)
    with held_case(case, site, acting_user) as case:
        if not has_role(acting_user, EDITOR.code, site):
            told = {"user": acting_user, "site": site.full_name}
            raise Refused(_("%(user)s 不是“%(site)s”的编辑，不能提出意见。") % told)
        opinion = Opinion.objects.filter(case=case, site=site, given_at=None, recalled_at=None).first()
        if opinion is None:
            raise Refused(_("没有就来信 %(number)s 征求本站的意见，或者已经提出、已经收回。") % {"number": case.number})
        require(reasons_against_state(case, *_ASKED_IN))
        opinion.given_by = acting_user
        _give(opinion, text)
        note_step(case, Act.OPINION, case.state, acting_user, reason=opinion.who)
    return opinion


def opinion_of_link(token: str) -> Opinion:
    """Return what a link asks for. Raises Refused where it is none, or ended; which of the two is not told apart."""
    try:
        held = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        held = {}
    key, nonce = (held.get("o"), held.get("n")) if isinstance(held, dict) else (None, None)
    opinion = Opinion.objects.select_related("case__desk", "unit").filter(pk=key).first() if key else None
    if (
        opinion is None
        or opinion.unit is None
        or not constant_time_compare(opinion.token_hash, kept_hash("unit-link", str(nonce)))
        or not (opinion.is_open or opinion.given_at)
        or opinion.unit.closed
        or opinion.case.state not in _ASKED_IN
    ):
        raise Refused(_("链接不存在，或者已经过期、收回。请与发来链接的受理单位联系。"))
    return opinion


def give_opinion_by_link(token: str, text: str) -> Opinion:
    """Keep what a unit says; sent twice with the same words, it is kept once. Raises Refused.

    Whoever has the link speaks for the unit: no account, and no line of a chain; the step names the unit.
    """
    opinion = opinion_of_link(token)
    text = _checked(text)
    with transaction.atomic():
        case = hold_case(opinion.case_id)
        # As it is behind the lock.
        opinion = opinion_of_link(token)
        if opinion.given_at is not None:
            if opinion.text == text:
                return opinion
            raise Refused(PlacedReason(_("这个链接已经用来提出过意见，不能更改。"), "text"))
        _give(opinion, text)
        CaseStep.objects.create(case=case, act=Act.OPINION, at=timezone.now(), reason=opinion.who)
    return opinion


# --- inside ------------------------------------------------------------------------------


def _asking_site(case: Case, user: User) -> Tenant:
    return case.desk if case.organisation is None or is_clerk_of(user, case) else case.organisation


def _reasons_against_asking(case: Case, who: Tenant | Unit) -> list[str]:
    if isinstance(who, Unit):
        if who.closed or who.desk_id != case.desk_id:
            return [_("“%(who)s”已经停用，或者不在受理站点的登记中。") % {"who": who}]
        taken = Opinion.objects.filter(case=case, unit=who, given_at__isnull=False)
    else:
        if who == case.organisation:
            return [_("“%(who)s”就是办理的站点，不用征求意见。") % {"who": who.full_name}]
        if not is_working(who) or (who != case.desk and case.desk not in superiors_of(who)):
            return [
                _("“%(who)s”不在运行中，或者不是“%(desk)s”的下级站点。") % {"who": who.full_name, "desk": case.desk}
            ]
        taken = Opinion.objects.filter(case=case, site=who, recalled_at=None)
    if taken.exists():
        return [_("已经就这件来信征求过“%(who)s”的意见。") % {"who": who}]
    return []


def _good_until(case: Case, now: datetime) -> datetime:
    """As long as the answer has time, counted from now where its own limit is over."""
    return case.due_at if case.due_at is not None and case.due_at > now else answer_due(case, now)


def _link(opinion: Opinion, nonce: str) -> str:
    token = signing.dumps({"o": opinion.pk, "n": nonce}, salt=_SALT)
    return public_url(opinion.case.desk, f"{UNIT}{token}/")


def _give(opinion: Opinion, text: str) -> None:
    opinion.text, opinion.given_at = text, timezone.now()
    opinion.save(update_fields=["text", "given_at", "given_by"])


def _checked(text: str) -> str:
    return checked_text(text, LONGEST, "text", _("意见"))
