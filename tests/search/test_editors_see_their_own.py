"""No list, no chooser, no filter and no parameter of a console shows an editor another site's draft."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from django_tenants.utils import tenant_context
from modelsearch import index
from wagtail.models import Page

from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.attacks.asking import Watched, watching
from tests.conftest import console_client
from tests.isolation.addresses import OPEN, patterns

#: A name that stands in nothing else, and a word of it that is asked for.
SECRET, WORD = "青冥湖底密室修缮方案", "密室"


@pytest.fixture
def planted(db: None) -> dict[str, Any]:
    """Things of beta that nobody has published, in beta's console search; and something of alpha's beside them."""
    kept: dict[str, Any] = {}
    for code in ("beta", "alpha"):
        with tenant_context(get_tenant(code)):
            title = SECRET if code == "beta" else "无关的草稿"
            page = factories.draft_article(f"{code}_editor", title=title)
            picture = factories.image(title, uploader=f"{code}_editor")
            document = factories.document(name=f"{title}.txt", uploader=f"{code}_editor")
            for one in (page, picture, document):
                index.insert_or_update_object(one)
            factories.submit(page, f"{code}_editor")
            if code == "beta":
                kept = {"page_id": page.pk, "image_id": picture.pk, "document_id": document.pk}
                kept |= {"site": "beta", "revision": Page.objects.get(pk=page.pk).latest_revision_id}
    return kept


def ways_of_asking(names: set[str], planted: dict[str, Any], *, all_of_them: bool) -> list[dict[str, str]]:
    """All parameters of a view at once, with what would lead to beta's things if the view believed it."""
    words = {name for name in names if name in ("q", "query", "search", "words", "title", "term", "text")}
    others = names - words
    asked = [dict.fromkeys(names, WORD)]
    for value in ("beta", str(planted["page_id"]), ""):
        asked.append({**dict.fromkeys(words, WORD), **dict.fromkeys(others, value)})
    if all_of_them:
        # Nearly all of it: what was asked for stands in the field again.
        nearly = SECRET[:-1]
        asked += [dict.fromkeys(names, value) for value in (nearly, "site_beta", str(planted["image_id"]), "all", "*")]
        asked += [{**dict.fromkeys(words, WORD), name: "beta"} for name in sorted(others)]
    # A view that asks for words alone would be asked the same four times.
    return [query for number, query in enumerate(asked) if query not in asked[:number]]


def lists_of_the_console() -> list[str]:
    """Every address that names no thing: lists, choosers, searches, start pages."""
    found = patterns(get_resolver(settings.CONSOLE_URLCONF))
    paths = (f"/{pattern.replace('^', '').replace('$', '')}" for pattern, _name in found)
    return sorted({path for path in paths if not re.search(r"[<>()\[\]\\?]", path) and not OPEN.match(path)})


def shown(client: Client, path: str, query: dict[str, str]) -> bool:
    answer = client.get(path, query)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return SECRET in body.decode(errors="replace") or SECRET in str(answer.headers)


def leads(
    client: Client, planted: dict[str, Any], monkeypatch: pytest.MonkeyPatch, *, all_of_them: bool
) -> tuple[int, list[str]]:
    """(how many lists ask for words, addresses that show the secret)."""
    client.raise_request_exception = False
    found, lists = [], 0
    with watching(monkeypatch):
        for path in lists_of_the_console():
            Watched.names.clear()
            client.get(path)
            names = set(Watched.names)
            lists += bool(names & {"q", "query", "search", "words"})
            for query in ways_of_asking(names, planted, all_of_them=all_of_them) if names else []:
                if shown(client, path, query):
                    found.append(f"{path} {query}")
                    break
    return lists, found


@pytest.mark.parametrize(
    "who", ["alpha_editor", *(pytest.param(f"alpha_{role}", marks=pytest.mark.soak) for role in ("content", "admin"))]
)
def test_another_sites_draft_is_shown_by_nothing_that_can_be_asked(planted, who, monkeypatch):
    lists, found = leads(console_client(who, "alpha"), planted, monkeypatch, all_of_them=who != "alpha_editor")
    assert found == []
    assert lists >= 5


def test_its_own_editor_finds_it_in_the_same_lists(planted):
    """The walk above would see it: where the secret belongs, the same questions show it."""
    client = console_client("beta_editor", "beta")
    for path in ("/admin/pages/search/", "/admin/images/", "/admin/documents/", "/admin/choose-page/search/"):
        assert shown(client, path, {"q": WORD}), path
