"""The public API: what it shows, what it never shows, paging, filters, conditional requests, limits."""

import json
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.models import Change, Resource, ResourceVersion
from content_library.outward import queries
from content_library.outward.documents import LARGEST_ANSWER
from content_library.outward.shapes import answer_shapes
from content_library.resources.actions import withdraw_resource
from content_library.resources.changes import ChangePage
from content_library.resources.entering import note_change, write_terms
from content_library.schema.checking import faults_of
from content_library.schema.definition import json_schema
from govplatform.audit.sm3 import sm3_hex
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered
from tests.statements import Statements

pytestmark = pytest.mark.django_db
API = "/api/library/"


@pytest.fixture(autouse=True)
def settled(monkeypatch):
    """Inside one transaction no change is settled; with real commits they are read in test_harvesting.py."""

    def changes(cursor, *, limit):
        rows = Change.objects.filter(pk__gt=int(cursor.split("-")[1])).order_by("pk")
        found = list(rows.select_related("resource__current", "resource__tenant")[: limit + 1])
        last = found[:limit][-1].pk if found else cursor.split("-")[1]
        return ChangePage(found[:limit], f"1-{last}", len(found) > limit)

    monkeypatch.setattr("content_library.outward.queries.changes_since", changes)


@pytest.fixture
def ask(citizen):
    client = citizen("alpha")

    def run(path="", expected=200, **values):
        response = client.get(API + path, values)
        assert response.status_code == expected, b"".join(response).decode()[:500]
        return response.json() if response["Content-Type"].startswith("application/json") else response

    return run


def never_for_everybody(resource):
    """The review refuses such pages; what came in otherwise stays inside all the same."""
    version = resource.current
    metadata = {**version.metadata, "disclosure": "on_request"}
    hidden = ResourceVersion.objects.create(
        resource_id=resource.pk + 1_000_000, number=1, title=version.title, metadata=metadata, html="", text="",
        digest=version.digest, cleared_at=version.cleared_at,
    )  # fmt: skip
    other = Resource.objects.get(pk=resource.pk)
    other.pk, other.uuid, other.number, other.page_id = resource.pk + 1_000_000, uuid.uuid4(), "", 1_000_000
    other.current, other.disclosure = hidden, "on_request"
    write_terms(other)
    other.save(force_insert=True)
    note_change(other, "entered", 1)
    withdraw_resource(resource, reason="不应给出的理由")


@layered
def stored():
    """Keys of two resources: of the policy, and of what is gone."""
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    with tenant_context(alpha):
        factories.live_article(title="农村饮水安全工作通知", subject_class="06", summary="饮水摘要")
        paper = factories.document(b"attachment bytes", "办法 附件.txt", uploader="alpha_editor")
        body = [
            {"type": "rich_text", "value": "<p>正文甲。</p>"},
            {"type": "attachment", "value": {"document": paper.pk, "title": "附件"}},
        ]
        policy = factories.publish(
            factories.draft_policy(title="优化营商环境办法", subject_class="02", document_kind="measures", body=body)
        )
        hidden = factories.publish(factories.draft_policy(title="只依申请公开的文件"))
        never_for_everybody(Resource.objects.get(tenant=alpha, page_id=hidden.pk))
        gone = factories.live_article(title="将被撤回的信息")
        factories.draft_article(title="从未公开的草稿")
        resource = Resource.objects.get(tenant=alpha, page_id=gone.pk)
        withdraw_resource(resource, reason="内部理由：误发了不该发的内容")
    with tenant_context(beta):
        factories.live_article("beta", title="白石县饮水工程公告", subject_class="06")
    return {"policy": Resource.objects.get(tenant=alpha, page_id=policy.pk).pk, "gone": resource.pk}


@pytest.fixture
def stock(stored):
    """Three public ones, one for whoever asks in writing, one withdrawn, one draft."""
    return {name: Resource.objects.get(pk=pk) for name, pk in stored.items()}


def titles(found):
    return [one["title"] for one in found["resources"]]


