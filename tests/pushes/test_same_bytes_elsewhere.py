"""A recall is complete when nobody serves the bytes any more, or whoever does is named with their own clearance."""

import base64
import json
import uuid

import pytest

from content_library.distribution.queries import recall_status
from content_library.distribution.recalls.actions import recall_resource
from content_library.resources.exchange import export_resource, import_resource
from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.conftest import console_client
from tests.reposts.conftest import live_at, reposted_at

from .conftest import take_down_all

pytestmark = pytest.mark.django_db


def recalled(resource, who="alpha_content"):
    recall = recall_resource(resource, acting_user=factories.user(who), reason="数据有误，须重新核实。")
    take_down_all(recall)
    return recall


@pytest.fixture
def bring(live, tmp_path):
    """Import, for beta, what another platform made of alpha's resource with its file."""

    def run(**changes):
        path = tmp_path / "foreign.json"
        if "made" not in kept:
            export_resource(live.resource("mirror_source"), path)
            kept["made"] = json.loads(path.read_text()) | {"uuid": str(uuid.uuid4()), "platform": "邻省平台"}
            kept["made"].pop("digest")
        kept["made"] |= changes
        path.write_text(json.dumps(kept["made"]))
        return import_resource(path, acting_user=factories.user("beta_editor"), tenant=get_tenant("beta"))[0]

    kept = {}
    return run


def test_nobody_else_has_the_bytes(beta, live):
    resource = live.resource("mirror_source")
    recalled(resource)
    assert recall_status(resource) | {"receipts": []} == {
        "recall": resource.recalls.get().pk, "complete": True, "receipts": [], "elsewhere": [],
    }  # fmt: skip


def test_a_page_with_the_same_file_is_named_with_who_cleared_it(beta, live):
    resource, file = live.resource("mirror_source"), live.file("mirror_source")
    _page, other = live_at("alpha", body=live("mirror_source").body, title="同一附件的另一条")
    recalled(resource)
    told = recall_status(resource)
    (row,) = told["elsewhere"]
    assert told["complete"] is True
    assert (row["resource"], row["title"], row["site"]) == (str(other.uuid), "同一附件的另一条", "alpha")
    assert row["files"] == [file.name] and row["cleared_at"]
    assert row["cleared_by"] == ["甲内审（alpha_content）", "甲密审（alpha_secret）"]


def test_bytes_that_nobody_here_cleared_leave_the_recall_open(beta, live, bring):
    resource, foreign = live.resource("mirror_source"), bring()
    recalled(resource)
    told = recall_status(resource)
    (row,) = told["elsewhere"]
    assert told["complete"] is False
    assert (row["resource"], row["site"], row["platform"]) == (str(foreign.uuid), None, "邻省平台")
    assert row["cleared_by"] == []
    recalled(foreign, "supervisor")
    assert recall_status(resource)["complete"] is True


def test_a_repost_of_another_origin_is_named_with_its_own_reviewers(beta, live, bring):
    resource, foreign = live.resource("mirror_source"), bring()
    reposted_at("beta", foreign, "pinned")
    recalled(resource)
    told = recall_status(resource)
    (row,) = told["elsewhere"]
    assert told["complete"] is True
    assert (row["resource"], row["site"]) == (str(foreign.uuid), "beta")
    assert row["cleared_by"] and row["cleared_at"]


def test_the_screen_names_them_too(beta, live, bring):
    foreign = bring()
    recall = recalled(live.resource("mirror_source"))
    html = console_client("alpha_content", "alpha").get(f"/admin/recalls/{recall.pk}/").content.decode()
    assert str(foreign.uuid) in html and "邻省平台" in html and "未经本平台审查" in html
    assert "均已确认撤回" not in html


def test_what_was_recalled_here_does_not_come_back_by_a_package(beta, live, bring):
    foreign = bring()
    recalled(foreign, "supervisor")
    assert bring().is_withdrawn
    with pytest.raises(Refused, match="本平台收回"):
        bring(version=2, html="<p>另一版</p>")
    foreign.refresh_from_db()
    assert foreign.is_withdrawn and foreign.versions.count() == 1


def test_what_its_platform_withdrew_comes_back_with_its_next_version(beta, live, bring):
    bring()
    bring(status="withdrawn")
    assert bring(status="in_force").is_withdrawn
    assert not bring(version=2, html="<p>另一版</p>").is_withdrawn


@pytest.mark.parametrize("content", [None, "", base64.b64encode(b"other").decode()])
def test_a_package_that_names_a_file_and_does_not_bring_it_is_refused(beta, live, bring, content):
    bring()
    own = live.file("mirror_source")
    file = {
        "kind": "document", "name": own.name, "sm3": own.blob_id, "size": own.blob.size, "content_type": "text/plain",
        **({"base64": content} if content is not None else {}),
    }  # fmt: skip
    with pytest.raises(Refused, match="SM3"):
        bring(uuid=str(uuid.uuid4()), files=[file])
