"""What a return brings to the editor's desk: the opinion, and what was found in the version that came back."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import Page, Revision

from govplatform.confidentiality.models import Scan
from govplatform.confidentiality.place_words import rule_words
from govplatform.confidentiality.queries import scan_parts
from govplatform.rule_packs.packs import site_rule_pack

from ..findings.masking import MaskRequest, mask_requests
from ..findings.shown import FindingRow, finding_text, numbered_rows
from ..gate.status import is_returned
from ..models import Clearance, Decision
from ..reviewed_page import as_reviewed


@dataclass(frozen=True)
class ReturnedFinding:
    """A finding that wants something done. ``words``: the characters it is about; ``field``: of which field, or ''."""

    row: FindingRow
    rule: str
    words: str
    field: str


@dataclass(frozen=True)
class Returned:
    """A return that the editor has not answered by handing in again.

    ``changed``: a newer version has been saved since; ``to_mask``: what reviewers want masked and still is there.
    """

    decision: Decision
    changed: bool
    findings: list[ReturnedFinding] = field(default_factory=list)
    to_mask: list[MaskRequest] = field(default_factory=list)


def last_return(page: Page, *, besides: Revision | None = None) -> Decision | None:
    """Return the newest decision by which ``page`` came back since it was last cleared; None without.

    ``besides``: a version whose own return does not count.
    """
    returns = Decision.objects.filter(page_id=page.pk, verdict=Decision.Verdict.REJECTED).exclude(revision=besides)
    decision = returns.select_related("revision").order_by("-decided_at", "-pk").first()
    if decision is None:
        return None
    cleared_since = Clearance.objects.filter(page_id=page.pk, granted_at__gt=decision.decided_at).exists()
    return None if cleared_since else decision


def read_return(page: Any) -> Returned | None:
    """Return what the editor of ``page`` (specific) has to do, None unless it was returned."""
    if not is_returned(page.current_workflow_state):
        return None
    decision = last_return(page)
    if decision is None:
        return None
    return Returned(
        decision,
        changed=page.latest_revision_id != decision.revision_id,
        findings=_findings(page, decision),
        to_mask=mask_requests(page),
    )


def _findings(page: Any, decision: Decision) -> list[ReturnedFinding]:
    """Return what still wants to be handled, in the order of the reviewer's list."""
    scan = Scan.objects.filter(page_id=page.pk, digest=decision.digest, state=Scan.State.DONE).order_by("-pk").first()
    if scan is None:
        return []
    parts = list(scan_parts(scan))
    fields = {place: name for name, place in as_reviewed(page).SCANNED_FIELDS}
    found = []
    for row in numbered_rows(scan, site_rule_pack()):
        if not row.judged.open:
            continue
        words = "" if row.finding.attachment_kind else finding_text(row.finding, parts)[0]
        found.append(ReturnedFinding(row, rule_words(row.finding.rule), words, fields.get(row.finding.where, "")))
    return found


class ReturnedPanel(BaseSidePanel):
    """The opinion and the findings beside the text, each with the way to its place (``console/returned.js``)."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("退回意见")
        icon_name = "warning"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            returned = self.panel.returned
            context["count"] = len(returned.findings) or 1
            return context

    name = "returned"
    title = _("退回意见")
    template_name = "review/returned_panel.html"
    order = 10

    def __init__(self, object: Any, request: Any, *, returned: Returned) -> None:
        super().__init__(object, request)
        self.returned = returned

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        return {**context, "returned": self.returned}