def test_the_list_shows_what_is_public_and_nothing_else(stock, ask):
    found = ask()
    assert titles(found) == ["白石县饮水工程公告", "优化营商环境办法", "农村饮水安全工作通知"]
    assert faults_of(found, answer_shapes()["ResourceList"]) == []
    assert ask("resources/") == found


def test_filters(stock, ask, monkeypatch):
    for values, count in (
        ({"site": "beta"}, 1), ({"class": "06"}, 2), ({"class": "06", "query": "饮水", "site": "alpha"}, 1),
        ({"kind": "policy"}, 1), ({"status": "in_force"}, 3), ({"query": "饮水 公告"}, 1), ({"month": "1999-01"}, 0),
        ({"query": "'; DROP TABLE x; --"}, 0), ({"query": "' | 'v:open"}, 0), ({"since": "2999-01-01"}, 0),
        ({"until": "2999-01-01"}, 3), ({"since": "2000-01-01", "until": "2999-01-01T00:00:00+08:00"}, 3),
        ({"query": "撤回"}, 0), ({"query": "依申请"}, 0),
    ):  # fmt: skip
        assert (values, len(ask(**values)["resources"])) == (values, count)
    for sorted_at_most, walked in ((3000, 20000), (0, 20000), (0, 1)):
        # Few hits are sorted, many are met by walking the dates, or sorted after all: the same list.
        monkeypatch.setattr(queries, "_SORTED_AT_MOST", sorted_at_most)
        monkeypatch.setattr(queries, "_WALKED_AT_MOST", walked)
        assert titles(ask(query="饮水", **{"class": "06"})) == ["白石县饮水工程公告", "农村饮水安全工作通知"]
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert ask(since=tomorrow)["resources"] == []
    assert len(ask(until=timezone.localdate().isoformat())["resources"]) == 3


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("", {"page": "2"}), ("", {"size": "0"}), ("", {"size": "9999"}), ("", {"size": "1e2"}), ("", {"size": "１"}),
        ("", {"status": "withdrawn"}), ("", {"status": "imported"}), ("", {"kind": "x' | 'v:open"}),
        ("", {"class": "0 | 1"}), ("", {"month": "2026-13"}), ("", {"since": "gestern"}), ("", {"site": "nowhere"}),
        ("", {"site": "console"}), ("", {"after": "%%%"}), ("", {"after": "AAAA"}), ("", {"query": "a\x00b"}),
        ("", {"query": "字" * 300}), ("", {"site": ["alpha", "beta"]}), ("changes", {"since": "0"}),
        ("changes", {"since": "1-1; SELECT"}), ("changes", {"since": f"{'9' * 19}-1"}), ("changes", {"size": "501"}),
        ("changes", {"documents": "yes"}), ("openapi.json", {"x": "1"}), ("feeds/all.atom", {"size": "5"}),
    ],
)  # fmt: skip
def test_what_is_no_question_is_answered_400_in_words(ask, path, values):
    found = ask(path, 400, **values)
    assert faults_of(found, answer_shapes()["Error"]) == []
    assert any("一" <= letter <= "鿿" for letter in found["error"]["message"])


def test_paging_stays_where_it_was_while_others_publish(stock, ask, site):
    first = ask(size=1)
    with tenant_context(site("alpha")):
        factories.live_article(title="中途发布")
    second = ask(size=1, after=first["after"])
    third = ask(size=1, after=second["after"])
    assert titles(first) + titles(second) + titles(third) == titles(ask())[1:]
    assert "next" not in third and first["next"].startswith("http://alpha.localhost:8000/api/library/?size=1&after=")


def test_one_resource_with_text_files_and_versions(stock, ask):
    found = ask(str(stock["policy"].uuid))
    assert faults_of(found, answer_shapes()["WholeResource"]) == []
    assert (found["title"], found["metadata"]["document_kind"], len(found["versions"])) == (
        "优化营商环境办法", "measures", 1,
    )  # fmt: skip
    (file,) = found["files"]
    assert "library:blob" not in found["html"] and file["address"] in found["html"]
    path = file["address"].removeprefix("http://alpha.localhost:8000/api/library/")
    response = ask(path)
    assert sm3_hex(b"".join(response)) == file["sm3"]
    assert response["Content-Disposition"].startswith("attachment") and "sandbox" in response["Content-Security-Policy"]
    assert ask(f"files/{file['sm3']}").status_code == 200


