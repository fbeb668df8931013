"""任职邀请: roles are offered, confirmed by a second person where they approve or decide who approves, and accepted.

Who controls identities controls approvals. So nobody becomes a reviewer by the word of one administrator, and nobody
holds a role on a site without having said yes. The shell grants at once (actions.grant_role), which is recorded.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ..acting import acting
from ..actions import lock_person, make_member
from ..models import Membership, RoleOffer, User
from ..permissions import reasons_against_grant, reasons_against_managing
from ..roles import ROLES
from .rules import may_confirm_on, reasons_against_confirming, reasons_against_ending

State = RoleOffer.State


def offer_role(user: User, role: str, *, tenant: Tenant, acting_user: User) -> RoleOffer:
    """Offer ``user`` the role on ``tenant``. Nothing is held until ``user`` has accepted, and, where the role
    takes two, somebody above has confirmed.

    Raises Refused where separation of duties, the site's kind or the acting person's own rights stand against it, and
    for a role that is held or offered already.
    """
    with acting(acting_user, tenant.schema_name, on=tenant):
        user = lock_person(user)
        reasons = [
            *reasons_against_managing(acting_user, tenant),
            *reasons_against_grant(user, role, tenant, acting_user),
        ]
        if not reasons and Membership.objects.filter(user=user, tenant=tenant, role=role).exists():
            reasons.append(
                _("%(user)s 在“%(site)s”已是“%(role)s”，不必再邀请。")
                % {"user": user.username, "site": tenant.full_name, "role": ROLES[role].label}
            )
        waiting = RoleOffer.objects.filter(person=user, tenant=tenant, role=role, state=State.WAITING).first()
        if waiting and waiting.is_open:
            reasons.append(_("同一角色的邀请已在等待答复；如需更改，请先撤回。"))
        if reasons:
            raise Refused(reasons)
        if waiting:
            waiting.state, waiting.ended_at = State.EXPIRED, waiting.open_until
            waiting.save(update_fields=["state", "ended_at"])
        offer = RoleOffer.objects.create(person=user, tenant=tenant, role=role, offered_by=acting_user)
        _record("role.offer", offer, acting_user)
    return offer


def confirm_offer(offer: RoleOffer, *, acting_user: User) -> RoleOffer:
    """The second person's word: a supervisor, the administrator of the portal above, for the console another operator.

    Raises Refused, also for who offered it and for who it is offered to.
    """
    with acting(acting_user, offer.tenant.schema_name, on=offer.tenant.parent or offer.tenant):
        offer = _held(offer)
        if reasons := reasons_against_confirming(offer, acting_user):
            raise Refused(reasons)
        offer.confirmed_by, offer.confirmed_at = acting_user, timezone.now()
        offer.save(update_fields=["confirmed_by", "confirmed_at"])
        _record("role.offer_confirmed", offer, acting_user)
        _complete(offer)
    return offer


def refuse_offer(offer: RoleOffer, *, reason: str, acting_user: User) -> RoleOffer:
    """The second person says no, with the reason. Raises Refused."""
    with acting(acting_user, offer.tenant.schema_name, on=offer.tenant.parent or offer.tenant):
        offer = _held(offer)
        reasons = reasons_against_confirming(offer, acting_user)
        if not reason.strip():
            reasons.append(_("不予确认须写明理由，邀请人会看到。"))
        if reasons:
            raise Refused(reasons)
        _end(offer, State.REFUSED, acting_user, reason)
        _record("role.offer_refused", offer, acting_user, reason)
    return offer


def accept_offer(offer: RoleOffer, *, acting_user: User) -> RoleOffer:
    """The person's own yes. Raises Refused for anybody else."""
    with acting(acting_user, offer.tenant.schema_name, on=offer.tenant):
        return take_acceptance(offer, acting_user)


