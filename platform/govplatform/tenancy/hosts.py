"""Which host belongs to which site, and what each kind of host may do (decision 023).

Everything about hosts lives in this file: finding the site of one, refusing an unknown one, and keeping sessions,
sign-in and messages away from the hosts that serve citizens.
"""

import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.core.signals import request_finished
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import CsrfViewMiddleware
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from .current import enter_tenant, leave_tenant
from .models import Domain, Tenant
from .public_headers import PAGE_POLICY, PERMISSIONS_POLICY

PUBLIC, CONSOLE, START, ARCHIVE = "public", "console", "start", "archive"
_CACHE_SECONDS = 5.0
_ANSWER = Callable[[HttpRequest], HttpResponse]
_LEADING = Callable[[HttpRequest, Tenant], HttpResponse]

#: Kind of the host that is being answered; None outside a request.
current_host_kind: ContextVar[str | None] = ContextVar("current_host_kind", default=None)

#: Whether what is answered is for an archive: a site that is offline or retired shows its pages to it all the same.
#: Set around a request inside the process (govplatform.archive.capture); no request from outside can.
shown_as_live: ContextVar[bool] = ContextVar("shown_as_live", default=False)


@dataclass(frozen=True)
class Host:
    """A registered host. ``kind``: PUBLIC for citizens, CONSOLE for staff.

    ``former``: the site's name before it got another one; ``redirects_from``: from when on it leads to the present one.
    """

    tenant: Tenant
    kind: str
    former: bool = False
    redirects_from: datetime | None = None


@dataclass(frozen=True)
class _Names:
    """All names that are registered, as they stood at ``read_at`` (monotonic seconds).

    ``old``: hosts that are no site's own but have old addresses -> number of a site that holds some.
    """

    read_at: float
    names: frozenset[str]
    old: Mapping[str, int]


_known: dict[str, tuple[float, Host]] = {}
_names: _Names | None = None


def find_host(name: str) -> Host | None:
    """Return the host of that ``name`` (lower case, no port) with its site, or None for an unknown one.

    Answers are kept for five seconds in the process. Whether a host is unknown is read from the list of all names, so
    that a flood of unknown hosts costs one statement in five seconds and no memory. A name that this process registers
    is known at once, one that another process registers within five seconds. While the database is away what was known
    last counts: whoever asks then hears so from the right site.
    """
    now = time.monotonic()
    kept = _known.get(name)
    if kept and now - kept[0] < _CACHE_SECONDS:
        return kept[1]
    try:
        host = _load_host(name) if _is_registered(name) else None
    except (OperationalError, InterfaceError):
        if kept is None or connection.in_atomic_block:
            raise
        return kept[1]
    if host is None:
        _known.pop(name, None)
    else:
        _known[name] = (now, host)
    return host


def host_names(*, seconds: float = _CACHE_SECONDS) -> frozenset[str]:
    """Return the names of all hosts of all sites, read in one statement and not longer than ``seconds`` ago."""
    return _read_names(seconds).names


def old_host_names() -> frozenset[str]:
    """Return the names of hosts that are no site's own but have old addresses, as ``host_names``."""
    return frozenset(_read_names(_CACHE_SECONDS).old)


def _read_names(seconds: float) -> _Names:
    global _names
    now = time.monotonic()
    held = _names
    if held is None or now - held.read_at >= seconds:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([_OWN_HOSTS, *(f"({select})" for select in _old_hosts)]))
            rows = cursor.fetchall()
        names = frozenset(name for name, site in rows if site is None)
        _names = held = _Names(now, names, {name: site for name, site in rows if site is not None})
    return held


def _is_registered(name: str) -> bool:
    # Only a name that is missing is a reason to read the list again.
    held = _names
    return (held is not None and name in held.names) or name in host_names()


def _load_host(name: str) -> Host | None:
    domain = Domain.objects.select_related("tenant").prefetch_related("tenant__domains").filter(domain=name).first()
    if domain is None:
        return None
    return Host(domain.tenant, domain.kind, domain.moved_at is not None, domain.redirects_from)


def forget_hosts(**_kwargs: Any) -> None:
    """Drop what this process remembers of hosts."""
    global _names
    _known.clear()
    _names = None


def _hosts_changed(**_kwargs: Any) -> None:
    """A Tenant or a Domain was saved or deleted: forget now, and again once other connections see it too."""
    forget_hosts()
    transaction.on_commit(forget_hosts)


