"""The opening and staffing of the demo province's sites, through the platform's own actions."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from govplatform.accounts.actions import create_user, grant_role
from govplatform.accounts.models import Membership, RoleOffer, User
from govplatform.accounts.offers.actions import offer_role
from govplatform.accounts.roles import OPERATOR
from govplatform.lifecycle.actions import CONSOLE_CODE, NewSite, open_site
from govplatform.lifecycle.site_facts import YES, change_site_facts
from govplatform.lifecycle.site_record import change_site_record
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from sites.demo.accounts import DEMO_PASSWORD
from sites.demo.content import Person, Province, SiteFacts

PUBLIC_PARENT_DOMAIN = "localhost"
Said = Callable[[str], None]


def staff_console(province: Province) -> User:
    """Give the console its facts and people, in nobody's name; return the operator, who does the rest of the loading.

    Raises LookupError when the content has no operator.
    """
    tenant = get_tenant(CONSOLE_CODE)
    _give_facts(tenant, province.site(CONSOLE_CODE).facts)
    operator: User | None = None
    for person in province.people:
        for membership in person.memberships:
            if membership.site == CONSOLE_CODE:
                user = _account(person)
                _role(user, membership.role, tenant)
                operator = user if membership.role == OPERATOR.code and operator is None else operator
    if operator is None:
        raise LookupError("the demo's people lack an operator")
    return operator


def open_sites(province: Province, *, operator: User, said: Said) -> dict[str, Tenant]:
    """Open the sites of the province that do not exist yet, parents first; return all by their code.

    ``said`` is called with the name of each site that is opened.
    """
    known = set(Tenant.objects.values_list("code", flat=True))
    for site in province.sites:
        facts = site.facts
        if facts.code not in known:
            said(facts.name)
            opened, _seconds = open_site(_new_site(facts), acting_user=operator, verb="load_demo")
            if facts.traditional:
                change_site_facts(opened, acting_user=None, traditional=YES)
    return {site.facts.code: get_tenant(site.facts.code) for site in province.sites}


def staff_sites(province: Province, tenants: dict[str, Tenant], *, said: Said) -> dict[str, User]:
    """Make the accounts and roles that are missing; return all accounts by user name.

    ``said`` is called with the name of each person.
    """
    held = set(Membership.objects.values_list("user__username", "tenant__code", "role"))
    people = {user.username: user for user in User.objects.filter(username__in=[p.username for p in province.people])}
    for person in province.people:
        said(person.full_name)
        user = people.get(person.username) or _account(person)
        people[person.username] = user
        for membership in person.memberships:
            if (person.username, membership.site, membership.role) not in held:
                _role(user, membership.role, tenants[membership.site])
    _offer_roles(province, tenants, people)
    return people


def _offer_roles(province: Province, tenants: dict[str, Tenant], people: dict[str, User]) -> None:
    """Offer what is to wait for an answer, by the administrator of the site, unless it was offered before."""
    for person in province.people:
        for offer in person.offers:
            user, tenant = people[person.username], tenants[offer.site]
            if not RoleOffer.objects.filter(person=user, tenant=tenant, role=offer.role).exists():
                administrator = next(p for p in province.people if p.holds(offer.site, "site-admin"))
                offer_role(user, offer.role, tenant=tenant, acting_user=people[administrator.username])


def _account(person: Person) -> User:
    # The demo's people share one simple password, so that anybody can try every role: the shell alone may do that.
    found = User.objects.filter(username=person.username).first()
    return found or create_user(person.username, full_name=person.full_name, password=DEMO_PASSWORD, acting_user=None)


def _role(user: User, role: str, tenant: Tenant) -> None:
    grant_role(user, role, tenant=tenant, acting_user=None)


def _new_site(facts: SiteFacts) -> NewSite:
    return NewSite(
        code=facts.code,
        host=f"{facts.code}.{PUBLIC_PARENT_DOMAIN}",
        console_host=f"{facts.code}.{settings.CONSOLE_PARENT_DOMAIN}",
        kind=facts.kind,
        level=facts.level,
        parent_code=facts.parent,
        theme=facts.theme,
        rule_pack=facts.rule_pack,
        **_record(facts),
    )


def _record(facts: SiteFacts) -> dict[str, str]:
    """Return the fields of the site's own record, which stand on all of its pages."""
    return {
        "full_name": facts.name,
        "identity_code": facts.identity_code,
        "short_name": facts.short_name,
        "organiser": facts.organiser,
        "undertaker": facts.undertaker,
        "responsible_person": facts.responsible_person,
        "contact": _contact(facts),
        "icp_number": facts.icp_number,
        "police_record_number": facts.police_number,
    }


def _contact(facts: SiteFacts) -> str:
    return f"{facts.contact_address}　电话：{facts.contact_phone}"


def _give_facts(tenant: Tenant, facts: SiteFacts) -> None:
    """Write the facts of the console, which exists from the platform's first moment, unless it has its code already."""
    if tenant.identity_code == facts.identity_code:
        return
    change_site_record(tenant, acting_user=None, verb="load_demo", **_record(facts))
    tenant.refresh_from_db()
