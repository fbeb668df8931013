"""What the ledger answers for an address, out of ``public`` alone.

A redirect is worked out when it is asked for: from what an address led to, to where that is public now. So there is
nothing that could lead to another redirect or in a circle, however often a page, a column or a whole site has moved.
"""

from collections.abc import Callable, Iterable
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.tenancy.hosts import host_names, public_url, site_for_old_host
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.queries import superiors_of

from .canonical import Form, forms_of_path, key_of, location_of, split_url
from .entering import rules_of
from .known import Answer, Ending, Kind, address_book
from .models import Address, ListedHost

#: From hand to hand no further: whoever maps addresses by hand, again and again, may not make the answer long.
_HOPS = 10
#: So many rows that share a loose form are looked at; where there are more, nobody can know which is meant.
_ALIKE = 8
#: Numbers of pages are shorter.
_DIGITS = 11
_UNKNOWN = Answer(404)
#: The hosts of all old addresses, each with a site that holds some: one step through the index for each of them.
OLD_HOSTS = """
WITH RECURSIVE held AS (
 (SELECT host, tenant_id FROM public.addresses_address WHERE host <> '' ORDER BY host, tenant_id LIMIT 1)
 UNION ALL
 SELECT following.host, following.tenant_id FROM held, LATERAL (
  SELECT host, tenant_id FROM public.addresses_address WHERE host <> '' AND host > held.host
  ORDER BY host, tenant_id LIMIT 1) following
)
SELECT host, tenant_id FROM held
"""


def resolve(tenant: Tenant, host: str, forms: list[Form], *, on_old_host: bool = False) -> Answer:
    """The answer of ``host``, which belongs to ``tenant``, for an address in its possible readings.

    200 where the address is public there, 301 with the one place where it is now, 410 where it was and is nowhere, 404
    where nothing is known. ``host``: its name; addresses that came from that very host count before the site's own.
    ``on_old_host``: it is none of the site's own, so that what is public there is a redirect, too.
    """
    answer = answer_among(tenant, host, forms, rows_of(tenant, host, forms) if forms else [], on_old_host=on_old_host)
    if answer.status == 404 and forms and not on_old_host:
        # A site may have taken a host under which others hold old addresses: those lead on as before.
        return _answer_of_others(tenant, host, forms) or answer
    return answer


def resolve_closed(tenant: Tenant, host: str, forms: list[Form], path: str) -> Answer:
    """The answer of ``host``, which belongs to a site that is no longer served, for an address in its readings.

    As ``resolve``, with what the server says besides: 200 for what the site still shows (``AddressBook.kept_open``);
    410 for what nobody knows where nothing of the site is anywhere any more, and for answers that were made for each
    question; 301 for the doors at which citizens write and ask. ``path``: as it was asked for, without its query.
    """
    answer, book = resolve(tenant, host, forms), address_book()
    if answer.status == 404 and forms and (place := door_of(tenant, f"{path.rstrip('/')}/")):
        return Answer(301, location=place, reason=_("来信和查询由接收内容的网站办理。"))
    if answer.status == 404 and (path in book.made_anew or not leads_on(tenant)):
        return Answer(410, reason=words_for(Ending.CLOSED), ending=Ending.CLOSED)
    if answer.status == 410 and path == book.kept_open(tenant):
        return Answer(200, reason=_("网站关停期间，这个页面仍在原址公开。"))
    return answer


def lead_to_present_host(tenant: Tenant, answer: Answer, rest: str) -> Answer:
    """What a former host of a site says when its notice is over: one hop to wherever ``rest`` is on the present one.

    ``answer``: that of the ledger. What it does not lead elsewhere is at the same path, which says if it is gone.
    """
    place = answer.location if answer.status == 301 else rest
    place = public_url(tenant, place) if place.startswith("/") else place
    return Answer(301, location=place, reason=answer.reason if answer.status == 301 else _("本站已启用新域名。"))


