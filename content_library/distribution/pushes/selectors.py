"""推送范围, the sites of a push: ``level=county``, ``parent=CODE``, ``site=A,B``, ``kind=portal``, joined by ``;``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.accounts.permissions import is_supervisor
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

_KEYS = ("level", "parent", "site", "kind")
#: A site pushes to those of a lower level, and to those below it.
RANKS = {Tenant.Level.COUNTY.value: 1, Tenant.Level.CITY.value: 2, Tenant.Level.PROVINCE.value: 3}
_NAMED = 5


@dataclass(frozen=True)
class Selector:
    """The parts of a selector, ``{key: values}``: a site must fit every key, by any of its values."""

    parts: dict[str, list[str]] = field(default_factory=dict)


def parse_selector(text: str) -> Selector:
    """Parse a selector; raise Refused with every mistake in words."""
    parts: dict[str, list[str]] = {}
    reasons = []
    for part in filter(None, (piece.strip() for piece in text.replace("；", ";").split(";"))):
        key, equals, values = part.partition("=")
        key, given = key.strip(), [v.strip() for v in values.replace("，", ",").split(",") if v.strip()]
        if key not in _KEYS or not equals:
            reasons.append(
                _("推送范围“%(part)s”看不懂。可用：level=county、parent=上级站点代码、site=站点代码、kind=portal。")
                % {"part": part}
            )
        elif not given:
            reasons.append(_("推送范围“%(key)s=”后面没有写内容。") % {"key": key})
        elif key in parts:
            reasons.append(_("推送范围中“%(key)s”写了两次；多个值请用逗号隔开。") % {"key": key})
        else:
            parts[key] = given
    if not parts and not reasons:
        reasons.append(_("请写明推送范围，例如 level=county 或 parent=上级站点代码。"))
    reasons += _unknown(parts, "level", Tenant.Level.choices)
    reasons += _unknown(parts, "kind", [choice for choice in Tenant.Kind.choices if choice[0] != Tenant.Kind.CONSOLE])
    if reasons:
        raise Refused(reasons)
    return Selector(parts)


def describe_selectors(texts: Iterable[str]) -> dict[str, str]:
    """Put selectors in words, ``{text: words}``: codes become names; one not understood stays as it is."""
    parsed: dict[str, dict[str, list[str]]] = {}
    for text in texts:
        try:
            parsed[text] = parse_selector(text).parts
        except Refused:
            parsed[text] = {}
    codes = {code for parts in parsed.values() for key in ("site", "parent") for code in parts.get(key, [])}
    names = {tenant.code: tenant.full_name for tenant in Tenant.objects.filter(code__in=codes)}
    return {text: _in_words(parts, names) or text for text, parts in parsed.items()}


def _in_words(parts: dict[str, list[str]], sites: dict[str, str]) -> str:
    levels, kinds = ({value: str(label) for value, label in choices.choices} for choices in (Tenant.Level, Tenant.Kind))
    words = []
    for key, phrase, names in (
        ("level", _("%(named)s站点"), levels),
        ("kind", "%(named)s", kinds),
        ("parent", _("“%(named)s”以下的全部站点"), sites),
        ("site", "%(named)s", sites),
    ):
        if key not in parts:
            continue
        named = "、".join(names.get(value, value) for value in parts[key][:_NAMED])
        if len(parts[key]) > _NAMED:
            named = _("%(named)s等 %(count)s 个") % {"named": named, "count": len(parts[key])}
        words.append(phrase % {"named": named})
    return "，".join(words)


def select_targets(text: str, resource: Resource, acting_user: User) -> list[Tenant]:
    """Return the sites that ``text`` names, ordered by code; never the source nor a console.

    ``parent`` takes all sites below it, at any depth. Who pushes as a site reaches what is subordinate to it.
    Raises Refused for mistakes, for codes that no site has, for sites out of reach and when nothing is left.
    """
    wanted = parse_selector(text).parts
    tenants = {
        tenant.pk: tenant for tenant in Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).prefetch_related("domains")
    }
    codes = {tenant.code: tenant for tenant in tenants.values()}
    missing = [code for key in ("site", "parent") for code in wanted.get(key, []) if code not in codes]
    if missing:
        raise Refused([_("没有代码为“%(code)s”的站点。") % {"code": code} for code in missing])
    chosen = list(tenants.values())
    if "level" in wanted:
        chosen = [tenant for tenant in chosen if tenant.level in wanted["level"]]
    if "kind" in wanted:
        chosen = [tenant for tenant in chosen if tenant.kind in wanted["kind"]]
    if "site" in wanted:
        chosen = [tenant for tenant in chosen if tenant.code in wanted["site"]]
    if "parent" in wanted:
        parents = {codes[code].pk for code in wanted["parent"]}
        chosen = [tenant for tenant in chosen if parents & set(ancestors_of(tenant, tenants))]
    own = {resource.tenant_id, resource.holder_id}
    chosen = [tenant for tenant in chosen if tenant.pk not in own]
    if not chosen:
        raise Refused(_("推送范围“%(text)s”里没有别的站点。") % {"text": text})
    _require_subordinate(chosen, tenants, resource, acting_user)
    return sorted(chosen, key=lambda tenant: tenant.code)


def _unknown(parts: dict[str, list[str]], key: str, choices: Sequence[tuple[str, Any]]) -> list[str]:
    known = {value for value, _label in choices}
    return [
        _("推送范围 %(key)s 没有“%(value)s”。可用：%(known)s。")
        % {"key": key, "value": value, "known": "、".join(f"{v}（{label}）" for v, label in choices)}
        for value in parts.get(key, [])
        if value not in known
    ]


def ancestors_of(tenant: Tenant, tenants: dict[int, Tenant]) -> list[int]:
    """Return the keys of all sites above ``tenant``, the nearest first. ``tenants``: every site by its key."""
    found: list[int] = []
    above = tenant.parent_id
    while above is not None and above not in found:
        found.append(above)
        above = tenants[above].parent_id if above in tenants else None
    return found


def _require_subordinate(
    chosen: list[Tenant], tenants: dict[int, Tenant], resource: Resource, acting_user: User
) -> None:
    source = resource.tenant or resource.holder
    if source is None or is_supervisor(acting_user):
        return
    rank = RANKS.get(source.level, 0)
    outside = [t for t in chosen if RANKS.get(t.level, 0) >= rank and source.pk not in ancestors_of(t, tenants)]
    if outside:
        named = "、".join(tenant.full_name for tenant in outside[:_NAMED]) + ("…" if len(outside) > _NAMED else "")
        raise Refused(
            _("“%(source)s”只能向下级站点推送；这些站点不是它的下级：%(named)s。需要时请由监管员推送。")
            % {"source": source.full_name, "named": named}
        )
