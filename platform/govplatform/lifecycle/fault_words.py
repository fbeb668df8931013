"""Faults of sites in words for operators."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from govplatform.tenancy.models import SiteFault

#: Name of a job in code -> what it does.
JOBS = {
    "publish_scheduled": _("定时发布与到期撤下"),
    "queue_lost_scans": _("找回中断的保密扫描"),
    "rescan_due_sites": _("安排定期回溯扫描"),
    "rescan_request": _("安排回溯扫描"),
    "rescan": _("回溯扫描"),
    "remind_of_pushes": _("推送催办"),
    "verify_gate": _("核查已发布信息"),
    "check_isolation": _("核查站点边界"),
    "library_backfill": _("补录信息资源库"),
}


def with_words(faults: Iterable[SiteFault]) -> list[dict[str, Any]]:
    """``{"fault", "job"}`` each; ``job`` says what the job does, its name in code where there are no words for it."""
    return [{"fault": fault, "job": JOBS.get(fault.job, fault.job)} for fault in faults]
