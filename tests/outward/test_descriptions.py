"""The OpenAPI document says what the addresses do; Atom feeds are what readers of feeds expect."""

import re
from uuid import UUID

import pytest
from django_tenants.utils import tenant_context
from lxml import etree

from content_library.models import Resource
from content_library.outward.addresses import ADDRESSES, PREFIX
from content_library.outward.openapi import openapi_document
from content_library.outward.urls import urlpatterns
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered

ATOM = "{http://www.w3.org/2005/Atom}"


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


@pytest.mark.unit
def test_every_address_is_described_and_every_reference_leads_somewhere():
    made = openapi_document()
    assert made["openapi"].startswith("3.1") and made["info"]["title"] and made["info"]["version"]
    assert set(made["paths"]) == {PREFIX + address.template for address in ADDRESSES}
    assert {pattern.name for pattern in urlpatterns} - {"outward_missing"} == {a.name for a in ADDRESSES}
    for reference in references(made):
        found = made
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


@pytest.mark.unit
@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_parameters_in_the_path_and_the_query_are_described(address):
    operation = openapi_document()["paths"][PREFIX + address.template]["get"]
    described = {(one["in"], one["name"]) for one in operation.get("parameters", [])}
    assert {name for place, name in described if place == "path"} == set(re.findall(r"\{(\w+)\}", address.template))
    assert {name for place, name in described if place == "query"} == {one.name for one in address.parameters}
    assert all(one["schema"] for one in operation.get("parameters", []))
    assert {"200", "304", "400", "404", "429"} <= set(operation["responses"])


@layered
def fed():
    """Two articles and a policy of alpha."""
    with tenant_context(get_tenant("alpha")):
        factories.live_article(title="农村饮水 <b>&amp;</b> 通知\x0b", subject_class="06")
        factories.live_article(title="其他信息", subject_class="10", summary="摘要")
        factories.publish(factories.draft_policy(title="办法"))


@pytest.mark.django_db
def test_the_document_is_served_as_it_is_made(citizen):
    assert citizen("beta").get(f"{PREFIX}openapi.json").json() == openapi_document()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("all", 3), ("kind/policy", 1), ("kind/article", 2), ("site/alpha", 3), ("site/beta", 0), ("06", 1),
        ("class/06", 1), ("07", 0),
    ],
)  # fmt: skip
def test_feeds(fed, citizen, path, count):
    response = citizen("beta").get(f"{PREFIX}feeds/{path}.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert len(feed.findall(ATOM + name)) == 1 and feed.findtext(ATOM + name)
    UUID(feed.findtext(f"{ATOM}id").removeprefix("urn:uuid:"))
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")] == ["alternate", "self"]
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == count
    uuids = {str(uuid) for uuid in Resource.objects.values_list("uuid", flat=True)}
    for entry in entries:
        for name in ("id", "title", "updated", "published", "summary", "author"):
            assert len(entry.findall(ATOM + name)) == 1
        assert entry.findtext(f"{ATOM}id").removeprefix("urn:uuid:") in uuids
        source = entry.find(f"{ATOM}source")
        assert source.findtext(f"{ATOM}title") == "云江省澄州市人民政府" and source.findtext(f"{ATOM}id")
        assert entry.find(f"{ATOM}link").get("href").startswith("http://alpha.localhost")
    again = citizen("alpha").get(f"{PREFIX}feeds/{path}.atom")
    assert etree.fromstring(again.content).findtext(f"{ATOM}id") == feed.findtext(f"{ATOM}id")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["99", "kind/x", "site/nowhere", "site/console", "x'y", "../all"])
def test_feeds_of_nothing(citizen, path):
    assert citizen("alpha").get(f"{PREFIX}feeds/{path}.atom").status_code == 404
