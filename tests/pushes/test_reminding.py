"""催办 by hand, and a form of a push on which nobody writes a code."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content_library.distribution.models import Push, PushNotice, PushTarget
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.pushes.reminding import remind_late, remind_sites
from content_library.models import Resource
from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from .conftest import deliver_all


@pytest.fixture
def reviewer(db):
    return User.objects.get(username="alpha_content")


@pytest.fixture
def push(beta, live, reviewer):
    push = push_resource(live.resource("article"), selector="site=beta", acting_user=reviewer)
    deliver_all(push)
    return push


def _target(push):
    return push.targets.get()


def test_a_word_reaches_the_site_s_start_page(push, console):
    client = console("alpha_content", "alpha")
    page = client.get(f"/admin/pushes/{push.pk}/").content.decode()
    assert f'name="target" value="{_target(push).pk}"' in page
    done = client.post(
        f"/admin/pushes/{push.pk}/",
        {"act": "ticked", "target": _target(push).pk, "note": "汛期临近，请于今日发布。"},
        follow=True,
    )
    assert "已向 1 个站点催办" in done.content.decode()
    for who in ("beta_content", "beta_admin"):
        assert "汛期临近，请于今日发布。" in console(who, "beta").get("/admin/").content.decode()
    record = Entry.objects.get(act="push.remind")
    assert (record.chain, record.detail) == (
        "site_alpha", {"push": push.pk, "sites": 1, "note": "汛期临近，请于今日发布。"},
    )  # fmt: skip
    again = client.post(f"/admin/pushes/{push.pk}/", {"act": "ticked", "target": _target(push).pk})
    assert "一小时内催办过" in again.content.decode()


def test_all_that_are_late_at_once(push, reviewer):
    with pytest.raises(Refused, match="请勾选"):
        remind_late(push, note="", acting_user=reviewer)
    PushTarget.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert remind_late(push, note="", acting_user=reviewer) == 1
    assert PushNotice.objects.get().late


def test_what_is_done_is_not_reminded_of(push, reviewer):
    PushTarget.objects.update(ended_at=timezone.now())
    with pytest.raises(Refused, match="已办结"):
        remind_sites(push, [_target(push).pk], note="", acting_user=reviewer)


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_secret", "beta_content", "beta_admin", "operator"])
def test_others_remind_nobody(push, who):
    with pytest.raises(Refused, match="不能推送"):
        remind_sites(push, [_target(push).pk], note="", acting_user=User.objects.get(username=who))
    assert not PushNotice.objects.exists()


def test_who_only_reads_pushes_gets_no_form(push, console):
    page = console("alpha_admin", "alpha").get(f"/admin/pushes/{push.pk}/").content.decode()
    assert "remind-note" not in page
    assert console("alpha_admin", "alpha").post(f"/admin/pushes/{push.pk}/", {"act": "late"}).status_code in (400, 403)
    assert console("beta_content", "beta").post(f"/admin/pushes/{push.pk}/", {"act": "late"}).status_code == 404


def test_a_target_of_another_push_is_left_alone(push, live, reviewer, console):
    other = push_resource(live.resource("policy"), selector="site=beta", acting_user=reviewer)
    with pytest.raises(Refused):
        remind_sites(push, [other.targets.get().pk], note="", acting_user=reviewer)
    for value in ("x", "9" * 40, "-1", "١"):
        assert console("alpha_content", "alpha").post(f"/admin/pushes/{push.pk}/", {"target": value}).status_code == 400


def test_a_note_that_is_too_long_is_refused_and_kept(push, console):
    answer = console("alpha_content", "alpha").post(
        f"/admin/pushes/{push.pk}/", {"act": "ticked", "target": _target(push).pk, "note": "长" * 201}
    )
    page = answer.content.decode()
    assert "最多 200 个字" in page and "长" * 201 in page
    assert f'value="{_target(push).pk}" checked' in page


# --- the form of a push ---------------------------------------------------------------------


@pytest.fixture
def form(beta, live, console):
    return console("alpha_content", "alpha")


def test_the_resource_is_found_by_a_part_of_its_title(form, live):
    resource = live.resource("article")
    for address in ("/admin/pushes/new/", "/admin/recalls/new/"):
        assert resource.title in form.get(address).content.decode(), "the newest are offered without a word"
        found = form.get(address, {"find": resource.title[2:6]}).content.decode()
        assert f"?resource={resource.uuid}" in found
        assert "没有找到可以选择的资源" in form.get(address, {"find": "绝无此文"}).content.decode()
        assert (
            f'name="resource" value="{resource.uuid}"'
            in form.get(address, {"resource": resource.uuid}).content.decode()
        )
        assert form.get(address, {"find": "'%_", "resource": "x"}).status_code == 200


def test_a_policy_is_found_by_its_number(form, live):
    policy = live.resource("policy")
    number = policy.current.metadata["document_number"]
    assert policy.title in form.get("/admin/pushes/new/", {"find": number}).content.decode()


def test_nothing_of_another_site_is_offered(form, live, console):
    mine = {str(row["uuid"]) for row in Resource.objects.filter(tenant__code="beta").values("uuid")}
    assert mine
    page = form.get("/admin/pushes/new/").content.decode()
    assert not [uuid for uuid in mine if uuid in page]
    for uuid in mine:
        assert uuid not in form.get("/admin/pushes/new/", {"find": uuid}).content.decode().partition("?resource=")[2]


def test_sites_are_ticked_in_their_tree(form, live, beta):
    resource = live.resource("article")
    page = form.get("/admin/pushes/new/", {"resource": resource.uuid}).content.decode()
    assert 'name="site" value="beta"' in page
    assert 'value="alpha"' not in page
    form.post("/admin/pushes/new/", {"resource": resource.uuid, "site": ["beta"]})
    assert [target.tenant for target in Push.objects.get().targets.all()] == [beta]


def test_a_supervisor_chooses_among_all_sites(beta, live, console):
    page = console("supervisor", "console").get("/admin/pushes/new/", {"resource": live.resource("article").uuid})
    for code in Tenant.objects.exclude(kind="console").values_list("code", flat=True):
        assert f'name="site" value="{code}"' in page.content.decode()


def test_too_many_single_sites_are_refused_and_stay_ticked(form, live, beta):
    Tenant.objects.bulk_create(
        Tenant(
            code=f"far{number:030d}", schema_name=f"far{number}", full_name=str(number), parent_id=beta.pk,
            kind="portal", level="county",
        )
        for number in range(70)
    )  # fmt: skip
    codes = list(Tenant.objects.filter(code__startswith="far").values_list("code", flat=True))
    answer = form.post("/admin/pushes/new/", {"resource": live.resource("article").uuid, "site": codes})
    assert "逐个选择的站点太多" in answer.content.decode()
    assert f'value="{codes[0]}" checked' in answer.content.decode()
    assert not Push.objects.exists()
