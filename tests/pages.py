"""Live pages that a prepared database holds, so that a test which only needs some does not publish them.

Each was published the whole way, by the people of the cast, when the database was prepared. ``live("rich")`` gives
the page afresh. Where publishing is what is tested, ``tests/factories.py`` publishes.
"""

from collections.abc import Callable
from typing import Any

from django_tenants.utils import tenant_context

from content_library.models import Repost, Resource
from govplatform.tenancy.queries import get_tenant
from sites.reposts.actions import repost_resource

from . import factories
from .public import contents

ATTACHED = b"attachment bytes"
#: The kinds of repost; alpha has a source for each, beta the page.
MODES = ("mirror", "pinned", "link", "copy")


def paragraphs(*texts: str) -> list[dict[str, Any]]:
    return [{"type": "rich_text", "value": "".join(f"<p>{text}</p>" for text in texts)}]


def with_attachment(site: str, text: str, content: bytes = ATTACHED, name: str = "附表.txt") -> list[dict[str, Any]]:
    paper = factories.document(content, name, uploader=f"{site}_editor")
    return [*paragraphs(text), {"type": "attachment", "value": {"document": paper.pk, "title": "附表"}}]


def _article(site: str, slug: str, **fields: Any) -> None:
    factories.live_article(site, slug=slug, **fields)


def _repost(mode: str) -> None:
    page = LivePages()(f"{mode}_source")
    resource = Resource.objects.get(tenant__code="alpha", page_id=page.pk)
    made = repost_resource(
        resource, column=factories.column(), mode=mode, acting_user=factories.user("beta_editor")
    )
    draft = factories.page_of(made.page_id)
    draft.slug = f"repost-{mode}"
    factories.publish(draft, "beta")


#: (site, name, how it is published there), in the order of publishing. The name is the page's slug, if not said below.
_PUBLISHED: list[tuple[str, str, Callable[[], Any]]] = []
