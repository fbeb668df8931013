"""要求遮盖 (masking): a reviewer asks for it, an editor does it, as a new version that is submitted like any other.

Only the page's own text is masked. An attachment is replaced by its editor, never written into.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.confidentiality.models import Disposition, Scan
from govplatform.confidentiality.place_words import rule_words
from govplatform.confidentiality.queries import newest_dispositions, scan_parts
from govplatform.refusals import Refused
from govplatform.rule_packs.packs import site_rule_pack

from ..permissions import EDIT, may_on_content
from ..reviewed_page import as_reviewed
from .highlighting import find_all, squeezed
from .shown import finding_text, place_words


@dataclass(frozen=True)
class MaskRequest:
    """One value that a reviewer wants masked. ``masked``: what takes its place.

    '' where masking can only be done by hand; then ``why`` says why.
    """

    disposition: Disposition
    value: str
    masked: str
    why: str = ""

    @property
    def finding(self) -> Any:
        return self.disposition.finding

    @property
    def place(self) -> str:
        return place_words(self.finding)

    @property
    def rule(self) -> str:
        return rule_words(self.finding.rule)

    @property
    def by_hand(self) -> bool:
        return not self.masked


def mask_requests(page: Page) -> list[MaskRequest]:
    """Return what is still to be masked in the newest version of ``page``; what is gone from it is done."""
    asked = [
        disposition
        for disposition in newest_dispositions(page.pk).values()
        if disposition.verdict == Disposition.Verdict.TO_MASK
    ]
    revision = page.get_latest_revision() if asked else None
    if revision is None:
        return []
    pack = site_rule_pack()
    now = _text_of(revision.as_object())
    requests = []
    for disposition in sorted(asked, key=lambda item: item.finding_id):
        finding = disposition.finding
        if finding.attachment_kind:
            if _attachment_is_there(page, finding):
                requests.append(MaskRequest(disposition, "", "", _("在附件中：请用处理过的文件替换附件。")))
            continue
        value, _before = finding_text(finding, list(scan_parts(finding.scan)))
        if not find_all(now, squeezed(value)):
            continue
        masking = pack.masking.get(finding.rule)
        if masking is None:
            requests.append(MaskRequest(disposition, value, "", _("这一类没有遮盖方式，请手工修改。")))
        else:
            requests.append(MaskRequest(disposition, value, masking.mask(squeezed(value))))
    return requests


def masked_version(page: Page, requests: list[MaskRequest]) -> tuple[Revision, Any, list[MaskRequest]]:
    """Return (newest revision, the page with the values masked, requests that this does not fulfil).

    Nothing is stored. Raises Refused without a revision.
    """
    revision = page.get_latest_revision()
    if revision is None:
        raise Refused(_("“%(title)s”没有可以修改的版本。") % {"title": page.title})
    after = revision.as_object()
    as_reviewed(after).mask_values({squeezed(request.value): request.masked for request in requests if request.masked})
    text = _text_of(after)
    left = [request for request in requests if request.by_hand or find_all(text, squeezed(request.value))]
    return revision, after, left


def mask_as_requested(page: Page, *, acting_user: User, revision_id: int) -> Revision:
    """Save a new version of ``page`` with what reviewers asked for masked, by the hand of an editor.

    ``revision_id``: the version whose comparison the editor saw. Raises Refused with the reasons.
    """
    with acting(acting_user, pages=[page.pk]) as held:
        page = held.page(page.pk).specific
        requests = mask_requests(page)
        reasons = []
        if not may_on_content(acting_user, EDIT):
            reasons.append(_("%(user)s 在本站没有编辑角色，不能修改内容。") % {"user": acting_user})
        if any(request.disposition.person_id == acting_user.pk for request in requests):
            reasons.append(_("提出遮盖要求的人不能自己动手修改，请由其他编辑办理。"))
        if page.workflow_in_progress:
            reasons.append(_("“%(title)s”正在审核中，退回或撤回之后才能修改。") % {"title": page.title})
        if page.latest_revision_id != revision_id:
            reasons.append(_("你打开页面之后又有了新的版本，请重新核对改动。"))
        if not any(request.masked for request in requests):
            reasons.append(_("没有可以自动遮盖的内容。"))
        if reasons:
            raise Refused(reasons)
        before, after, left = masked_version(page, requests)
        done = [request for request in requests if request not in left]
        if not done:
            raise Refused(_("要求遮盖的内容无法自动找到，请手工修改。"))
        revision: Revision = after.save_revision(user=acting_user)
        record_act(
            "page.mask",
            acting_user=acting_user,
            obj=page,
            detail={
                "revision": revision.pk,
                "before": before.pk,
                "findings": [{"id": r.finding.pk, "rule": r.finding.rule} for r in done],
            },
        )
    return revision


# --- inside ------------------------------------------------------------------------------


def _text_of(shown: Any) -> str:
    """Return all text of a version without spaces, as the scan reads it; a zero byte keeps two places apart."""
    return "\x00".join(squeezed(piece.text) for piece in as_reviewed(shown).scan_pieces())


def _attachment_is_there(page: Page, finding: Any) -> bool:
    """Tell whether the newest finished scan still has the finding; without a scan it counts as there."""
    newest = Scan.objects.filter(page_id=page.pk, state=Scan.State.DONE).order_by("-pk").first()
    return newest is None or newest.findings.filter(key=finding.key).exists()
