"""Export, import: what was exported comes back the same; hostile files are refused with reasons."""

import base64
import json
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context

from content_library.models import Resource, ResourceVersion
from content_library.resources import exchange
from content_library.resources.exchange import export_resource, import_resource
from content_library.resources.foreign_html import clean_foreign_html
from content_library.resources.queries import get_resource
from content_library.schema.checking import faults_of
from content_library.schema.definition import json_schema
from content_library.schema.mapping import as_dcat, as_national
from govplatform.audit.models import Entry
from govplatform.audit.sm3 import sm3_hex
from govplatform.refusals import Refused
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.layers import layered

pytestmark = pytest.mark.django_db


@layered
def measures():
    """The number of a policy of alpha with an attachment."""
    with tenant_context(get_tenant("alpha")):
        document = factories.document(b"attachment bytes", uploader="alpha_editor")
        body = [
            {"type": "rich_text", "value": "<p>正文。</p>"},
            {"type": "attachment", "value": {"document": document.pk, "title": "附件"}},
        ]
        policy = factories.draft_policy(title="测试办法", body=body, document_kind="measures", subject_class="02")
        return Resource.objects.get(page_id=factories.publish(policy).pk).uuid


@pytest.fixture
def exported(alpha, measures, tmp_path):
    """(the resource, the parsed export)."""
    resource = get_resource(measures)
    export_resource(resource, tmp_path / "own.json")
    return resource, json.loads((tmp_path / "own.json").read_text())


@pytest.fixture
def foreign(exported):
    """The same document as another platform would send it."""
    made = exported[1]
    made["uuid"] = str(uuid.uuid4())
    made["platform"] = "邻省平台"
    made["metadata"]["index_number"] = "外-1"
    return made


@pytest.fixture
def take(tmp_path, person, site):
    def run(made, username="alpha_editor", code="alpha"):
        path = tmp_path / "in.json"
        path.write_text(made if isinstance(made, str) else json.dumps(made))
        return import_resource(path, acting_user=person(username), tenant=site(code) if code else None)

    return run


def test_an_export_fits_the_schema(exported):
    assert faults_of(exported[1], json_schema()) == []


def test_both_mappings_name_the_resource(exported):
    resource = exported[0]
    dcat, national = as_dcat(resource), as_national(resource)
    assert dcat["dct:title"] == national["信息资源名称"] == "测试办法"
    assert dcat["dct:type"] == "办法" and dcat["dcat:theme"] == "综合政务"
    assert dcat["dcat:distribution"][0]["spdx:checksum"]["spdx:checksumValue"] == sm3_hex(b"attachment bytes")


def test_an_import_is_imported_and_recorded_and_twice_is_once(foreign, take, alpha):
    resource, version = take(foreign)
    assert (resource.status, resource.tenant, resource.holder) == ("imported", None, alpha)
    assert (resource.platform, resource.number, version.number) == ("邻省平台", "外-1", 1)
    assert version.files.count() == 1
    count = ResourceVersion.objects.count()
    assert take(foreign)[0] == resource
    assert ResourceVersion.objects.count() == count
    assert Entry.objects.filter(act="library.import", chain=alpha.schema_name).count() == 1


def test_a_byte_order_mark_before_the_json_is_read(foreign, take):
    assert take("\ufeff" + json.dumps(foreign))[0].title == foreign["metadata"]["title"]


def test_the_next_version_follows_and_an_old_or_rewritten_one_does_not(foreign, take):
    take(foreign)
    rewritten = json.loads(json.dumps(foreign))
    rewritten["html"] = "<p>改写</p>"
    rewritten.pop("digest")
    with pytest.raises(Refused, match="不可改写"):
        take(rewritten)
    following = {**rewritten, "version": 2}
    assert take(following)[1].number == 2
    with pytest.raises(Refused, match="更新"):
        take(foreign)


def test_what_was_withdrawn_elsewhere_is_withdrawn_here(foreign, take):
    resource, _version = take(foreign)
    foreign.pop("digest")
    take({**foreign, "status": "withdrawn"})
    resource.refresh_from_db()
    assert resource.status == "withdrawn"


def test_own_resources_are_corrected_at_their_source_alone(exported, take):
    resource, made = exported
    assert take(made)[0] == resource
    made["version"] = 2
    with pytest.raises(Refused, match="来源站点"):
        take(made)


def test_rights_to_import(foreign, take):
    for username, code in (("beta_editor", "alpha"), ("alpha_auditor", "alpha"), ("alpha_editor", None)):
        with pytest.raises(Refused):
            take(foreign, username, code)
    assert take(foreign, "supervisor", None)[0].holder is None


def test_a_withdrawn_resource_is_not_exported(exported, alpha, tmp_path):
    resource, _made = exported
    from wagtail.models import Page

    page = Page.objects.get(pk=resource.page_id)
    withdraw_page(page, acting_user=factories.user("alpha_content"), reason="有误")
    with pytest.raises(Refused):
        export_resource(get_resource(resource.uuid), tmp_path / "gone.json")


def test_large_attachments_go_into_a_zip(exported, monkeypatch, tmp_path, person, site):
    monkeypatch.setattr(exchange, "INLINE_UP_TO", 3)
    path = tmp_path / "large.zip"
    export_resource(exported[0], path)
    assert zipfile.is_zipfile(path)
    resource, _version = import_resource(path, acting_user=person("alpha_editor"), tenant=site("alpha"))
    assert resource == exported[0]


