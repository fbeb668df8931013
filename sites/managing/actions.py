"""The one act that changes a site: every field by the act of the package that owns it, all of them or none."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.lifecycle.site_facts import change_site_facts
from govplatform.lifecycle.site_record import SITE_RECORD, change_site_record
from govplatform.locks.order import PLATFORM_CHAIN
from govplatform.refusals import Refused
from govplatform.review.frame.kinds import kind_of
from govplatform.review.frame.queries import waiting_for
from govplatform.review.models import FrameProposal
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import console_tenant
from sites.columns.actions import arrange_columns, change_column, find_column
from sites.columns.models import Column
from sites.home.actions import change_home
from sites.home.models import HomePage

from .fields import SECTIONS, Asked, known_fields
from .permissions import reasons_against_managing_site


def change_site(
    tenant: Tenant, asked: Asked, *, acting_user: User | None, reason: str = "", verb: str = ""
) -> list[FrameProposal]:
    """Change ``tenant`` as ``asked``; returns what waits for a second person now, in whichever schema.

    ``acting_user`` None: the shell, whose words take effect at once under ``verb``. ``reason``: why words stay that the
    scan doubts. Raises Refused with the reasons of all fields at fault; then nothing is changed.
    """
    if not asked:
        known = "、".join(f"{code}（{label}）" for code, label in known_fields().items())
        raise Refused(_("请写明要改的项目，写作 项目=内容。可用：%(known)s。") % {"known": known})
    said: dict[str, Any] = {
        "acting_user": acting_user,
        "reason": reason,
        "verb": "" if acting_user is not None else verb,
    }
    chains = [tenant.schema_name]
    if asked.record:
        chains += [console_tenant().schema_name, PLATFORM_CHAIN]
    with tenant_context(tenant), acting(acting_user, *chains, on=tenant, frozen_too=False):
        if reasons := reasons_against_managing_site(acting_user, tenant):
            raise Refused(reasons)
        _all_or_none(_steps(tenant, asked, said))
        return _waiting(tenant, asked)


def _steps(tenant: Tenant, asked: Asked, said: dict[str, Any]) -> list[Callable[[], Any]]:
    """The acts, in the order in which they take their locks."""
    who = said["acting_user"]
    steps: list[Callable[[], Any]] = []
    if asked.record:
        record: dict[str, Any] = {**asked.record}
        steps.append(lambda: change_site_record(tenant, **said, **record))
    if asked.facts:
        steps.append(lambda: change_site_facts(tenant, acting_user=who, **asked.facts))
    if asked.home:
        steps.append(lambda: change_home(home_page(), **said, **asked.home))
    for slug, fields in asked.columns.items():
        steps.append(lambda slug=slug, fields=fields: change_column(find_column(slug), **said, **fields))  # type: ignore[misc]
    for above, order in asked.orders.items():
        steps.append(lambda above=above, order=order: _arrange(above, order, who))  # type: ignore[misc]
    return steps


def _all_or_none(steps: list[Callable[[], Any]]) -> None:
    refusals: list[Refused] = []
    for step in steps:
        try:
            step()
        except Refused as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        # As it is: a form finds the fields of WordsRefused.
        raise refusals[0]
    if refusals:
        raise Refused([reason for refused in refusals for reason in refused.reasons])


def home_page() -> HomePage:
    """The home page of the current site. Raises Refused when there is none."""
    home: HomePage | None = HomePage.objects.first()
    if home is None:
        raise Refused(_("本站没有首页，请联系平台运维人员。"))
    return home


def _arrange(above: str, order: list[str], acting_user: User | None) -> None:
    parent: Page = find_column(above) if above else home_page()
    ids = dict(Column.objects.child_of(parent).values_list("slug", "pk"))
    if unknown := [slug for slug in order if slug not in ids]:
        known = "、".join(ids)
        raise Refused(_("“%(parent)s”之下没有标识为“%(slug)s”的栏目。可用：%(known)s。") % {
            "parent": parent.title, "slug": unknown[0], "known": known,
        })  # fmt: skip
    arrange_columns(parent, [ids[slug] for slug in order], acting_user=acting_user)


def _waiting(tenant: Tenant, asked: Asked) -> list[FrameProposal]:
    objects: list[Any] = [find_column(slug) for slug in asked.columns]
    if set(asked.home) - {SECTIONS}:
        objects.append(home_page())
    found = [waiting_for(kind, obj.pk) for obj in objects if (kind := kind_of(obj)) is not None]
    if asked.record:
        found.append(waiting_for(SITE_RECORD, tenant.pk))
    return [proposal for proposal in found if proposal is not None]
