"""Live pages that a prepared database holds, so that a test which only needs some does not publish them.

Each was published the whole way, by the people of the cast, when the database was prepared; ``live("rich")`` gives
the page afresh. Where publishing is what is tested, ``tests/factories.py`` publishes.

On alpha, a city's portal, in this order: ``article``, ``second`` (of class 0201), ``third``, plain ones; a source for
each way of reposting, ``mirror_source``, ``pinned_source``, ``link_source``, ``copy_source``, with an attachment and
the keyword 转载词; ``paper``, with an attachment; ``rich``, with every block and all metadata; ``policy``, its
``interpretation``, and ``topic``. On beta, its county: ``article``, ``second`` (keyword 转载词), and the live reposts
``mirror``, ``pinned``, ``link``, ``copy``. What is not named ``*_source`` has been reposted nowhere.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource, ResourceFile
from govplatform.tenancy.queries import get_tenant
from sites.reposts.actions import repost_resource

from . import factories
from .public import contents

ATTACHED = b"attachment bytes"
MODES = ("mirror", "pinned", "link", "copy")
#: By them the titles of the sources of reposts are told apart.
SOURCE_MARKS = {"mirror": "甲", "pinned": "乙", "link": "丙", "copy": "丁"}
#: name -> slug, where they differ
_SLUGS = {
    "rich": "employment-meeting", "policy": "business-environment", "interpretation": "business-environment-read",
    "topic": "employment",
}  # fmt: skip


#: One of each kind of content page, with the blocks and metadata of life.
KINDS = ("rich", "policy", "interpretation", "topic")


class LivePages:
    """``live(name, site)``: the page; ``live.resource(name, site)``: what the library holds of it. Read afresh."""

    def __call__(self, name: str, site: str = "alpha") -> Any:
        with tenant_context(get_tenant(site)):
            return Page.objects.get(slug=_SLUGS.get(name, name.replace("_", "-"))).specific

    def kinds(self, site: str = "alpha") -> dict[str, Any]:
        """Name -> page, one for each kind."""
        return {name: self(name, site) for name in KINDS}

    def resource(self, name: str, site: str = "alpha") -> Resource:
        held = Resource.objects.select_related("current", "tenant")
        return held.get(tenant__code=site, page_id=self(name, site).pk)

    def file(self, name: str, site: str = "alpha") -> ResourceFile:
        """The attachment of a page that has one, as the library holds it."""
        return ResourceFile.objects.get(version=self.resource(name, site).current_id, kind="document")


def paragraphs(*texts: str) -> list[dict[str, Any]]:
    """A body of plain text."""
    return [{"type": "rich_text", "value": "".join(f"<p>{text}</p>" for text in texts)}]


def with_attachment(text: str, content: bytes = ATTACHED, name: str = "附表.txt") -> list[dict[str, Any]]:
    """A body with a text and an attachment; the document is stored in the site that the caller stands in."""
    paper = factories.document(content, name)
    return [*paragraphs(text), {"type": "attachment", "value": {"document": paper.pk, "title": "附表"}}]


def publish_pages() -> None:
    """Everything that is named above, on both sites. Call on a platform with nothing published."""
    for site, publish in (("alpha", _publish_on_alpha), ("beta", _publish_on_beta)):
        with tenant_context(get_tenant(site)):
            publish()
    # What the worker would have done meanwhile, and found nothing to do: no test meets jobs that are not its own.
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.procrastinate_jobs")


def _publish_on_alpha() -> None:
    article: Callable[..., Any] = factories.live_article
    article(title="普通信息", slug="article", body=paragraphs("一段测试正文。"))
    article(title="第二条信息", slug="second", subject_class="0201", body=paragraphs("另一段测试正文。"))
    article(title="第三条信息", slug="third", body=paragraphs("又一段测试正文。"))
    for mode in MODES:
        article(
            title=f"来源标题{SOURCE_MARKS[mode]}",
            slug=f"{mode}-source",
            keywords="转载词",
            body=with_attachment("来源正文。", f"attachment of {mode}".encode()),
        )
    article(title="有附件的信息", slug="paper", body=with_attachment("见附件。"))
    contents.rich_article()
    contents.live_interpretation(contents.live_policy())
    contents.live_topic()


def _publish_on_beta() -> None:
    factories.live_article("beta", title="县里的信息", slug="article", body=paragraphs("县里的正文。"))
    factories.live_article("beta", title="县里的第二条信息", slug="second", keywords="转载词")
    for mode in MODES:
        made = repost_resource(
            LivePages().resource(f"{mode}_source"),
            column=factories.column(),
            mode=mode,
            acting_user=factories.user("beta_editor"),
        )
        page = Page.objects.get(pk=made.page_id).specific
        page.slug = mode
        page.save_revision(user=factories.user("beta_editor"))
        factories.publish(type(page).objects.get(pk=page.pk), "beta")