def answer_among(
    tenant: Tenant, host: str, forms: list[Form], rows: list[Address], *, on_old_host: bool = False
) -> Answer:
    """The answer of ``resolve`` when nothing but ``rows`` is known, by the keys that they have."""
    for form in forms:
        exact = [row for row in rows if row.key == form.key and row.path == form.path]
        if exact:
            row = sorted(exact, key=lambda row: row.host == "")[0]
            return _answer(row, asked=tenant, at_its_path=form.is_plain, on_old_host=on_old_host)
    for form in forms:
        alike = [row for row in rows if row.loose == form.loose_key]
        answers = {_answer(row, asked=tenant, at_its_path=False, on_old_host=on_old_host) for row in alike}
        if len(alike) < _ALIKE and len(answers) == 1:
            return answers.pop()
    return _UNKNOWN


def rows_of(tenant: Tenant, host: str, forms: list[Form]) -> list[Address]:
    """The rows of ``host`` and of the site's own hosts that an address in these readings may mean."""
    named = Q(key__in=[form.key for form in forms]) | Q(loose__in=[form.loose_key for form in forms])
    rows = Address.objects.filter(named, tenant=tenant, host__in={"", host}).select_related("tenant", "to_tenant")
    return list(rows.order_by("pk")[: 4 * _ALIKE])


def resolve_url(url: str) -> Answer:
    """The answer for an absolute address: that of its host, or of whoever holds the old addresses of that host.

    What its server says of it (``redirector``; a former host its notice while that is up), but for a site that is
    offline or being prepared, which says nothing of its addresses. 404 for a host that nobody knows, and for what is no
    address of the web.
    """
    parts = split_url(url)
    if parts is None:
        return Answer(404, reason=_("这不是一个完整的网址。"))
    host, rest = parts
    own = site_of_host(host)
    if own is not None:
        return _answer_on(own, host, rest)
    found = resolve_on_old_host(host, lambda tenant: forms_of_path(rest, rules_of(tenant, host)))
    return found[0] if found else Answer(404, reason=_("平台没有登记域名“%(host)s”。") % {"host": host})


def resolve_on_old_host(host: str, forms_for: Callable[[Tenant], list[Form]]) -> tuple[Answer, Tenant] | None:
    """The answer on a host that is no site's own, and the site that gives it; None where nobody holds addresses of it.

    ``forms_for``: the address as it is read for a site. To what is public at the same path of the site it is led.
    """
    holders = Tenant.objects.filter(pk__in=Address.objects.filter(host=host).values("tenant")).order_by("pk")
    answers = [(resolve(tenant, host, forms_for(tenant), on_old_host=True), tenant) for tenant in holders]
    return min(answers, key=lambda one: (one[0].status == 404, one[0].status), default=None)


def public_place_of(tenant: Tenant, form: Form) -> Address | None:
    """The row of what an address of ``tenant`` is or leads to, if that is public on the platform now."""
    rows = Address.objects.filter(tenant=tenant, host="", key=form.key).select_related("tenant", "to_tenant")
    row = next((row for row in rows if row.path == form.path), None)
    found = _public_place(row)[0] if row is not None else None
    return found if isinstance(found, Address) else None


def answer_of_row(row: Address) -> Answer:
    """What the address of ``row`` itself answers on its own host."""
    return _answer(row, asked=row.tenant)


def resolve_row(row: Address) -> str:
    """The whole address that ``row``, which is not served itself, leads to; '' when there is none."""
    found, _last = _public_place(row)
    if found is None or isinstance(found, str):
        return found or ""
    return public_url(found.tenant, location_of(found.path))


def door_of(tenant: Tenant, path: str) -> str:
    """Where the door ``path`` (``AddressBook.doors``) of a closed site is now: on the site that has its content, else
    on the next one above that answers citizens; '' where there is none, and for any other path. The door of a page is
    on the page itself, wherever that has gone.
    """
    book = address_book()
    if path.startswith(book.doors_of_pages):
        return _page_of_door(tenant, path, book.doors_of_pages)
    if path not in book.doors and not path.startswith(book.doors_below):
        return ""
    site, seen = tenant, {tenant.pk}
    while site.moved_into is not None and site.moved_into.pk not in seen:
        site = site.moved_into
        seen.add(site.pk)
    found = next((one for one in (site, *superiors_of(site)) if one.answers_citizens), None)
    return public_url(found, location_of(path)) if found is not None else ""


