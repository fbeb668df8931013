"""Which site an address belongs to, and to whom a report of it is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from govplatform.addresses.canonical import Form, forms_of_path, split_url
from govplatform.addresses.entering import rules_of
from govplatform.addresses.models import Address
from govplatform.addresses.queries import holder_of
from govplatform.addresses.resolving import rows_of
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import superiors_of
from govplatform.traditional.addresses import plain_of

from ..actions import is_working
from ..models import ErrorReport

#: Characters of an address; the column is as wide.
LONGEST = 500


@dataclass(frozen=True)
class Place:
    """An address of a page. ``site``: None where the platform does not know its host; ``title``: '' for none."""

    url: str
    site: Tenant | None
    title: str = ""


def read_place(text: str, *, on: Tenant | None = None) -> Place | None:
    """Return the place that ``text`` names; None for what is no address of the web, or too long.

    ``text``: a whole address, or a path of the site ``on``. Its host may be one that the platform does not know.
    """
    text = text.strip()
    if on is not None and text.startswith("/") and not text.startswith(("//", "/\\")):
        text = public_url(on, text)
    parts = split_url(text)
    if parts is None or len(text) > LONGEST or _has_strange_port(text):
        return None
    host, rest = parts
    rest = rest.partition("#")[0]
    url = text.partition("#")[0]
    site = holder_of(host)
    if site is None or site.is_console:
        return Place(url, None)
    return Place(url, site, _title(site, host, rest))


def titles_now(reports: Sequence[ErrorReport]) -> dict[int, str]:
    """Return ``{number of the report: title}`` of those whose page is public now: what came down is not named."""
    forms = {report.pk: _forms(report) for report in reports}
    keys = {form.key for one in forms.values() for form in one}
    rows = Address.objects.filter(
        tenant__in={report.site_id for report in reports}, host="", key__in=keys, state=Address.State.PUBLIC
    ).values_list("tenant", "path", "title")
    titles: dict[tuple[int | None, str], str] = {(tenant, path): title for tenant, path, title in rows}
    found = {}
    for report in reports:
        named = (titles.get((report.site_id, form.path), "") for form in forms[report.pk])
        found[report.pk] = next(filter(None, named), "")
    return found


def proposed_site(report: ErrorReport) -> Tenant | None:
    """Return the site to which a report is proposed to be passed; None where somebody has to choose.

    Of a site that has gone into another one, that; of one that nobody works on any more or for now, none.
    """
    site, seen = report.site, set[int]()
    while site is not None and site.moved_into is not None and site.pk not in seen:
        seen.add(site.pk)
        site = site.moved_into
    if site is None or not site.answers_citizens or not is_working(site):
        return None
    desk = report.case.desk
    return site if site == desk or desk in superiors_of(site) else None


# --- inside ------------------------------------------------------------------------------


def _has_strange_port(url: str) -> bool:
    """Whether the address names another port than citizens use: what answers there is none of ours."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return True
    return port is not None and str(port) not in ("80", "443", str(settings.PUBLIC_PORT))


def _forms(report: ErrorReport) -> list[Form]:
    parts = split_url(report.url)
    if report.site is None or parts is None:
        return []
    return forms_of_path(plain_of(parts[1]), rules_of(report.site))


def _title(site: Tenant, host: str, rest: str) -> str:
    """The title of the address as the ledger has it: never of what the sender says it is."""
    own = "" if any(domain.domain == host for domain in site.domains.all()) else host
    forms = forms_of_path(plain_of(rest), rules_of(site, own))
    rows = rows_of(site, own, forms)
    exact = {form.path for form in forms}
    row = next((row for row in rows if row.path in exact), None)
    # What came down may carry the reason for it in its title.
    return row.title if row is not None and row.state == row.State.PUBLIC else ""
