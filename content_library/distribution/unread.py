"""What a standing clearance reaches: the version that was pushed, on the page made for it, and nothing besides.

Nobody reads such a page before it is public. So whatever anybody of the receiving site had a part in goes to its
reviewers like everything else: what is reposted is reviewed as well
(《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第三部分第（二）项).
"""

from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.models import Repost, Resource
from govplatform.review.models import Decision, Submission

from .models import PushTarget
from .reposting import reposter


def reasons_against_publishing_unread(page: Page, target: PushTarget) -> list[str]:
    """Why ``page`` is not, word for word, what the delivery of ``target`` made and handed in; the page is held.

    Call inside the receiving site.
    """
    if target.made_revision is None or not _shows_resource(page, target):
        return [_("这一页不是这次推送生成的")]
    reasons = []
    if page.latest_revision_id != target.made_revision:
        reasons.append(_("这一页生成之后有人修改过"))
    if _was_handed_in_again(page):
        reasons.append(_("这一页曾被退回或撤回，又重新送审"))
    # Fresh: between the delivery and now the source may have published a correction.
    resource = Resource.objects.select_related("current", "tenant").get(pk=target.push.resource_id)
    if not reasons and not reposter().shows_exactly(page.pk, resource.current):
        reasons.append(_("这一页与来源的最新版本不是逐字相同"))
    return reasons


def _shows_resource(page: Page, target: PushTarget) -> bool:
    return Repost.objects.filter(
        tenant=target.tenant_id, page_id=page.pk, resource=target.push.resource_id, mode=Repost.Mode.MIRROR
    ).exists()


def _was_handed_in_again(page: Page) -> bool:
    """Did anybody send it back, or take it back? The delivery hands in once."""
    sent_back = Decision.objects.filter(page_id=page.pk, verdict=Decision.Verdict.REJECTED)
    handed_in = Submission.objects.filter(page_id=page.pk)
    return sent_back.exists() or handed_in.count() != 1 or page.workflow_states.count() != 1