def leads_on(tenant: Tenant) -> bool:
    """Whether any address of a site leads to another site, to an archive or where somebody has said."""
    elsewhere = Q(to_tenant__isnull=False) | ~Q(to_path="") | ~Q(to_url="")
    return Address.objects.filter(elsewhere, tenant=tenant).exists()


def may_lead_to(host: str) -> bool:
    """Whether a redirect may lead to ``host``: a host of the platform, of its archives, or one that somebody listed."""
    return host in host_names() or host in settings.ARCHIVE_HOSTS or ListedHost.objects.filter(host=host).exists()


def site_of_host(host: str) -> Tenant | None:
    """The site whose public host this is; None for any other."""
    found = Domain.objects.filter(domain=host, kind=Domain.Kind.PUBLIC).select_related("tenant").first()
    return found.tenant if found is not None else None


def words_for(ending: str) -> str:
    """Why an address is gone, for citizens."""
    return {
        Ending.WITHDRAWN: _("发布单位经核查后撤下。"),
        Ending.EXPIRED: _("公开期限已满。"),
        Ending.REPLACED: _("已由新版本代替。"),
        Ending.MOVED: _("原内容已迁移，现在没有公开。"),
    }.get(Ending(ending) if ending else Ending.CLOSED, _("本站已经关停。"))


# --- inside ------------------------------------------------------------------------------


def _page_of_door(tenant: Tenant, path: str, doors: tuple[str, ...]) -> str:
    rest = next(path.removeprefix(door) for door in doors if path.startswith(door))
    number = rest.partition("/")[0]
    if not (number.isascii() and number.isdigit() and len(number) < _DIGITS):
        return ""
    rows = Address.objects.filter(tenant=tenant, kind=Kind.PAGE, object_id=int(number), host="", variant="")
    row = rows.select_related("tenant", "to_tenant").order_by("pk").first()
    return resolve_row(row) if row is not None else ""


def _answer_of_others(tenant: Tenant, host: str, forms: list[Form]) -> Answer | None:
    if site_for_old_host(host) is None:
        return None
    holders = Tenant.objects.filter(pk__in=Address.objects.filter(host=host).values("tenant")).exclude(pk=tenant.pk)
    answers = (
        answer_among(holder, host, forms, [row for row in rows_of(holder, host, forms) if row.host], on_old_host=True)
        for holder in holders.order_by("pk")
    )
    return next((answer for answer in answers if answer.status != 404), None)


def _answer_on(tenant: Tenant, host: str, rest: str) -> Answer:
    forms = forms_of_path(rest, rules_of(tenant, host))
    path = unquote(urlsplit(rest).path, errors="replace")
    if tenant.answers_from_ledger:
        return resolve_closed(tenant, host, forms, path)
    answer, now = resolve(tenant, host, forms), timezone.now()
    former = Domain.objects.filter(domain=host, tenant=tenant).exclude(moved_at=None).first()
    if former is not None and former.redirects_from is not None and former.redirects_from <= now:
        return lead_to_present_host(tenant, answer, rest.partition("#")[0])
    if former is not None:
        # Whatever is asked for there, the notice says where the same address is on the present host.
        return Answer(200, reason=_("原域名还在显示域名变更公告，公告期满后转到新域名。"))
    if answer.status == 404 and path in address_book().made_anew:
        return Answer(200, reason=_("公开。"))
    return answer


def _answer(row: Address, *, asked: Tenant, at_its_path: bool = True, on_old_host: bool = False) -> Answer:
    """The answer for ``row``, asked for on a host of ``asked``; ``at_its_path`` False: by another way of writing it.

    ``on_old_host``: that host is none of the site's own, so that what is public is elsewhere.
    """
    found, last = _public_place(row)
    if found is None:
        return _gone(row, last)
    if isinstance(found, str):
        return Answer(301, location=found, reason=row.reason or _("已迁至新网址。"))
    if found.pk == row.pk and at_its_path and not on_old_host:
        return Answer(200, reason=_("公开。"))
    place = location_of(found.path)
    if found.tenant_id != asked.pk or row.host or on_old_host:
        place = public_url(found.tenant, place)
    if not place:
        return _gone(row, last)
    return Answer(301, location=place, reason=row.reason or _("已迁至新网址。"))


