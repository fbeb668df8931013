"""Facts of a site that are no words: its look, its colours, traditional pages, its level, its superior site.

They take effect at once.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.accounts.permissions import has_role, is_platform_operator
from govplatform.accounts.roles import SITE_ADMIN
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import superiors_of
from govplatform.traditional.words import read_words

LOOK = ("theme", "colours")
#: Whether there are pages in traditional characters, and how words are written there.
TRADITIONAL = ("traditional", "traditional_words")
YES, NO = "yes", "no"
#: Who decides about a site's applications follows from these, so the site itself does not set them.
PLACE = ("level", "parent")
FACTS = (*LOOK, *TRADITIONAL, *PLACE)


def change_site_facts(tenant: Tenant, *, acting_user: User | None, **facts: str) -> dict[str, str]:
    """Change look, colours, traditional pages, level or superior site of ``tenant``; returns those that differ.

    ``facts``: codes by the names in ``FACTS``; '' for no superior site and for the look's own colours, YES or NO for
    traditional pages, their words one a line; TypeError for any other name. Raises Refused when the person may not, and
    names every fact that does not fit.
    """
    if unknown := set(facts) - set(FACTS):
        raise TypeError(f"a site's {', '.join(sorted(unknown))} cannot be changed here")
    with acting(acting_user, tenant.schema_name, on=tenant, frozen_too=False):
        stored = Tenant.objects.select_related("parent").get(pk=tenant.pk)
        present = facts_of(stored)
        changed = {name: value.strip() for name, value in facts.items() if value.strip() != present[name]}
        reasons = reasons_against_changing_facts(stored, acting_user, changed) or _reasons_against(stored, changed)
        if reasons:
            raise Refused(reasons)
        if not changed:
            return {}
        for name, value in changed.items():
            setattr(stored, name, _STORED.get(name, str)(value))
        # A site's row is changed in its own schema or in ``public``.
        with tenant_context(stored):
            stored.save(update_fields=list(changed))
            before = {name: present[name] for name in changed}
            record_act("site.change", acting_user=acting_user, obj=stored, detail={"before": before, "after": changed})
    return changed


def facts_of(tenant: Tenant) -> dict[str, str]:
    """Return the facts as codes."""
    return {
        "theme": tenant.theme,
        "colours": tenant.colours,
        "traditional": YES if tenant.traditional else NO,
        "traditional_words": tenant.traditional_words,
        "level": tenant.level,
        "parent": tenant.parent.code if tenant.parent is not None else "",
    }


def reasons_against_changing_facts(tenant: Tenant, acting_user: User | None, changed: Mapping[str, str]) -> list[str]:
    """Why ``acting_user`` may not change these: an operator may, a site's administrator how it looks."""
    if acting_user is None or is_platform_operator(acting_user):
        return []
    if not has_role(acting_user, SITE_ADMIN.code, tenant):
        return [_("只有“%(site)s”的站点管理员或平台运维人员可以修改网站设置。") % {"site": tenant.full_name}]
    labels = fact_labels()
    return [
        _("“%(field)s”由平台运维人员修改：本站各项申请由哪一级审批随它而定。请联系平台运维人员。")
        % {"field": labels[name]}
        for name in changed
        if name in PLACE
    ]


def fact_labels() -> dict[str, str]:
    """``{name: its name for people}``."""
    return {name: str(Tenant._meta.get_field(name).verbose_name) for name in FACTS}


def reasons_against_superior(site: Tenant) -> list[str]:
    """Why no site may stand below ``site``; those that may are ``tenancy.queries.possible_superiors``."""
    if site.is_console:
        return [_("监管控制台不能作为上级站点。")]
    if site.dropped_at is not None or site.status == Tenant.Status.RETIRED:
        return [_("“%(site)s”已经关停，不能作为上级站点。") % {"site": site.full_name}]
    return []


# --- inside ------------------------------------------------------------------------------


def _reasons_against(tenant: Tenant, changed: Mapping[str, str]) -> list[str]:
    if tenant.is_console:
        return [_("监管控制台不是网站，没有网站设置。")]
    if tenant.dropped_at is not None:
        return [_("“%(site)s”的内容已经移除，网站设置不能再改。") % {"site": tenant.full_name}]
    return [reason for name, value in changed.items() for reason in _CHECKS[name](tenant, value)]


def _one_of(field: str, value: str, known: Mapping[str, Any] | list[str]) -> list[str]:
    if value in known:
        return []
    named = {"field": fact_labels()[field], "value": value, "known": "、".join(filter(None, known))}
    return [_("%(field)s没有“%(value)s”这一种。可用：%(known)s。") % named]


def _against_parent(tenant: Tenant, code: str) -> list[str]:
    if not code:
        return []
    parent = Tenant.objects.filter(code=code).select_related("parent").first()
    if parent is None:
        return [_("上级站点“%(code)s”不存在，请核对站点代码。") % {"code": code}]
    if reasons := reasons_against_superior(parent):
        return reasons
    if parent.pk == tenant.pk or tenant in superiors_of(parent):
        return [
            _("“%(parent)s”是本站或本站的下级，不能作为“%(site)s”的上级站点。")
            % {"parent": parent.full_name, "site": tenant.full_name}
        ]
    return []


#: How a fact that is no text comes out of its code.
_STORED: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {"parent": lambda code: Tenant.objects.filter(code=code).first(), "traditional": lambda code: code == YES}
)
_CHECKS: Mapping[str, Callable[[Tenant, str], list[str]]] = MappingProxyType(
    {
        "theme": lambda _tenant, value: _one_of("theme", value, settings.THEME_CODES),
        "colours": lambda _tenant, value: _one_of("colours", value, ["", *settings.COLOUR_CODES]),
        "traditional": lambda _tenant, value: _one_of("traditional", value, [YES, NO]),
        "traditional_words": lambda _tenant, value: read_words(value)[1],
        "level": lambda _tenant, value: _one_of("level", value, dict(Tenant.Level.choices)),
        "parent": _against_parent,
    }
)