def take_acceptance(offer: RoleOffer, person: User) -> RoleOffer:
    """``person`` says yes, in an act that holds the chain of the offer's site already. Raises Refused."""
    offer = _held(offer)
    reasons = reasons_against_ending(offer)
    if person.pk != offer.person_id:
        reasons.insert(0, _("任职邀请只能由本人接受。"))
    elif not reasons and offer.accepted_at is not None:
        reasons.append(_("这个邀请已经接受，正在等待第二人确认。"))
    if reasons:
        raise Refused(reasons)
    offer.accepted_at = timezone.now()
    offer.save(update_fields=["accepted_at"])
    _record("role.offer_accepted", offer, person)
    _complete(offer)
    return offer


def decline_offer(offer: RoleOffer, *, acting_user: User) -> RoleOffer:
    """The person's own no, also after having accepted. Raises Refused for anybody else."""
    with acting(acting_user, offer.tenant.schema_name, on=offer.tenant):
        offer = _held(offer)
        reasons = reasons_against_ending(offer)
        if acting_user.pk != offer.person_id:
            reasons.insert(0, _("任职邀请只能由本人谢绝。"))
        if reasons:
            raise Refused(reasons)
        _end(offer, State.DECLINED, acting_user)
        _record("role.offer_declined", offer, acting_user)
    return offer


def withdraw_offer(offer: RoleOffer, *, acting_user: User) -> RoleOffer:
    """Those who manage the site's people take an offer back. Raises Refused."""
    with acting(acting_user, offer.tenant.schema_name, on=offer.tenant):
        offer = _held(offer)
        reasons = [*reasons_against_managing(acting_user, offer.tenant), *reasons_against_ending(offer)]
        if reasons:
            raise Refused(reasons)
        _end(offer, State.WITHDRAWN, acting_user)
        _record("role.offer_withdrawn", offer, acting_user)
    return offer


# --- inside ------------------------------------------------------------------------------


def _held(offer: RoleOffer) -> RoleOffer:
    """The offer as it is now; nobody changes it, or the roles of its person, until the transaction ends."""
    lock_person(offer.person)
    return RoleOffer.objects.select_related("person", "tenant__parent", "offered_by", "confirmed_by").get(pk=offer.pk)


def _end(offer: RoleOffer, state: str, acting_user: User, reason: str = "") -> None:
    offer.state, offer.ended_by, offer.ended_at, offer.reason = state, acting_user, timezone.now(), reason.strip()[:500]
    offer.save(update_fields=["state", "ended_by", "ended_at", "reason"])


def _complete(offer: RoleOffer) -> None:
    """Make the membership when every word is there. Whatever has changed since the offer is asked again."""
    if offer.accepted_at is None or offer.lacks_confirmation:
        return
    reasons = reasons_against_grant(offer.person, offer.role, offer.tenant, None)
    if reasons_against_managing(offer.offered_by, offer.tenant):
        reasons.append(
            _("邀请人 %(user)s 已不再管理“%(site)s”的人员，请由现任管理员重新邀请。")
            % {"user": offer.offered_by, "site": offer.tenant.full_name}
        )
    if offer.confirmed_by is not None and not may_confirm_on(offer.confirmed_by, offer.tenant):
        reasons.append(
            _("确认人 %(user)s 已不再有权确认“%(site)s”的任职，请由现任管理员重新邀请，另由有权的人确认。")
            % {"user": offer.confirmed_by, "site": offer.tenant.full_name}
        )
    if reasons:
        raise Refused(reasons)
    confirmed = {"confirmed_by": offer.confirmed_by.signed_name} if offer.confirmed_by else {}
    make_member(
        offer.person, offer.role, offer.tenant, acting_user=offer.offered_by, detail={"offer": offer.pk, **confirmed}
    )
    offer.state, offer.ended_at = State.DONE, timezone.now()
    offer.save(update_fields=["state", "ended_at"])


def _record(act: str, offer: RoleOffer, acting_user: User, reason: str = "") -> None:
    detail = {"role": offer.role, "site": offer.tenant.code, "offer": offer.pk}
    record_act(
        act,
        acting_user=acting_user,
        obj=offer.person,
        detail={**detail, "reason": reason.strip()} if reason.strip() else detail,
        chain=offer.tenant.schema_name,
    )