def _public_place(row: Address) -> tuple[Address | str | None, Address]:
    """Where what ``row`` led to is public: a row of the ledger, a whole address elsewhere, or None; and the last row
    on the way, which says why there is nothing.
    """
    seen: set[int] = set()
    while row.pk not in seen and len(seen) < _HOPS:
        seen.add(row.pk)
        if _is_served(row):
            return row, row
        if row.to_url:
            return (row.to_url if _is_allowed(row.to_url) else None), row
        following = _at_path(row) if row.to_path else _of_object(row)
        if following is None:
            return None, _ended_last(row)
        row = following
    return None, row


def _is_served(row: Address) -> bool:
    return row.state == Address.State.PUBLIC and not row.host and not row.tenant.answers_from_ledger


def _is_allowed(url: str) -> bool:
    """A host may have left the platform, or the list, since the address was mapped."""
    parts = split_url(url)
    return parts is not None and parts[0] == urlsplit(url).hostname and may_lead_to(parts[0])


def _at_path(row: Address) -> Address | None:
    rows = Address.objects.select_related("tenant", "to_tenant")
    return rows.filter(tenant_id=row.to_tenant_id or row.tenant_id, host="", key=key_of(row.to_path)).first()


def _of_object(row: Address) -> Address | None:
    """The public address of what ``row`` is an address of: the same variant of it if there is one, else its first."""
    number = row.to_object if row.to_tenant_id else row.object_id
    if number is None:
        return None
    rows = Address.objects.filter(
        tenant_id=row.to_tenant_id or row.tenant_id,
        kind=row.to_kind or row.kind,
        object_id=number,
        host="",
        state=Address.State.PUBLIC,
        variant__in={row.variant, ""},
    ).exclude(pk=row.pk)
    found = next(iter(_same_variant_first(rows.select_related("tenant", "to_tenant")[:2], row.variant)), None)
    return found or _same_library_file(row)


def _same_library_file(row: Address) -> Address | None:
    """The file of a repost under its one address there, which may be known as that of another repost.

    The address is made of the digest of the file, the ``variant``; two sites of which one goes into the other may both
    have reposted the same resource.
    """
    if (row.to_kind or row.kind) != Kind.LIBRARY or not row.variant or not row.to_tenant_id:
        return None
    rows = Address.objects.filter(
        tenant_id=row.to_tenant_id, kind=Kind.LIBRARY, variant=row.variant, host="", state=Address.State.PUBLIC
    )
    return rows.exclude(pk=row.pk).select_related("tenant", "to_tenant").order_by("pk").first()


def _ended_last(row: Address) -> Address:
    """The row that says why what ``row`` led to is public nowhere: its address that came down last; else ``row``.

    A page may have been withdrawn under another address than the one that is asked for, or on another site.
    """
    number = row.to_object if row.to_tenant_id else row.object_id
    if number is None:
        return row
    rows = Address.objects.filter(
        tenant_id=row.to_tenant_id or row.tenant_id, kind=row.to_kind or row.kind, object_id=number, host=""
    ).exclude(ending=Ending.MOVED)
    return rows.exclude(ending="").select_related("tenant", "to_tenant").order_by("-changed_at", "pk").first() or row


def _same_variant_first(rows: Iterable[Address], variant: str) -> list[Address]:
    return sorted(rows, key=lambda row: row.variant != variant)


def _gone(row: Address, last: Address) -> Answer:
    ending = last.ending or (Ending.CLOSED if last.tenant.answers_from_ledger else "")
    reason = row.reason or last.reason or words_for(ending)
    # The title may be the reason why a page was withdrawn.
    told = Ending.WITHDRAWN not in (row.ending, last.ending)
    return Answer(410, reason=reason, ending=ending, title=row.title if told else "")