def test_the_document_fits_the_published_schema(stock, ask):
    schema = ask("schema.json")
    assert schema == json.loads(json.dumps(json_schema()))
    assert faults_of(ask(f"{stock['policy'].uuid}/document"), schema) == []


def test_what_is_gone_has_a_uuid_a_status_and_a_time(stock, ask):
    found = ask(str(stock["gone"].uuid), 410)["error"]["resource"]
    assert set(found) == {"uuid", "status", "at"} and found["status"] == "withdrawn"
    ask(f"{stock['gone'].uuid}/document", 410)
    asked = Resource.objects.get(disclosure="on_request")
    for path in (asked.uuid, f"{asked.uuid}/document", "0" * 8 + "-0000-0000-0000-" + "0" * 12, "x/y", "admin/"):
        assert ask(str(path), 404)["error"]["code"] == "not_found"


def test_files_end_with_what_shows_them(stock, ask, alpha):
    sm3 = sm3_hex(b"attachment bytes")
    ask(f"files/{sm3}/other.txt", 404)
    ask(f"files/{'0' * 64}", 404)
    withdraw_resource(stock["policy"], reason="撤")
    assert ask(f"files/{sm3}", 410)["error"]["code"] == "withdrawn"


def test_changes_tell_everything_once_and_no_secret(stock, ask):
    whole = ask("changes", documents=1)
    assert faults_of(whole, answer_shapes()["ChangeList"]) == []
    text = json.dumps(whole, ensure_ascii=False)
    assert not [word for word in ("将被撤回", "内部理由", "误发", "不应给出", "只依申请", "草稿") if word in text]
    assert [one["status"] for one in whole["changes"]] == ["in_force", "in_force", "withdrawn", "withdrawn", "in_force"]
    assert set(whole["changes"][2]) == {"uuid", "status", "at"}
    cursor, seen = "0-0", []
    while True:
        page = ask("changes", since=cursor, size=1)
        seen += [(one["uuid"], one["status"]) for one in page["changes"]]
        cursor = page["cursor"]
        if not page["more"]:
            break
    assert seen == [(one["uuid"], one["status"]) for one in whole["changes"]]
    assert ask("changes", since=cursor)["changes"] == []


def test_a_page_of_documents_ends_when_it_is_large(stock, ask, monkeypatch):
    monkeypatch.setattr("content_library.outward.documents.LARGEST_ANSWER", 10)
    seen, cursor, pages = [], "0-0", 0
    while True:
        page = ask("changes", since=cursor, documents=1)
        seen += page["changes"]
        cursor, pages = page["cursor"], pages + 1
        if not page["more"]:
            break
    assert len(seen) == 5 and pages >= 3 and LARGEST_ANSWER > 1_000_000


def test_a_resource_that_is_no_longer_for_everybody_ends_like_a_withdrawn_one(alpha, ask):
    page = factories.publish(factories.draft_policy(title="先公开后不公开"))
    Resource.objects.filter(page_id=page.pk).update(disclosure="on_request")
    (change,) = ask("changes")["changes"]
    assert set(change) == {"uuid", "status", "at"}
    ask(change["uuid"], 410)


def test_a_site_in_preparation_shows_nothing_until_it_opens(stock, ask, site):
    from govplatform.tenancy.hosts import forget_hosts

    forget_hosts()
    beta = site("beta")
    Tenant.objects.filter(pk=beta.pk).update(status=Tenant.Status.PREPARING)
    assert len(ask()["resources"]) == 2
    ask("", 400, site="beta")
    beta = Tenant.objects.get(pk=beta.pk)
    cursor = ask("changes")["cursor"]
    beta.status = Tenant.Status.LIVE
    beta.save()
    assert [one["resource"]["site"] for one in ask("changes", since=cursor)["changes"]] == ["beta"]


