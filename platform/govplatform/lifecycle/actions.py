"""Acts that open a site and that bring up the platform itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.archive.keys import ensure_key
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.locks.holding import hold_chain
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words, record_set_up
from govplatform.review.frame.kinds import frame_kinds
from govplatform.review.frame.places import chains_of, records_of
from govplatform.review.frame.texts import last_clearances
from govplatform.review.models import FrameProposal
from govplatform.rule_packs.packs import load_rule_pack, rule_pack_of
from govplatform.tenancy.database_roles import as_owner, ensure_app_role, grant_schema
from govplatform.tenancy.models import TemplateDump, Tenant
from govplatform.tenancy.provisioning import provision_tenant
from govplatform.tenancy.template_schema import (
    ensure_template,
    migrate_schema,
    refresh_dump,
    template_fingerprint,
)

from .applications.awaited import reasons_against_awaited_code, reasons_against_awaited_host
from .backups.emptiness import is_marked
from .permissions import reasons_against_opening, require_operator
from .site_facts import reasons_against_superior
from .site_record import SITE_RECORD

CONSOLE_CODE = "console"
BY_APPLICATION = "application"


@dataclass(frozen=True)
class NewSite:
    """The facts of a site that is to be opened, as a form or verb gives them; '' or None for what was not given."""

    code: str
    host: str
    console_host: str
    full_name: str
    kind: str
    level: str
    identity_code: str | None = None
    parent_code: str | None = None
    theme: str = ""
    short_name: str = ""
    organiser: str = ""
    undertaker: str = ""
    responsible_person: str = ""
    contact: str = ""
    icp_number: str = ""
    police_record_number: str = ""
    rule_pack: str = "national"
    #: Why words of the record stay that the scan doubts.
    words_reason: str = ""
    #: BY_APPLICATION: it opens by an approved application alone, with what the gates of its rule pack ask for.
    opens_by: str = ""


def initialise_platform() -> str:
    """Bring an empty or existing database to the state this code needs; may be run again.

    Returns the fingerprint of the template, the platform's schema version.
    """
    with _initialising_alone():
        if is_marked():
            raise Refused(_("这个数据库里的平台还没有恢复完，请再次执行 restore。"))
        with as_owner():
            ensure_app_role()
            migrate_schema("public")
            grant_schema("public")
            ensure_template()
            grant_schema(settings.TEMPLATE_SCHEMA)
            version = template_fingerprint()
            if not TemplateDump.objects.filter(fingerprint=version).exists():
                refresh_dump()
        if not Tenant.objects.filter(kind=Tenant.Kind.CONSOLE).exists():
            # Before the console: broken off here, it is a new platform the next time as well.
            for load in settings.FIRST_DATA:
                import_string(load)()
            _open_console()
        ensure_key()
        record_shared_words()
    return version


def record_shared_words() -> None:
    """Write down the words of shared objects of which there is no record yet: terms that came by a migration."""
    for kind in frame_kinds():
        if not kind.shared:
            continue
        with records_of(kind), transaction.atomic():
            # What waits for a second person is not what it was set up with.
            proposed = FrameProposal.objects.filter(kind=kind.code).values_list("object_id", flat=True)
            known = {*last_clearances(kind), *proposed}
            new = [obj for obj in kind.shown() if obj.pk not in known]
            if not new:
                continue
            hold_chain(*chains_of(kind))
            record_set_up(new, verb="init_platform")
            detail = {"kind": kind.code, "objects": [obj.pk for obj in new]}
            record_act("frame.set_up", acting_user=None, detail=detail, chain=PLATFORM_CHAIN)


@contextmanager
def _initialising_alone() -> Iterator[None]:
    """Two verbs at once: the second waits and finds the work done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('govplatform.initialise'))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('govplatform.initialise'))")


def _open_console() -> None:
    with transaction.atomic():
        tenant = provision_tenant(
            Tenant(
                code=CONSOLE_CODE,
                full_name="政务公开集约化平台监管控制台",
                short_name="监管控制台",
                kind=Tenant.Kind.CONSOLE,
                level=Tenant.Level.PROVINCE,
            ),
            host="",
            console_host=f"{CONSOLE_CODE}.{settings.CONSOLE_PARENT_DOMAIN}",
        )
        record_act("site.open", acting_user=None, obj=tenant, chain=PLATFORM_CHAIN)


