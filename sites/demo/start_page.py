"""The start page of the demo, which a new user sees first: sites, consoles, accounts with their roles, what to try."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from content_library.models import Repost
from govplatform.accounts.models import Membership, User
from govplatform.accounts.roles import ROLES
from govplatform.lifecycle.models import SiteApplication
from govplatform.tenancy.hosts import archive_url, console_url, public_url
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import all_tenants

from .accounts import DEMO_PASSWORD
from .load_archive import demo_archive
from .load_arrival import crawl_file, demo_arrival
from .load_library import read_scenes
from .sign_in import way_in

_ROLE_ORDER = {code: number for number, code in enumerate(ROLES)}


@dataclass(frozen=True)
class Account:
    """One role of a person on one site.

    ``elsewhere``: short names of the person's other sites, joined by 、; ``way_in``: signs in at once, '' if not here.
    """

    username: str
    name: str
    role: str | Promise
    role_code: str
    elsewhere: str
    way_in: str


@dataclass
class SiteCard:
    """One site with its two addresses and its people; ``depth`` counts the sites above it."""

    tenant: Tenant
    public: str
    console: str
    depth: int
    accounts: list[Account] = field(default_factory=list)

    def holder(self, role: str) -> Account | None:
        """Return the first person with ``role`` on the site, for the guided tour; None when there is none."""
        return next((account for account in self.accounts if account.role_code == role), None)


@dataclass(frozen=True)
class Sight:
    """A page that shows what the common library or an archive does."""

    what: str
    url: str


def start_page(request: HttpRequest) -> HttpResponse:
    cards = site_cards()
    tour = next((card for card in cards if card.depth == 0 and card.public), None)
    context = {
        "sites": [card for card in cards if card.public],
        "console": next((card for card in cards if card.tenant.is_console), None),
        "cards": cards,
        "password": DEMO_PASSWORD,
        "tour": tour,
        "tour_people": _tour_people(tour),
        "sights": library_sights(),
        "archive": archive_sight(),
        "arrival": arrival_sight(),
        "retirement": retirement_sight(cards),
    }
    return render(request, "demo/start_page.html", context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400 in words; the page itself takes no parameters."""
    return HttpResponseBadRequest(
        _("网址含有无法识别的字符，请从首页重新进入。") + "\n", content_type="text/plain; charset=utf-8"
    )


def site_cards() -> list[SiteCard]:
    """Return the sites as a tree read from the top, with the supervising console last; two queries."""
    tenants = list(all_tenants())
    cards: list[SiteCard] = []

    def add(parent_id: int | None, depth: int) -> None:
        for tenant in tenants:
            if tenant.parent_id == parent_id and not tenant.is_console:
                cards.append(SiteCard(tenant, public_url(tenant), console_url(tenant), depth))
                add(tenant.pk, depth + 1)

    add(None, 0)
    cards += [SiteCard(t, "", console_url(t), 0) for t in tenants if t.is_console]
    _place_people({card.tenant.pk: card for card in cards})
    return cards


def library_sights() -> list[Sight]:
    """Return the reposts of the scenes which ``content/library.toml`` says something about (``shows``)."""
    found = {
        (repost.tenant.code, repost.mode, repost.resource.url.rstrip("/").rsplit("/", 1)[-1]): repost
        for repost in Repost.objects.select_related("tenant", "resource").prefetch_related("tenant__domains")
    }
    sights = []
    for entry in read_scenes()["repost"]:
        repost = found.get((entry["site"], entry["mode"], entry["source"].split("/")[1]))
        if repost is not None and "shows" in entry:
            sights.append(Sight(entry["shows"], public_url(repost.tenant, repost.path)))
    return sights


def archive_sight() -> Sight | None:
    """Return the archive to open, None while there is none."""
    archive = demo_archive()
    return Sight(archive.tenant.full_name, archive_url(f"/{archive.pk}/")) if archive is not None else None


def arrival_sight() -> dict[str, Any] | None:
    """Return the arrival to look at: ``{"sight", "editor", "file"}``, None while there is none."""
    found = demo_arrival()
    if found is None:
        return None
    tenant, arrival = found
    editor = arrival.started_by.username
    file = crawl_file()
    shown = file.relative_to(settings.BASE_DIR) if file.is_relative_to(settings.BASE_DIR) else file
    return {"sight": Sight(arrival.host, console_url(tenant, f"/admin/arrivals/{arrival.pk}/")), "editor": editor,
            "site": tenant.full_name, "file": str(shown)}  # fmt: skip


def retirement_sight(cards: list[SiteCard]) -> dict[str, Any] | None:
    """Return the site that retires and what there is to do: None once it has been merged and confirmed."""
    retiring = SiteApplication.objects.filter(kind=SiteApplication.Kind.RETIRE, tenant__status=Tenant.Status.RETIRING)
    application = retiring.select_related("tenant", "into").order_by("pk").first()
    into = next((card for card in cards if application is not None and card.tenant == application.into), None)
    console = next((card for card in cards if card.tenant.is_console), None)
    if application is None or into is None or console is None:
        return None
    query = urlencode({"source": application.tenant.code, "destination": into.tenant.code})
    return {
        "site": application.tenant.full_name,
        "into": into.tenant.full_name,
        "public": public_url(application.tenant),
        "plan": console_url(console.tenant, f"/admin/fleet/merge/?{query}"),
        "merges": console_url(console.tenant, "/admin/fleet/merges/"),
        "end": console_url(console.tenant, f"/admin/fleet/sites/{application.tenant.code}/ending/"),
        "operator": console.holder("operator"),
        "reviewers": [into.holder("content-reviewer"), into.holder("confidentiality-reviewer")],
    }


def _place_people(cards: dict[int, SiteCard]) -> None:
    memberships = list(Membership.objects.select_related("user").order_by("user__username"))
    works_on: dict[int, set[int]] = {}
    for membership in memberships:
        works_on.setdefault(membership.user_id, set()).add(membership.tenant_id)
    for membership in sorted(memberships, key=lambda m: _ROLE_ORDER[m.role]):
        user: User = membership.user
        others = works_on[user.pk] - {membership.tenant_id}
        cards[membership.tenant_id].accounts.append(
            Account(
                username=user.username,
                name=user.full_name,
                role=ROLES[membership.role].label,
                role_code=membership.role,
                elsewhere="、".join(card.tenant.short_name for pk, card in cards.items() if pk in others),
                way_in=way_in(membership.tenant, user.username),
            )
        )


def _tour_people(card: SiteCard | None) -> dict[str, Account | None]:
    if card is None:
        return {}
    return {
        "editor": card.holder("editor"),
        "content": card.holder("content-reviewer"),
        "confidentiality": card.holder("confidentiality-reviewer"),
        "auditor": card.holder("auditor"),
    }
