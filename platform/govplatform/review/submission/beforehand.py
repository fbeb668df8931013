"""What stands against publishing a page that nobody reads, under a decision that people made beforehand."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.confidentiality.models import Finding

from ..findings.dispositions import reasons_against_open_findings
from ..gate.scans import current_scan, reasons_against_approving_unscanned


def reasons_against_scan_of(page: Page) -> list[str]:
    """Say why the scan of ``page`` does not let it go: none of its newest version, something open, or a block.

    A judgement on what blocks is a reviewer's who reads the page; such a decision stands for none.
    """
    scan = current_scan(page)
    if reasons := reasons_against_approving_unscanned(scan):
        return reasons
    assert scan is not None
    if reasons := reasons_against_open_findings(scan):
        return reasons
    if Finding.objects.filter(scan=scan, severity="block").exists():
        return [_("保密扫描发现了必须处理的内容。")]
    return []