def open_site(new: NewSite, *, acting_user: User | None, verb: str = "") -> tuple[Tenant, float]:
    """Open a site: its row, hosts, schema and first pages. Returns it and the seconds it took.

    The shell's (``verb``: the verb that opens it, or no ``acting_user``) runs at once. A person's is being prepared
    until a second operator or a supervisor has confirmed its record, which stands on all of its pages.
    Raises Refused or ValidationError naming every field at fault; nothing is left behind.
    """
    started = time.perf_counter()
    reasons = []
    if new.kind == Tenant.Kind.CONSOLE:
        reasons.append(_("监管控制台在平台初始化时建立，不能另开。"))
    if not new.host:
        reasons.append(_("请填写公众访问域名。"))
    reasons += reasons_against_awaited_host(new.host.lower())
    reasons += reasons_against_awaited_code(new.identity_code or "")
    parent = None
    if new.parent_code:
        parent = Tenant.objects.filter(code=new.parent_code).first()
        if parent is None:
            reasons.append(_("上级站点“%(code)s”不存在，请先开设上级站点或改正代码。") % {"code": new.parent_code})
        else:
            reasons += reasons_against_superior(parent)
    if new.theme and new.theme not in _theme_codes():
        reasons.append(
            _("没有名为“%(theme)s”的主题。可用：%(known)s。") % {"theme": new.theme, "known": "、".join(_theme_codes())}
        )
    load_rule_pack(new.rule_pack)
    if reasons := [*reasons_against_opening(acting_user), *reasons]:
        raise Refused(reasons)
    with transaction.atomic():
        row = tenant_from(new, parent)
        if new.opens_by == BY_APPLICATION or (acting_user is not None and not verb):
            row.status = Tenant.Status.PREPARING
        tenant = provision_tenant(row, host=new.host.lower(), console_host=new.console_host.lower())
        # The chain is taken at the end alone: opening takes its time, and others go on meanwhile.
        with records_of(SITE_RECORD):
            hold_chain(PLATFORM_CHAIN)
            require_operator(acting_user, until_the_end=True)
            change_words(tenant, {}, acting_user=acting_user, reason=new.words_reason, verb=verb, is_new=True)
        detail = {**_as_detail(new), **_skipped(tenant)}
        record_act("site.open", acting_user=acting_user, obj=tenant, detail=detail, chain=PLATFORM_CHAIN)
    return tenant, time.perf_counter() - started


def tenant_from(new: NewSite, parent: Tenant | None) -> Tenant:
    """Return the unsaved row of a site, with defaults for short name, theme and organiser where none were given."""
    default_theme = "county" if new.level == Tenant.Level.COUNTY else "portal"
    return Tenant(
        code=new.code,
        full_name=new.full_name.strip(),
        short_name=new.short_name or new.full_name[:40],
        identity_code=new.identity_code or None,
        kind=new.kind,
        level=new.level,
        parent=parent,
        theme=new.theme or default_theme,
        rule_pack=new.rule_pack,
        organiser=new.organiser or new.full_name,
        undertaker=new.undertaker,
        responsible_person=new.responsible_person,
        contact=new.contact,
        icp_number=new.icp_number,
        police_record_number=new.police_record_number,
        by_application=new.opens_by == BY_APPLICATION,
        status_since=timezone.now(),
    )


def _as_detail(new: NewSite) -> dict[str, Any]:
    return {"code": new.code, "host": new.host, "console_host": new.console_host, "kind": new.kind}


def _skipped(tenant: Tenant) -> dict[str, list[str]]:
    """What the rules ask for before a site opens and an operator's door passed over; for the record."""
    if tenant.by_application:
        return {}
    life = rule_pack_of(tenant).site_life
    facts = [gate.code for gate in life.gates_of("open") if not getattr(tenant, gate.code)]
    papers = [paper.code for paper in life.papers_of("open", tenant.kind)]
    return {"skipped": ["application", *facts, *papers]}


def _theme_codes() -> list[str]:
    return list(settings.THEME_CODES)
