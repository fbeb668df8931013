"""Draft to live with the library listening and without, in turns: what the library costs publishing."""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import ContentFile
from docx import Document
from docx.shared import Cm
from PIL import Image

from tests.bench.content import ARTICLE_FACTS, article_body, article_title

_PICTURE_SIZE = (400, 300)


def compare(rounds: int, review: Callable[[Any], None]) -> dict[str, Any]:
    """Median seconds of a publication, by kind of page; ``added``: median of the share that the library adds.

    Each round publishes with and without it, in an order that changes, so that a busy machine meets both alike.
    """
    figures = {}
    for kind, with_files in (("text", False), ("files", True)):
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(-2, rounds):
            for listening in (True, False) if number % 2 else (False, True):
                with _library(listening=listening):
                    body = [*article_body(), *(_files() if with_files else [])]
                    started = time.perf_counter()
                    _publish(body, review)
                    spent = time.perf_counter() - started
                # the first ones only warm
                if number >= 0:
                    took[listening].append(spent)
        with_it, without = (statistics.median(took[listening]) for listening in (True, False))
        shares = [one / other - 1 for one, other in zip(took[True], took[False], strict=True)]
        figures[kind] = {"with": with_it, "without": without, "added": statistics.median(shares)}
    return figures


@contextmanager
def _library(*, listening: bool) -> Iterator[None]:
    from content_library.resources.actions import enter_page
    from govplatform.review.events import PageCleared
    from tests.sheet import without

    if listening:
        yield
        return
    with without(PageCleared, enter_page):
        yield


def _publish(body: list[dict[str, Any]], review: Callable[[Any], None]) -> None:
    from wagtail.models import Page

    from govplatform.accounts.models import User
    from sites.articles.models import Article
    from sites.columns.models import Column

    editor = User.objects.get(username="bench_editor")
    column = Column.objects.get(slug="news")
    number = column.numchild + 1
    page = column.add_child(
        instance=Article(title=article_title(number), slug=f"item-{number}", owner=editor, body=body, **ARTICLE_FACTS)
    )
    page.save_revision(user=editor)
    review(page)
    if not Page.objects.get(pk=page.pk).live:
        raise RuntimeError(f"page {page.pk} did not go live")


def _files() -> list[dict[str, Any]]:
    """A Word file of about 300 KB and a picture, no two alike, already in the site's own files."""
    from sites.media.models import SiteDocument, SiteImage

    noise = Image.effect_noise(_PICTURE_SIZE, 90)
    picture = io.BytesIO()
    noise.convert("RGB").save(picture, "JPEG", quality=80)
    word, inside = Document(), io.BytesIO()
    Image.effect_noise((600, 460), 90).save(inside, "PNG")
    word.add_paragraph("便民服务窗口一览。")
    word.add_picture(inside, width=Cm(10))
    attachment = io.BytesIO()
    word.save(attachment)
    image = SiteImage.objects.create(title="窗口", file=ContentFile(picture.getvalue(), name="window.jpg"))
    document = SiteDocument.objects.create(title="一览", file=ContentFile(attachment.getvalue(), name="list.docx"))
    return [
        {"type": "image", "value": {"image": image.pk, "alt": "窗口", "caption": ""}},
        {"type": "attachment", "value": {"document": document.pk, "title": ""}},
    ]
