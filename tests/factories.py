"""Content for tests, made through the same actions as everywhere. Call inside a site's schema."""

import io
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from govplatform.accounts.models import User
from govplatform.review.findings.dispositions import decide_from_the_shell
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.actions import submit_for_review
from sites.articles.models import Article
from sites.columns.models import Column
from sites.media.models import SiteDocument, SiteImage
from sites.policies.models import Interpretation, PolicyDocument

_numbers = count(1)


def user(username: str) -> User:
    return User.objects.get(username=username)


def column(slug: str = "news") -> Column:
    return Column.objects.get(slug=slug)


def draft_page(model: type, column_slug: str, editor: str, **fields: Any) -> Any:
    """A draft of any content type with a first revision by ``editor``."""
    number = next(_numbers)
    author = user(editor)
    values = {
        "title": f"第{number}号测试信息",
        "slug": f"item-{number}",
        "source": "本站",
        "owner": author,
        "body": [{"type": "rich_text", "value": f"<p>第{number}号测试正文。</p>"}],
        **fields,
    }
    page = column(column_slug).add_child(instance=model(**values))
    page.save_revision(user=author)
    return type(page).objects.get(pk=page.pk)


def draft_article(editor: str = "alpha_editor", **fields: Any) -> Article:
    return draft_page(Article, fields.pop("column", "news"), editor, **fields)


def draft_policy(editor: str = "alpha_editor", **fields: Any) -> PolicyDocument:
    values = {"issued_by": "云江省澄州市人民政府", "issued_on": "2026-03-02", "document_number": "澄政发〔2026〕3号"}
    return draft_page(PolicyDocument, "policies", editor, **{**values, **fields})


def draft_interpretation(policy: PolicyDocument, editor: str = "alpha_editor", **fields: Any) -> Interpretation:
    sections = {name: f"<p>{name}</p>" for name in Interpretation.SECTIONS}
    return draft_page(Interpretation, "interpretations", editor, policy=policy, **{**sections, **fields})


def submit(page: Any, editor: str = "alpha_editor") -> None:
    """Sent to review, and scanned as the worker would do it at once."""
    submit_for_review(page, acting_user=user(editor))
    scan_now(page, acting_user=user(editor))


def approve(page: Any, reviewer: str) -> Any:
    """The step that is due, as the verb takes it: a missing scan is run first."""
    return decide_from_the_shell(page, acting_user=user(reviewer), approve=True, opinion="同意。")


def publish(page: Any, site: str = "alpha", editor: str | None = None) -> Any:
    """The whole way: submitted, approved twice, live. Returns the page afresh."""
    submit(page, editor or f"{site}_editor")
    approve(page, f"{site}_content")
    approve(page, f"{site}_secret")
    return type(page).objects.get(pk=page.pk)


def live_article(site: str = "alpha", **fields: Any) -> Article:
    return publish(draft_article(f"{site}_editor", **fields), site)


def image(title: str = "测试图片", colour: str = "steelblue", uploader: str | None = None, **fields: Any) -> SiteImage:
    stream = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(stream, "JPEG")
    return SiteImage.objects.create(
        title=title,
        description=title,
        file=ContentFile(stream.getvalue(), name="test.jpg"),
        uploaded_by_user=user(uploader) if uploader else None,
        **fields,
    )


def document(content: bytes = b"test attachment", name: str = "test.txt", uploader: str | None = None) -> SiteDocument:
    return SiteDocument.objects.create(
        title=name,
        file=ContentFile(content, name=name),
        uploaded_by_user=user(uploader) if uploader else None,
    )
