"""Rules of a host tried on an address before they are chosen: what it becomes, and what it would answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from govplatform.tenancy.models import Tenant

from .canonical import CHARSETS, Form, Rules, forms_of_path, split_url, stored_form
from .entering import BATCH, rules_of
from .known import Answer
from .models import Address
from .queries import scope_of
from .resolving import answer_among, resolve, rows_of

#: Hosts with more addresses are compared when the rules are saved, and not for a trial: it is an answer in a moment.
COMPARED = 50_000
#: What a column of the rules keeps, in characters, and how many names of each kind.
_LONGEST = {"significant": 60, "default_documents": 60, "legacy_extensions": 20}
_MOST_NAMES = 100


@dataclass(frozen=True)
class Trial:
    """What rules make of an address.

    ``path`` and ``loose``: its two forms, '' when it is no address; ``now``: the answer by the rules that hold;
    ``answer``: the one by the rules tried, None when the host has too many addresses to say; ``same``: two known
    addresses that the rules would make one, so that they cannot be chosen.
    """

    path: str
    loose: str
    now: Answer
    answer: Answer | None
    same: tuple[str, str] | None = None


def reasons_against_rules(rules: Rules) -> list[str]:
    """Say what is wrong with rules that somebody wrote."""
    reasons = []
    if rules.charset not in CHARSETS:
        reasons.append(
            _("没有“%(charset)s”这种编码，可写：%(known)s。") % {"charset": rules.charset, "known": "、".join(CHARSETS)}
        )
    labels = {
        "significant": _("有意义的查询参数"),
        "default_documents": _("默认文档"),
        "legacy_extensions": _("可省略的扩展名"),
    }
    for name, most in _LONGEST.items():
        given: Sequence[str] = getattr(rules, name)
        if len(given) > _MOST_NAMES:
            reasons.append(_("“%(field)s”最多写 %(most)s 个。") % {"field": labels[name], "most": _MOST_NAMES})
        for one in given:
            if not one or len(one) > most or not one.isprintable() or set(one) & set(" /?#&="):
                words = {"field": labels[name], "name": one[:most], "most": most}
                reasons.append(
                    _("“%(field)s”里的“%(name)s”不能用：不超过 %(most)s 个字，没有空格和 / ? # & =。") % words
                )
    reasons += [
        _("“%(field)s”要以“.”开头，例如 .html，不能写“%(name)s”。")
        % {"field": labels["legacy_extensions"], "name": one[:20]}
        for one in rules.legacy_extensions
        if not (one.startswith(".") and len(one) > 1)
    ]
    return reasons


def try_rules(tenant: Tenant, host: str, rules: Rules, address: str) -> Trial:
    """Say what ``address`` (a path, or a whole address of ``host``) becomes and answers by ``rules``; nothing is kept.

    ``host``: '' for the site's own.
    """
    parts = None if address.startswith("/") else split_url(address)
    path = parts[1] if parts is not None else address
    forms = forms_of_path(path, rules)
    now = resolve(tenant, host, forms_of_path(path, rules_of(tenant, host)))
    first = forms[0] if forms else Form("", "")
    scope = scope_of(tenant, host)
    rows = Address.objects.filter(tenant=tenant, host=scope)
    if not forms or rows[COMPARED : COMPARED + 1].exists():
        return Trial(first.path, first.loose, now, None)
    found, same = _meant(tenant, scope, rules, forms)
    return Trial(first.path, first.loose, now, answer_among(tenant, host, forms, found), same)


def _meant(tenant: Tenant, scope: str, rules: Rules, forms: list[Form]) -> tuple[list[Address], tuple[str, str] | None]:
    """The rows that the address would be looked up among, with the keys that ``rules`` give them, and two that would
    be one.
    """
    keys = {form.key for form in forms} | {form.loose_key for form in forms}
    wanted: dict[int, Form] = {}
    seen: dict[UUID, str] = {}
    same: tuple[str, str] | None = None
    known = Address.objects.filter(tenant=tenant, host=scope).order_by("pk").values_list("pk", "path")
    for number, path in known.iterator(chunk_size=BATCH):
        form = stored_form(path, rules)
        if form is None:
            continue
        same = same or ((seen[form.key], path) if form.key in seen else None)
        seen[form.key] = path
        if keys & {form.key, form.loose_key}:
            wanted[number] = form
    rows = list(Address.objects.filter(pk__in=wanted).select_related("tenant", "to_tenant").order_by("pk"))
    for row in rows:
        form = wanted[row.pk]
        row.path, row.key, row.loose = form.path, form.key, form.loose_key
    # An old host's addresses come before the site's own, which keep their keys.
    return (rows + rows_of(tenant, "", forms) if scope else rows), same
