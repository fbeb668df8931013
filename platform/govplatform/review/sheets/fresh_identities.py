"""Marks on signatures: who signed shortly after being given the role, or a way past a lost password or phone.

Whoever grants a role or resets an account could have signed in that person's place; so the sheet says that it was done.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.roles import REVIEWER_CODES, ROLES
from govplatform.audit.actors import actor_in_words
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.tenancy.models import Tenant

from ..models import Decision

#: Our own number, no regulation names any.
FRESH = timedelta(days=1)
_PERSON = "accounts.user"


def marks_of(decisions: Iterable[Decision], chain: str) -> dict[int, list[str]]:
    """Return {id of the decision: its marks in words} for those that have any; one statement.

    ``chain``: of the site where the decisions were given, which gave its people their roles.
    """
    given = list(decisions)
    if not given:
        return {}
    console = Tenant.objects.filter(kind=Tenant.Kind.CONSOLE).values("schema_name")
    acts = Entry.objects.filter(
        Q(chain__in=[chain, PLATFORM_CHAIN]) | Q(chain__in=console),
        object_type=_PERSON,
        object_id__in=[str(decision.reviewer_id) for decision in given],
        act__in=("role.grant", "account.password", "account.reset_confirmed"),
        at__gte=min(decision.decided_at for decision in given) - FRESH,
    ).order_by("at", "number")
    found: dict[int, list[str]] = {}
    for entry in acts:
        for decision in given:
            before = decision.decided_at - FRESH <= entry.at <= decision.decided_at
            if before and entry.object_id == str(decision.reviewer_id) and (words := _words(entry, chain)):
                found.setdefault(decision.pk, []).append(words)
    return found


def _words(entry: Entry, chain: str) -> str:
    told = {"at": f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}", "who": actor_in_words(entry)}
    if entry.act == "role.grant":
        role = str(entry.detail.get("role", ""))
        if role not in REVIEWER_CODES or entry.chain != chain:
            return ""
        return _("签名前一日内（%(at)s）由 %(who)s 授予“%(role)s”") % {**told, "role": ROLES[role].label}
    if entry.act == "account.password":
        if str(entry.actor_id) == entry.object_id:
            return ""
        return _("签名前一日内（%(at)s）由 %(who)s 重设密码") % told
    if entry.detail.get("what") == "password":
        return _("签名前一日内（%(at)s）由 %(who)s 重设密码") % told
    return _("签名前一日内（%(at)s）由 %(who)s 重设动态口令") % told
