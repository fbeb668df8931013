"""Pages that were public before a rule knew better. Call inside a site's schema."""

from typing import Any

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.dictionaries.actions import add_word
from govplatform.review.models import RescanFinding, RescanRun
from govplatform.review.rescans.actions import rescan_sites
from govplatform.tenancy.queries import get_tenant
from tests.confidentiality.records.records_content import attached, plain_docx
from tests.factories import document, live_article
from tests.layers import layered

#: A word that no dictionary has until ``forbid`` adds it.
WORD = "青石计划"


def old_page(text: str = f"<p>关于{WORD}的说明。</p>", **fields: Any) -> Any:
    return live_article(body=[{"type": "rich_text", "value": text}], **fields)


def old_attachment(text: str = f"关于{WORD}的说明。") -> Any:
    item = document(plain_docx(text), "说明.docx", uploader="alpha_editor")
    return live_article(body=attached(item))


def forbid(word: str = WORD, tenant: Any = None, severity: str = "block") -> None:
    """From now on ``word`` is in the dictionary of ``tenant`` (None: the platform's)."""
    add_word(tenant, acting_user=None, word=word, kind="sensitive", severity=severity)


def rescan(tenant: Any) -> RescanRun:
    (answer,) = rescan_sites([tenant], since=None)
    run = answer.run
    assert run is not None, answer
    run.refresh_from_db()
    return run


def found_later(tenant: Any, page: Any = None) -> tuple[Any, RescanFinding]:
    """A live page of the current site with one open item of the work list."""
    page = page or old_page()
    forbid()
    with tenant_context(tenant):
        rescan(tenant)
        return page, RescanFinding.objects.get(page_id=page.pk, outcome="")


@layered
def once_found() -> tuple[int, int]:
    """``found_later`` on alpha, for all tests that begin with it: keys of page and item."""
    alpha = get_tenant("alpha")
    with tenant_context(alpha):
        page, item = found_later(alpha)
    return page.pk, item.pk


@pytest.fixture
def found(alpha: Any, once_found: tuple[int, int]) -> tuple[Any, RescanFinding]:
    """A live page of alpha with one open item of the work list."""
    page, item = once_found
    return Page.objects.get(pk=page).specific, RescanFinding.objects.get(pk=item)
