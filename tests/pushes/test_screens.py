"""The console: pushing, who is late, recalling, and what a site takes in."""

from django_tenants.utils import tenant_context

from content_library.distribution.models import ColumnMapping, Push, Recall, StandingClearance, Subscription
from govplatform.rule_packs.packs import site_rule_pack
from tests import factories

from .conftest import deliver_all, take_down_all


def test_a_content_reviewer_pushes_and_the_supervisor_sees_how_far_it_is(beta, live, console):
    resource = live.resource("article")
    reviewer = console("alpha_content", "alpha")
    form = reviewer.get("/admin/pushes/new/", {"resource": str(resource.uuid)})
    assert resource.title in form.content.decode()
    sent = reviewer.post("/admin/pushes/new/", {"resource": str(resource.uuid), "level": "county"})
    push = Push.objects.get()
    assert (sent.status_code, sent["Location"]) == (302, f"/admin/pushes/{push.pk}/")
    progress = reviewer.get(sent["Location"], headers={"accept": "application/json"}).json()
    assert progress == {"total": 1, "done": 0, "postponed": 0, "refused": 0, "running": True}
    deliver_all(push)
    supervisor = console("supervisor", "console")
    assert resource.title in supervisor.get("/admin/pushes/").content.decode()
    for query in ("", "?show=open", "?show=late", "?show=rejected", "?show=done"):
        assert supervisor.get(f"/admin/pushes/{push.pk}/{query}").status_code == 200
    assert "审核中" in supervisor.get(f"/admin/pushes/{push.pk}/").content.decode()
    assert console("beta_content", "beta").get(f"/admin/pushes/{push.pk}/").status_code == 404


def test_the_start_page_of_the_receiving_site_shows_the_duty(beta, live, console):
    resource = live.resource("article")
    reviewer = console("alpha_content", "alpha")
    reviewer.post("/admin/pushes/new/", {"resource": str(resource.uuid), "site": "beta"})
    deliver_all(Push.objects.get())
    for username in ("beta_content", "beta_secret", "beta_admin"):
        assert "上级推送，限时转载" in console(username, "beta").get("/admin/").content.decode()
    assert resource.title in console("beta_admin", "beta").get("/admin/pushes/").content.decode()
    assert "上级推送，限时转载" not in console("beta_editor", "beta").get("/admin/").content.decode()


def test_where_it_comes_from_is_chosen_by_name(alpha, beta, console):
    shown = console("beta_content", "beta").get("/admin/incoming/").content.decode()
    assert f'<option value="alpha">{alpha.full_name}</option>' in shown
    assert '<option value="beta">' not in shown and '<option value="console">' not in shown


def test_editors_find_no_screen_to_push_or_recall(beta, live, console):
    resource = live.resource("article")
    editor = console("alpha_editor", "alpha")
    for path in ("/admin/pushes/", "/admin/pushes/new/", "/admin/recalls/", "/admin/recalls/new/"):
        assert editor.get(path).status_code == 403
        assert editor.post(path, {"resource": str(resource.uuid), "level": "county", "reason": "x"}).status_code == 403
    assert not Push.objects.exists() and not Recall.objects.exists()


def test_a_wrong_form_says_what_is_wrong(beta, live, console):
    resource = live.resource("article")
    reviewer = console("alpha_content", "alpha")
    wrong = reviewer.post("/admin/pushes/new/", {"resource": str(resource.uuid), "site": "nowhere"})
    assert wrong.status_code == 400 and "nowhere" in wrong.content.decode()
    wrong = reviewer.post("/admin/recalls/new/", {"resource": str(resource.uuid), "reason": " "})
    assert wrong.status_code == 400 and "理由" in wrong.content.decode()
    foreign = live.resource("second", "beta")
    hidden = reviewer.get("/admin/pushes/new/", {"resource": str(foreign.uuid)})
    assert foreign.title not in hidden.content.decode()


def test_recalling_shows_the_receipts(beta, live, console):
    resource = live.resource("mirror_source")
    supervisor = console("supervisor", "console")
    sent = supervisor.post("/admin/recalls/new/", {"resource": str(resource.uuid), "reason": "数据有误"})
    recall = Recall.objects.get()
    assert sent["Location"] == f"/admin/recalls/{recall.pk}/"
    assert "等待撤回" in supervisor.get(sent["Location"]).content.decode()
    take_down_all(recall)
    text = supervisor.get(sent["Location"]).content.decode()
    assert "全部 2 处均已确认撤回" in text and "/news/" in text
    assert "数据有误" in console("alpha_content", "alpha").get("/admin/recalls/").content.decode()


def codes_of_the_checklist(tenant):
    with tenant_context(tenant):
        return [item.code for item in site_rule_pack().checklists["confidentiality"]]


def test_what_a_site_takes_in_is_set_by_those_whose_it_is(beta, console):
    admin, editor = console("beta_admin", "beta"), console("beta_editor", "beta")
    content, secret = console("beta_content", "beta"), console("beta_secret", "beta")
    assert admin.post("/admin/incoming/", {"act": "map", "kind": "policy", "column": "notices"}).status_code == 302
    assert editor.post("/admin/incoming/", {"act": "map", "kind": "", "column": "news"}).status_code == 400
    assert ColumnMapping.objects.get().column == "notices"
    assert editor.post("/admin/incoming/", {"act": "subscribe", "level": "city"}).status_code == 302
    number = Subscription.objects.get().pk
    assert editor.post("/admin/incoming/", {"act": "end", "number": number}).status_code == 302
    assert content.post("/admin/incoming/", {"act": "propose", "level": "city", "reason": "及时"}).status_code == 302
    standing = StandingClearance.objects.get()
    address = f"/admin/incoming/standing/{standing.pk}/"
    approval = {"act": "approve", "opinion": "同意。", "checked": codes_of_the_checklist(beta)}
    assert content.post(address, approval).status_code == 400
    assert secret.post(address, {**approval, "checked": approval["checked"][1:]}).status_code == 400
    assert secret.post(address, approval).status_code == 302
    foreign = console("alpha_content", "alpha").post(address, {"act": "revoke", "reason": "x"})
    assert foreign.status_code == 404
    assert content.post(address, {"act": "revoke", "reason": "停"}).status_code == 302
    for client in (admin, editor, content, secret):
        assert client.get("/admin/incoming/").status_code == 200
    assert admin.post("/admin/incoming/", {"act": "nothing"}).status_code == 400
    with tenant_context(beta):
        assert factories.column("notices") is not None


def test_the_library_s_page_leads_to_pushing_and_recalling_for_those_who_may(beta, live, console):
    resource = live.resource("article")
    wanted = (f"/admin/pushes/new/?resource={resource.uuid}", f"/admin/recalls/new/?resource={resource.uuid}")
    for username, site, offered in (
        ("alpha_content", "alpha", True),
        ("supervisor", "console", True),
        ("alpha_editor", "alpha", False),
        ("beta_content", "beta", False),
    ):
        shown = console(username, site).get(f"/admin/library/{resource.uuid}/").content.decode()
        assert resource.title in shown
        assert [address in shown for address in wanted] == [offered, offered], username