def _broken(**changes):
    return lambda made: made.update(changes)


def _in(place, **changes):
    return lambda made: made[place].update(changes)


@pytest.mark.parametrize(
    "spoil",
    [
        _broken(format="other"), _broken(format_version=2), _broken(uuid="1"), _broken(version=0),
        _broken(version=True),
        _broken(version=10**30), _broken(kind="page"), _broken(extra=1), _broken(html=5), _broken(text="\x00"),
        _broken(url="javascript:alert(1)"), _broken(files={}), _broken(status="live"), _broken(uuid="A" * 36 + "\n"),
        _in("metadata", title=""), _in("metadata", published_at="2026-01-01"), _in("metadata", disclosure="withheld"),
        _in("metadata", keywords=["a"]), _in("metadata", subject_class="'; --"), _in("metadata", unknown="x"),
        lambda made: made["metadata"].pop("source"),
        lambda made: made["files"][0].update(name="../../etc/passwd"),
        lambda made: made["files"][0].update(base64="!!!"),
        lambda made: made["files"][0].update(base64=base64.b64encode(b"other").decode()),
        lambda made: made["files"][0].update(size=1),
        lambda made: made["files"][0].update(sm3="0" * 64),
        lambda made: made["files"].extend(made["files"] * 600),
    ],
)  # fmt: skip
def test_hostile_documents_are_refused_with_reasons(foreign, take, spoil):
    spoil(foreign)
    with pytest.raises(Refused) as refusal:
        take(foreign)
    assert refusal.value.reasons
    assert not Resource.objects.filter(tenant=None).exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", "[" * 100_000, '{"version": NaN}', '"\ud800"'.encode("utf-8", "replace").decode()]
)
def test_what_is_no_resource_is_refused(take, text):
    with pytest.raises(Refused):
        take(text)


def test_a_zip_that_lies_about_sizes_is_refused(foreign, tmp_path, person, site):
    path = tmp_path / "bomb.zip"
    foreign["files"][0].pop("base64")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("resource.json", json.dumps(foreign))
        archive.writestr(f"files/{foreign['files'][0]['sm3']}", b"0" * 50_000_000)
    with pytest.raises(Refused):
        import_resource(path, acting_user=person("alpha_editor"), tenant=site("alpha"))
    # One that lost its end is still called what it was.
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(Refused, match="压缩包已损坏"):
        import_resource(path, acting_user=person("alpha_editor"), tenant=site("alpha"))


@pytest.mark.unit
def test_foreign_html_keeps_words_and_loses_everything_that_acts():
    sm3 = "a" * 64
    cleaned = clean_foreign_html(
        '<p onclick="x()">一<script>alert(1)</script><a href="javascript:x">二</a>'
        f'<img src="https://elsewhere.example/p.png" onerror="x">'
        f'<img src="library:blob/{sm3}/p.png" alt="图">'
        f'<img src="library:blob/{"b" * 64}/p.png"><iframe src="//x"></iframe><svg><a href="#"/></svg>'
        '<a href="https://example.gov.cn/">三</a><a href="library:other">四</a>'
        '<div class="block-image evil">五</div></p>'
        '<style>p{}</style><form action="/x"><input name="a"></form><base href="//x">',
        {sm3},
    )
    for word in ("script", "alert", "javascript", "elsewhere", "onerror", "onclick", "iframe", "svg", "evil", "style"):
        assert word not in cleaned
    for word in ("form", "input", "base", "b" * 64, "library:other"):
        assert word not in cleaned
    assert f'src="library:blob/{sm3}/p.png"' in cleaned and 'href="https://example.gov.cn/"' in cleaned
    assert all(word in cleaned for word in "一二三四五")


def test_an_import_is_cleaned(foreign, take):
    foreign["html"] = '<p>好<script>alert(1)</script></p><p onmouseover="x">行</p>'
    foreign.pop("digest")
    _resource, version = take(foreign)
    assert version.html == "<p>好</p><p>行</p>" and version.text == "好\n行"


def test_importing_does_not_reach_the_other_site(foreign, take, site):
    take(foreign)
    with tenant_context(site("beta")):
        from wagtail.models import Page

        assert not Page.objects.filter(title="测试办法").exists()


def test_a_file_is_taken_in_on_a_screen(foreign, console):
    address, editor = "/admin/library/import/", console("alpha_editor", "alpha")
    assert address in editor.get("/admin/library/").content.decode()
    assert "请选择文件" in editor.post(address).content.decode()
    broken = SimpleUploadedFile("x.json", b"{}")
    answer = editor.post(address, {"file": broken})
    assert answer.status_code == 400 and 'role="alert"' in answer.content.decode()
    sent = SimpleUploadedFile("x.json", json.dumps(foreign).encode())
    told = editor.post(address, {"file": sent}, follow=True).content.decode()
    assert "已导入“测试办法”第 1 版" in told
    held = get_resource(foreign["uuid"])
    assert (held.status, held.holder.code) == ("imported", "alpha")
    secret = console("alpha_secret", "alpha")
    assert secret.get(address).status_code == 403 and address not in secret.get("/admin/library/").content.decode()