def test_imports_are_not_given_on(alpha, ask):
    page = factories.live_article(title="来自别处")
    uuid = str(Resource.objects.get(page_id=page.pk).uuid)
    assert titles(ask()) == ["来自别处"]
    Resource.objects.filter(page_id=page.pk).update(status="imported")
    assert titles(ask()) == [] and ask(uuid, 410)


def test_unchanged_is_304_and_no_cookie_is_set(stock, citizen):
    client = citizen("alpha")
    for path in ("", "changes", "openapi.json", "feeds/all.atom", str(stock["policy"].uuid)):
        first = client.get(API + path)
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        again = client.get(API + path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Access-Control-Allow-Origin"] == "*" and not first.cookies
        assert "Access-Control-Allow-Credentials" not in first and "cookie" not in first.get("Vary", "").lower()
    file = f"{API}files/{sm3_hex(b'attachment bytes')}"
    assert client.get(file, headers={"if-none-match": client.get(file)["ETag"]}).status_code == 304


def test_reading_alone(db, citizen):
    client = citizen("alpha")
    assert client.head(API).content == b"" and client.head(API).status_code == 200
    options = client.options(API, headers={"origin": "https://example.org", "access-control-request-method": "GET"})
    assert (options.status_code, options["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for method in (client.post, client.put, client.patch, client.delete):
        response = method(API)
        assert (response.status_code, response.json()["error"]["code"]) == (405, "method_not_allowed")


def test_too_many_requests_wait(citizen, db, settings):
    settings.OUTWARD_LIMITS = {"read": 3, "files": 3}
    alpha, beta = citizen("alpha"), citizen("beta")
    answers = [alpha.get(API), beta.get(API), alpha.get(API), beta.get(API), alpha.get(API)]
    assert [one.status_code for one in answers[:3]] == [200] * 3
    late = [one for one in answers if one.status_code == 429]
    assert late and 1 <= int(late[-1]["Retry-After"]) <= 60
    assert late[-1].json()["error"]["retry_after"] == int(late[-1]["Retry-After"])
    assert alpha.get(API, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_the_client_behind_proxies(rf, settings):
    from govplatform.tenancy.client_address import client_address

    forwarded = {"x-forwarded-for": "10.0.0.1, 203.0.113.9, 192.0.2.1"}
    asked = rf.get("/", headers=forwarded, REMOTE_ADDR="192.0.2.2")
    settings.OUTWARD_PROXIES = 0
    assert client_address(asked) == "192.0.2.2"
    settings.OUTWARD_PROXIES = 2
    assert client_address(asked) == "203.0.113.9"
    settings.OUTWARD_PROXIES = 9
    assert client_address(asked) == "192.0.2.2"
    settings.OUTWARD_PROXIES = 0
    one, other = (client_address(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2:{n}::1")) for n in (3, 4))
    assert one == other == "2001:db8:1:2::"


def test_closed_sites_say_so(citizen, site, settings):
    for status, code, word in (("retired", 410, "site_retired"), ("offline", 503, "site_closed")):
        Tenant.objects.filter(code="alpha").update(status=status)
        from govplatform.tenancy.hosts import forget_hosts

        forget_hosts()
        response = citizen("alpha").get(API)
        assert (response.status_code, response.json()["error"]["code"]) == (code, word)


def test_a_list_costs_few_statements(db, citizen):
    client = citizen("alpha")
    client.get(API)
    with Statements() as captured:
        client.get(API, {"class": "06", "query": "饮水"})
    assert len(captured) <= 8


def test_withdrawing_the_page_ends_it_here_too(alpha, live, ask, person):
    page = live("article")
    uuid = str(live.resource("article").uuid)
    assert ask(uuid)["title"] == page.title
    with tenant_context(alpha):
        withdraw_page(page, reason="撤下的理由", acting_user=person("alpha_content"))
    assert "理由" not in json.dumps(ask(uuid, 410), ensure_ascii=False)