def connect_signals() -> None:
    """Connect to Django's signals, so that changed hosts are forgotten and each request leaves its site (trap T10)."""
    for model in (Tenant, Domain):
        post_save.connect(_hosts_changed, sender=model, dispatch_uid=f"hosts-save-{model.__name__}")
        post_delete.connect(_hosts_changed, sender=model, dispatch_uid=f"hosts-del-{model.__name__}")
    request_finished.connect(_leave_tenant, dispatch_uid="hosts-leave-tenant")


def _leave_tenant(**_kwargs: Any) -> None:
    # T10: the connection outlives the request; the next user of it starts from public.
    leave_tenant()


def public_url(tenant: Tenant, path: str = "/") -> str:
    """Return the absolute address of ``path`` on the site's public host; '' when it has none."""
    return _absolute(tenant.public_host, path)


def console_url(tenant: Tenant, path: str = "/admin/") -> str:
    """Return the absolute address of ``path`` on the site's console host; '' when it has none."""
    return _absolute(tenant.console_host, path)


def archive_url(path: str = "/") -> str:
    """Return the absolute address of ``path`` on the host under which archives are read; '' when there is none."""
    return _absolute(settings.ARCHIVE_HOSTS[0] if settings.ARCHIVE_HOSTS else "", path)


def _absolute(host: str, path: str) -> str:
    port = f":{settings.PUBLIC_PORT}" if settings.PUBLIC_PORT not in ("", "80", "443") else ""
    return f"{settings.PUBLIC_SCHEME}://{host}{port}{path}" if host else ""


_leading_on: list[_LEADING] = []


def register_leading_on(answer: _LEADING) -> None:
    """Have requests to former hosts answered by ``answer``; called once at the start by who knows former addresses."""
    _leading_on[:] = [answer]


_OWN_HOSTS = "SELECT domain, NULL::bigint FROM public.tenancy_domain"
_old_hosts: list[str] = []


def register_old_hosts(select: str) -> None:
    """Have hosts that are no site's own answered for; called once at the start by who knows old addresses.

    ``select``: statement that gives each such host with the number of a site that holds addresses of it. It is asked
    together with the names of the platform's hosts.
    """
    _old_hosts[:] = [select]


def site_for_old_host(name: str) -> Tenant | None:
    """Return the site that holds old addresses of a host which is no site's own; None for an unknown host."""
    number = _read_names(_CACHE_SECONDS).old.get(name)
    return Tenant.objects.prefetch_related("domains").filter(pk=number).first() if number is not None else None


class HostMiddleware:
    """Finds the site of the host that was asked, enters its schema, and leaves it when the answer is made.

    Sets ``tenant``, ``host_kind`` and ``urlconf`` on the request, and the security headers on the answer. ``old_host``:
    the name asked for, if it is no site's own but the ledger knows addresses of it; "" for all others. Unknown hosts
    get 400, and only console hosts may set cookies. The first of all middleware.
    """

    def __init__(self, get_response: _ANSWER) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        leave_tenant()
        try:
            name = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
        except DisallowedHost:
            return _unknown_host()
        kind, urlconf = _without_site(name)
        request.host_kind = kind  # type: ignore[attr-defined]
        request.tenant = None  # type: ignore[attr-defined]
        request.user = AnonymousUser()
        if kind:
            request.urlconf = urlconf  # type: ignore[attr-defined]
            return self._answer(request, kind, self.get_response)
        host = find_host(name)
        request.old_host = ""  # type: ignore[attr-defined]
        if host is None:
            holder = site_for_old_host(name)
            if holder is None:
                return _unknown_host()
            request.old_host, host = name, Host(holder, PUBLIC)  # type: ignore[attr-defined]
        request.tenant = host.tenant  # type: ignore[attr-defined]
        request.host_kind = host.kind  # type: ignore[attr-defined]
        request.former_host = host if host.former else None  # type: ignore[attr-defined]
        if host.kind == CONSOLE and _is_dropped(host.tenant):
            return _console_of_dropped_site(host.tenant)
        request.urlconf = (  # type: ignore[attr-defined]
            settings.CONSOLE_URLCONF if host.kind == CONSOLE else settings.PUBLIC_URLCONF
        )
        enter_tenant(host.tenant)
        if host.redirects_from is not None and host.redirects_from <= timezone.now():
            # The term of its notice is over; each address leads to its own page, wherever that is by now.
            tenant = host.tenant
            return self._answer(request, host.kind, lambda asked: _leading_on[0](asked, tenant))
        return self._answer(request, host.kind, self.get_response)

    def _answer(self, request: HttpRequest, kind: str, answer: _ANSWER) -> HttpResponse:
        token = current_host_kind.set(kind)
        try:
            response = answer(request)
            if kind != CONSOLE:
                # Citizens get no cookie, whatever library may have set one.
                response.cookies.clear()
            _add_security_headers(response, kind)
            return response
        finally:
            current_host_kind.reset(token)
            leave_tenant()


