"""What an anonymous request costs: bounded, however long the page, however many its links and files."""

import sys
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Blob, Resource, ResourceFile
from govplatform.review.queries import site_path
from govplatform.tenancy.queries import get_tenant
from sites.reposts.actions import repost_resource
from tests import factories
from tests.layers import layered
from tests.statements import Statements

STATEMENTS = 10
#: A home page asks once for each of its boxes, whatever stands in them.
HOME_STATEMENTS = 15
LINKS, FILES = 2000, 500
API = "/api/library/"


def long_body(files: list[int]) -> list[dict[str, Any]]:
    """1 MB of text with LINKS external links, and an attachment for each of ``files``."""
    text = "".join(
        f'<p>第{n}项见<a href="https://www{n}.example.org/report/{n}">报告{n}</a>。{"正文内容" * 30}</p>'
        for n in range(LINKS)
    )
    attached = [{"type": "attachment", "value": {"document": pk, "title": f"附件{pk}"}} for pk in files]
    return [{"type": "rich_text", "value": text}, *attached, {"type": "rich_text", "value": "<p>完。</p>"}]


def with_many_files(resource: Resource) -> None:
    """FILES more files of the current version, as the library would hold them."""
    sums = [f"{n:064x}" for n in range(FILES)]
    Blob.objects.bulk_create([Blob(sm3=sm3, size=10) for sm3 in sums], ignore_conflicts=True)
    ResourceFile.objects.bulk_create(
        ResourceFile(
            version=resource.current, kind="document", name=f"{sm3[-8:]}.txt", title="附件", blob_id=sm3,
            position=1000 + number, content_type="text/plain",
        )
        for number, sm3 in enumerate(sums)
    )  # fmt: skip


@layered
def long_ones() -> dict[str, str]:
    """Names -> paths of a long page on alpha and its repost on beta; many other resources in the library."""
    with tenant_context(get_tenant("alpha")):
        papers = [factories.document(f"附件{n}".encode(), f"{n}.txt").pk for n in range(12)]
        page = factories.live_article(slug="long", body=long_body(papers))
        path = site_path(page)
        for number in range(8):
            factories.live_article(slug=f"other-{number}", subject_class="0201")
    resource = Resource.objects.select_related("current").get(tenant__code="alpha", page_id=page.pk)
    with tenant_context(get_tenant("beta")):
        made = repost_resource(
            resource, column=factories.column(), mode="mirror", acting_user=factories.user("beta_editor")
        )
        repost = factories.publish(Page.objects.get(pk=made.page_id).specific, "beta")
        repost_path = site_path(repost)
    with_many_files(resource)
    return {"page": path, "repost": repost_path, "uuid": str(resource.uuid), "sm3": f"{7:064x}"}


def statements(client: Client, path: str, data: dict[str, str] | None = None) -> list[str]:
    assert client.get(path, data or {}).status_code in (200, 404), path
    with Statements() as captured:
        client.get(path, data or {})
    return [query["sql"] for query in captured]


def test_no_public_address_of_a_long_page_costs_many_statements(long_ones, settings, subtests):
    settings.OUTWARD_LIMITS = {"read": 100_000, "files": 100_000}
    uuid, sm3 = long_ones["uuid"], long_ones["sm3"]
    asked: list[tuple[str, str, dict[str, str]]] = [
        *[("alpha", path, {}) for path in (long_ones["page"], "/", "/news/", "/news/feed.xml", "/sitemap/",
                                           "/sitemap.xml", "/robots.txt", "/nowhere/")],
        *[("beta", path, {}) for path in (long_ones["repost"], "/", "/news/")],
        *[("alpha", API + path, {}) for path in ("", f"resources/{uuid}", f"resources/{uuid}/document", "changes",
                                                 "feeds/all.atom", "feeds/0201.atom", "feeds/site/alpha.atom",
                                                 f"files/{sm3}", "openapi.json", "schema.json")],
        ("alpha", API, {"size": "100", "class": "02", "query": "测试"}),
    ]  # fmt: skip
    for site, path, data in asked:
        found = statements(Client(HTTP_HOST=f"{site}.localhost"), path, data)
        with subtests.test(path=path, **data):
            most = HOME_STATEMENTS if path == "/" else STATEMENTS
            assert len(found) <= most, "\n".join(sql[:160] for sql in found)


def test_changes_with_documents_cost_as_much_for_many_as_for_two(live, alpha, settings):
    settings.OUTWARD_LIMITS = {"read": 100_000, "files": 100_000}
    client = Client(HTTP_HOST="alpha.localhost")
    found = client.get(f"{API}changes", {"documents": "1", "size": "500"}).json()["changes"]
    assert len([one for one in found if "document" in one]) > 12
    counts = [statements(client, f"{API}changes", {"documents": "1", "size": size}) for size in ("2", "500")]
    assert len(counts[1]) <= STATEMENTS, "\n".join(sql[:160] for sql in counts[1])
    assert len(counts[1]) - len(counts[0]) <= 2


def calls(client: Client, path: str) -> int:
    """Python functions that a request calls, after one that filled what a process keeps."""
    client.get(path)
    count = 0

    def note(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        client.get(path)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("which", "like"), [("page", "/news/other-1/"), ("repost", "/news/")])
def test_a_long_page_is_put_together_once_and_not_for_each_reader(long_ones, which, like):
    client = Client(HTTP_HOST="alpha.localhost" if which == "page" else "beta.localhost")
    assert len(client.get(long_ones[which]).content) > 1_000_000
    assert calls(client, long_ones[which]) < 1.5 * calls(client, like)
