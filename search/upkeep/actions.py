"""Comparing on demand: asked for by an operator, done by a job, watched on the screen."""

import logging

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.refusals import Refused
from govplatform.tenancy.jobs import enqueue

from ..checking import CheckReport, check_search
from ..models import Comparison
from .differences import note_differences
from .permissions import reasons_against_comparing

_RUN = "search.tasks.run_comparison_job"
#: Comparisons that are kept.
_KEPT = 200
logger = logging.getLogger("govplatform.search")


def request_comparison(*, repair: bool, acting_user: User | None) -> Comparison:
    """Have everything compared, and with ``repair`` brought in line; a job does it. Raises Refused while one runs."""
    with acting(acting_user, PLATFORM_CHAIN):
        if reasons := reasons_against_comparing(acting_user):
            raise Refused(reasons)
        try:
            with transaction.atomic():
                run = Comparison.objects.create(repair=repair, requested_by=acting_user)
        except IntegrityError as problem:
            raise Refused(_("核对正在进行，请等它完成。")) from problem
        record_act("search.compare", acting_user=acting_user, chain=PLATFORM_CHAIN, detail={"repair": repair})
        enqueue(_RUN, in_schema="public", comparison_id=run.pk)
    return run


def run_comparison(run: Comparison) -> None:
    """Do what the row asks for, and write down what was found. May be run again after a kill: it begins anew."""
    if not run.is_running:
        return
    _note(run, state=Comparison.State.RUNNING, done=0, total=0)

    def follow(done: int, total: int, _words: str) -> None:
        Comparison.objects.filter(pk=run.pk).update(done=done, total=total)

    try:
        report = check_search(repair=run.repair, progress=follow)
    except Exception as problem:
        logger.exception("the comparison %s of the search failed", run.pk)
        _note(run, state=Comparison.State.FAILED, reason=str(problem)[:500], finished_at=timezone.now())
        return
    keep_report(report, run)


def keep_report(report: CheckReport, run: Comparison) -> None:
    """Keep what a comparison found, and write into the log what was repaired.

    So a line that is missing on the sheet does not go unseen.
    """
    note_differences(report, repaired=run.repair)
    for fault in report.faults if run.repair else ():
        logger.warning("search was repaired: %(engine)s %(key)s %(problem)s", fault)
    run.state, run.finished_at = Comparison.State.DONE, timezone.now()
    run.done = run.total = run.checked = report.checked
    run.faults = len(report.faults)
    run.save()
    Comparison.objects.filter(pk__lte=run.pk - _KEPT).delete()


def _note(run: Comparison, **values: object) -> None:
    for name, value in values.items():
        setattr(run, name, value)
    run.save(update_fields=list(values))
