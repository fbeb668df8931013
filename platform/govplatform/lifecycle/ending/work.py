"""The row of a dump or a restoring from its beginning to its end, however that comes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.tenancy.faults import describe_error
from govplatform.tenancy.models import Tenant

from ..dumping.taking import is_busy
from ..models import SiteDump

State = SiteDump.State


def begin_at_once(kind: str, tenant: Tenant | None, code: str, acting_user: User | None) -> SiteDump:
    """The row of what a verb does itself."""
    return SiteDump.objects.create(kind=kind, tenant=tenant, code=code, requested_by=acting_user, state=State.RUNNING)


def require_nobody_at_it(code: str, schema: str) -> None:
    """Raise Refused while a dump or restoring of the site waits or runs. A row that a kill left says nothing."""
    rows = SiteDump.objects.filter(code=code)
    if rows.filter(state=State.WAITING).exists() or (rows.filter(state=State.RUNNING).exists() and is_busy(schema)):
        raise Refused(_("“%(code)s”正在备份、移除或恢复，请等它完成。") % {"code": code})


def begin(work: SiteDump) -> None:
    """Say that ``work`` is being done. Call while nobody else can be at the same site: what says so is left of a kill.

    A dump of which the schema is dropped already goes on by itself, whoever takes it up.
    """
    stale = Q(code=work.code, state=State.RUNNING) & ~Q(pk=work.pk)
    SiteDump.objects.filter(stale).update(
        state=State.REFUSED, reasons=[_("执行中断，没有留下任何东西。")], finished_at=timezone.now()
    )
    SiteDump.objects.filter(pk=work.pk).update(state=State.RUNNING, reasons=[])
    work.state, work.reasons = State.RUNNING, []


@contextmanager
def kept_reasons(work: SiteDump) -> Iterator[None]:
    """Whatever is raised inside stands in the row of ``work`` afterwards, and is raised further."""
    try:
        yield
    except Refused as refusal:
        _refuse(work, refusal.reasons)
        raise
    except Exception as error:
        _refuse(work, [_("意外中断：%(error)s") % {"error": describe_error(error)}])
        raise


def _refuse(work: SiteDump, reasons: list[str]) -> None:
    unfinished = SiteDump.objects.filter(pk=work.pk, state__in=(State.WAITING, State.RUNNING))
    unfinished.update(state=State.REFUSED, reasons=reasons, finished_at=timezone.now())
