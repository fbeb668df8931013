"""The end of a scan's findings: judged by the reviewers at the step that is due, kept with the clearance."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.confidentiality.actions import close_findings, record_disposition
from govplatform.confidentiality.models import Disposition, Finding, Scan
from govplatform.confidentiality.place_words import where_words
from govplatform.confidentiality.queries import (
    JudgedFinding,
    describe_finding,
    find_finding,
    judged_findings,
    public_copies_of,
)
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from ..gate.digest import referred_files
from ..gate.scans import current_scan
from ..gate.separation import reasons_against_deciding
from ..models import Decision

#: How the verb ``review --dispose`` writes the verdicts.
VERB_VERDICTS = {
    "false-alarm": Disposition.Verdict.FALSE_ALARM,
    "ignored": Disposition.Verdict.IGNORED,
    "to-mask": Disposition.Verdict.TO_MASK,
}


@dataclass(frozen=True)
class Judgement:
    """A reviewer's verdict on one finding, as a verb or form gives it."""

    finding_id: int
    verdict: str
    reason: str = ""


def parse_judgement(text: str) -> Judgement:
    """Parse ``ID=false-alarm``, ``ID=to-mask`` or ``ID=ignored:REASON``. Raises Refused for anything else."""
    number, _equals, rest = text.partition("=")
    verdict, _colon, reason = rest.partition(":")
    if not row_number(number.strip()) or verdict.strip() not in VERB_VERDICTS:
        raise Refused(_("处理结论“%(text)s”写法不对：应为 编号=false-alarm 或 编号=ignored:理由。") % {"text": text})
    return Judgement(row_number(number.strip()), VERB_VERDICTS[verdict.strip()], reason.strip())


def dispose_finding(finding: Finding | int, *, acting_user: User, verdict: str, reason: str = "") -> Disposition:
    """Judge one finding of the scan that counts, as a reviewer who may take the step that is due.

    ``verdict``: false_alarm, ignored (with a reason) or to_mask; ``fixed`` is found out by the next scan.
    Raises Refused with the reasons.
    """
    found = _on_this_site(finding)
    # The same locks as for a decision: whoever comes second sees what the first did.
    with acting(acting_user, pages=[found.scan.page_id]) as held:
        page = held.page(found.scan.page_id)
        if reasons := _reasons_against_judging(page, found, acting_user, verdict):
            raise Refused(reasons)
        return record_disposition(found, acting_user=acting_user, verdict=verdict, reason=reason)


def _on_this_site(finding: Finding | int) -> Finding:
    number = finding if isinstance(finding, int) else finding.pk
    found = find_finding(number)
    if found is None:
        raise Refused(_("本站没有编号为 %(id)s 的发现。") % {"id": number})
    return found


def _reasons_against_judging(page: Page, finding: Finding, user: User, verdict: str) -> list[str]:
    if verdict not in set(VERB_VERDICTS.values()):
        return [_("结论只能是“误报”“说明理由后保留”或“要求遮盖”；是否已改正，由下一次扫描认定。")]
    task_state = page.current_workflow_task_state
    if not page.workflow_in_progress or task_state is None:
        return [_("“%(title)s”不在审核中，不能处理扫描发现。") % {"title": page.title}]
    scan = current_scan(page, task_state.revision)
    if scan is None or scan.pk != finding.scan_id or scan.state != Scan.State.DONE:
        return [
            _("编号 %(id)s 不是当前版本的扫描发现：内容、附件或规则已有变化，请看最新的扫描结果。") % {"id": finding.pk}
        ]
    shown = task_state.revision.as_object()
    return reasons_against_deciding(page, task_state, task_state.task.specific, user, referred_files(shown))


def open_findings(scan: Scan) -> list[JudgedFinding]:
    """Return the findings that a person must still judge; of several that are the same only the first."""
    seen: set[str] = set()
    still = []
    for judged in judged_findings(scan):
        if judged.open and judged.finding.key not in seen:
            seen.add(judged.finding.key)
            still.append(judged)
    return still


def reasons_against_open_findings(scan: Scan) -> list[str]:
    """Say for each finding without a judgement what it is, its number and the way out."""
    way_out = _("请退回编辑改正，或给出“误报”“说明理由后保留”的结论。")
    return [
        _("%(severity)s：%(place)s %(message)s%(excerpt)s（发现编号 %(id)s）%(way_out)s")
        % {
            "severity": judged.finding.get_severity_display(),
            "place": "、".join(
                part for part in (judged.finding.attachment_name, where_words(judged.finding.where)) if part
            ),
            "message": _(judged.finding.message) or judged.finding.rule,
            "excerpt": f"“{judged.finding.excerpt}”" if judged.finding.excerpt else "",
            "id": judged.finding.pk,
            "way_out": way_out,
        }
        for judged in open_findings(scan)
    ]


def ignore_open_warnings(scan: Scan, *, acting_user: User, reason: str) -> None:
    """Judge each open warning of ``scan`` as ignored, with the opinion of who approves by the verb as reason.

    A warning that somebody wanted masked stays open.
    """
    for judged in open_findings(scan):
        if judged.finding.severity == "warn" and _is_unjudged(judged):
            dispose_finding(judged.finding, acting_user=acting_user, verdict=Disposition.Verdict.IGNORED, reason=reason)


def _is_unjudged(judged: JudgedFinding) -> bool:
    # A finding that somebody wants masked is not settled by an opinion on the whole page.
    return judged.disposition is None or judged.disposition.verdict != Disposition.Verdict.TO_MASK


def close_by_approval(scan: Scan, approval: Decision) -> None:
    """Close what the last approval settles without words: notes are kept, what only earlier versions had is fixed."""
    close_findings(scan, judged_findings(scan), acting_user=approval.reviewer, opinion=approval.opinion)


def clearance_record(scan: Scan, decisions: list[Decision]) -> dict[str, Any]:
    """Return what the clearance keeps for good: by what was scanned, findings, how each ended, who said what.

    ``public_sm3`` of a file: of the copy that citizens get in its place, None when they get the file itself.
    """
    files = list(scan.files.all())
    copies = {(c.kind, c.object_id, c.original_sm3): c.sm3 for c in public_copies_of(files)}
    return {
        "scan": {
            "id": scan.pk,
            "digest": scan.digest,
            "scanner_version": scan.scanner_version,
            "rule_pack": scan.rule_pack,
            "dictionary_version": scan.dictionary_version,
            "finished_at": scan.finished_at.isoformat() if scan.finished_at else None,
            "files": [
                {
                    "kind": file.attachment_kind,
                    "id": file.attachment_id,
                    "name": file.attachment_name,
                    "sm3": file.sm3,
                    "readable": file.readable,
                    "public_sm3": copies.get((file.attachment_kind, file.attachment_id, file.sm3)),
                }
                for file in files
            ],
        },
        "findings": [
            {
                "attachment": judged.finding.attachment_name or None,
                **describe_finding(judged),
            }
            for judged in judged_findings(scan)
        ],
        "decisions": [
            {
                "step": decision.step,
                "reviewer": decision.reviewer_name,
                "opinion": decision.opinion,
                "checklist": decision.checklist,
                "rule_pack": decision.rule_pack,
                "decided_at": decision.decided_at.isoformat(),
            }
            for decision in decisions
        ],
    }
