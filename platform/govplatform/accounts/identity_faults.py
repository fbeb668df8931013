"""Roles that approve, compared with the record: a row written past the product makes no reviewer unseen."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from govplatform.audit.models import Entry

from .models import Membership, User
from .roles import ROLES, TAKES_TWO_CODES

_ACTS = ("role.grant", "role.revoke", "role.offer_confirmed", "role.offer_accepted")
#: (chain, id of the person as the record writes it, role)
_Key = tuple[str, str, str]


def find_identity_faults() -> tuple[int, list[dict[str, Any]]]:
    """Return (number of memberships checked, a fault for each that the record does not explain).

    Checked is whoever holds a role that approves or decides who approves. The record must say that it was given and
    not taken away since, by the shell, or by one person with the word of another and of the holder. A fault:
    ``{"user", "site", "role", "problem"}``.
    """
    told = _told()
    held = Membership.objects.filter(role__in=TAKES_TWO_CODES).select_related("user", "tenant").order_by("pk")
    faults, checked = [], 0
    for membership in held.iterator(chunk_size=500):
        checked += 1
        acts = told[(str(membership.tenant.schema_name), str(membership.user_id), membership.role)]
        if problem := _problem(acts, str(membership.user_id)):
            faults.append(
                {
                    "user": membership.user.username,
                    "site": membership.tenant.code,
                    "role": str(ROLES[membership.role].label),
                    "problem": problem,
                }
            )
    return checked, faults


def _told() -> dict[_Key, list[Entry]]:
    told: dict[_Key, list[Entry]] = defaultdict(list)
    acts = Entry.objects.filter(act__in=_ACTS, object_type=User._meta.label_lower)
    for entry in acts.order_by("chain", "number").iterator(chunk_size=2000):
        told[(entry.chain, entry.object_id, str(entry.detail.get("role", "")))].append(entry)
    return told


def _problem(acts: list[Entry], holder: str) -> str:
    """Say what the record lacks for a role that is held; '' when it explains it. ``acts``: oldest first."""
    last = next((entry for entry in reversed(acts) if entry.act in ("role.grant", "role.revoke")), None)
    if last is None or last.act == "role.revoke":
        return _("任职没有授予记录")
    if last.actor_id is None:
        return ""
    since = [entry for entry in acts if entry.number <= last.number]
    confirmed = {entry.actor_id for entry in since if entry.act == "role.offer_confirmed"}
    if not confirmed - {last.actor_id, int(holder)}:
        return _("没有第二人确认的记录")
    if int(holder) not in {entry.actor_id for entry in since if entry.act == "role.offer_accepted"}:
        return _("没有本人接受的记录")
    return ""