def _without_site(name: str) -> tuple[str, str]:
    """``(kind, URL conf)`` of a host that belongs to no site; two empty texts for all others."""
    if name in settings.START_PAGE_HOSTS:
        return START, settings.START_PAGE_URLCONF
    if name in settings.ARCHIVE_HOSTS:
        return ARCHIVE, settings.ARCHIVE_URLCONF
    return "", ""


def is_of_the_platform(name: str) -> bool:
    """Whether the platform itself answers on this host (start page, archives), so that no site can have it."""
    return _without_site(name)[0] != ""


def _unknown_host() -> HttpResponse:
    return HttpResponseBadRequest(
        _("本平台没有这个域名对应的网站。请检查网址是否输入正确。") + "\n", content_type="text/plain; charset=utf-8"
    )


def _is_dropped(tenant: Tenant) -> bool:
    """Of a retired site this is asked each time: what a process remembers of it for seconds has no schema any more."""
    if tenant.dropped_at is not None or tenant.status != Tenant.Status.RETIRED:
        return tenant.dropped_at is not None
    return Tenant.objects.filter(pk=tenant.pk, dropped_at__isnull=False).exists()


def _console_of_dropped_site(tenant: Tenant) -> HttpResponse:
    """410: nothing of this console is left to sign in to. No session, no cookie, nothing of the site's schema."""
    words = {"site": tenant.full_name}
    response = HttpResponse(
        render_to_string(
            "tenancy/dropped_console.html",
            {
                "title": _("“%(site)s”的管理后台已经停用") % words,
                "reason": _("网站已经关停，内容已备份并移除。需要查阅或恢复时，请联系平台运维人员。"),
            },
        ),
        status=410,
    )
    response.headers["Cache-Control"] = "no-cache"
    _add_security_headers(response, CONSOLE)
    return response


# What an archived page brings along may look like something, and may neither run nor ask anybody for anything. That
# none leads its reader elsewhere after some seconds is left to how it is rewritten (``archive.reader.rewriting``).
_ARCHIVE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Wagtail's admin carries inline styles and a few inline scripts of its own. After a decision the next page that waits
# may be on another site: browsers ask ``form-action`` of where the answer to a form leads, too.
_CONSOLE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; media-src 'self'; font-src 'self' data:; connect-src 'self';"
    " form-action 'self' *.%(consoles)s:*; base-uri 'self'; frame-ancestors 'self'; object-src 'none'"
)


def _add_security_headers(response: HttpResponse, kind: str) -> None:
    console = _CONSOLE_POLICY % {"consoles": settings.CONSOLE_PARENT_DOMAIN}
    policy = {CONSOLE: console, ARCHIVE: _ARCHIVE_POLICY}.get(kind, PAGE_POLICY)
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    if kind == CONSOLE:
        response.headers.setdefault("Cache-Control", "no-store, private")


def console_only(middleware: Callable[[_ANSWER], Any]) -> Callable[[_ANSWER], _ANSWER]:
    """Wrap ``middleware`` so that it works on console hosts and is passed over on all others."""

    def factory(get_response: _ANSWER) -> _ANSWER:
        inside = middleware(get_response)

        def answer(request: HttpRequest) -> HttpResponse:
            if getattr(request, "host_kind", "") == CONSOLE:
                return inside(request)  # type: ignore[no-any-return]
            return get_response(request)

        # Django asks the chain for view hooks through attributes.
        for hook in ("process_view", "process_exception", "process_template_response"):
            if hasattr(inside, hook):
                setattr(answer, hook, _only_on_console(getattr(inside, hook)))
        return answer

    return factory


def _only_on_console(hook: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if getattr(request, "host_kind", "") != CONSOLE:
            return None
        return hook(request, *args, **kwargs)

    return guarded


ConsoleSessionMiddleware = console_only(SessionMiddleware)
ConsoleCsrfMiddleware = console_only(CsrfViewMiddleware)
ConsoleAuthenticationMiddleware = console_only(AuthenticationMiddleware)
ConsoleMessageMiddleware = console_only(MessageMiddleware)
