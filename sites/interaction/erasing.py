"""What the pages of answers hold of people that were never public: it follows the case whose data was removed.

Reviews, decisions, digests and days stay, so the record of who cleared what is whole; what was cleared can no longer be
read. A trigger lets nothing else change in a version that was decided on (migration 0005).
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageLogEntry, Revision

from govplatform.cases.kinds import Kind
from govplatform.cases.models import Case
from govplatform.cases.retention.holders import Holder, standing_sites
from govplatform.locks.holding import locking
from govplatform.tenancy.models import Tenant

from .models import PrivateReply, PublicReply

#: The title of such a page from then on; the trigger knows it.
ERASED = "内容已到期删除"
#: What of a page and of its versions is somebody's words, or made of them, and what stands there afterwards.
_WORDS = ("question", "answer", "summary", "keywords", "seo_title", "search_description")


def _kept(_site: Tenant | None) -> QuerySet[Page]:
    erased = Case.objects.filter(erased_at__isnull=False).values("number")
    of_them = Q(privatereply__case_number__in=erased) | Q(publicreply__case_number__in=erased)
    return Page.objects.type(PrivateReply, PublicReply).filter(of_them, first_published_at=None).exclude(title=ERASED)


def _erase(site: Tenant, keys: Sequence[int]) -> int:
    pages = list(locking(_kept(site).filter(pk__in=keys)))
    for page in pages:
        _blank(page.specific)
    return len(pages)


def _blank(page: Any) -> None:
    values = {"title": ERASED, "draft_title": ERASED, "slug": f"reply-{page.pk}", **dict.fromkeys(_WORDS, "")}
    if page.case_kind == Kind.DISCLOSURE:
        # The letter of a request is an official document that names nobody; what was asked for goes.
        del values["answer"]
    own = {name: value for name, value in values.items() if hasattr(page, name)}
    for name, value in own.items():
        setattr(page, name, value)
    page.save()
    # Where addresses are spelled out of titles, the address has the title in it.
    own["url_path"] = page.url_path
    for revision in Revision.objects.for_instance(page):
        content = {name: own.get(name, value) for name, value in revision.content.items()}
        Revision.objects.filter(pk=revision.pk).update(content=content, object_str=ERASED)
    PageLogEntry.objects.filter(page=page.pk).update(label=ERASED)


UNSHOWN_REPLIES = Holder(
    code="unshown-replies",
    label=_("没有公开的答复稿"),
    goes=_("标题、遮盖后的问题、答复内容，包括各个版本"),
    stays=_("审查意见、内容摘要、日期和经手人"),
    limit="",
    since="",
    site_field="",
    kept=_kept,
    erase=_erase,
    # Any of them: a case is passed on, and pages move with their site.
    sites=standing_sites,
)
