"""A site opens: prepared without content for citizens, gated, approved, announced on the superior portal, then live."""

import io

import pytest
from django.urls import reverse
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.actions import grant_role
from govplatform.audit.models import Entry
from govplatform.lifecycle.actions import BY_APPLICATION, NewSite, open_site
from govplatform.lifecycle.applications.checking import names_for_the_shell
from govplatform.lifecycle.models import SiteNotice
from govplatform.refusals import Refused
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.current import leave_tenant
from govplatform.tenancy.queries import get_tenant
from govplatform.waiting.queries import waiting_for
from tests import factories

from .life import GivenPaper, approve_to_the_end, clear_notices, file, paper

pytestmark = pytest.mark.django_db

FACT_WORDS = ("网站标识码", "ICP 备案号", "公安备案号")
PAPER_WORDS = ("同意开设的文件", "网站安全检测合格报告", "党政机关网站标识证明")
PAPERS = ("consent", "security-test", "mark")
FACTS = {"identity_code": "5301220001", "icp_number": "云ICP备00000001号", "police_record_number": "云公网安备1号"}


@pytest.fixture
def gamma(db):
    """A department of the city that is being prepared; its superior is the portal of the same level."""
    leave_tenant()
    new = NewSite(
        code="gamma",
        host="gamma.localhost",
        console_host="gamma.console.localhost",
        full_name="云江省澄州市教育局",
        kind="department",
        level="city",
        parent_code="alpha",
        opens_by=BY_APPLICATION,
    )
    tenant, _seconds = open_site(new, acting_user=None, verb="create_site")
    grant_role(factories.user("outsider"), "site-admin", tenant=tenant, acting_user=None)
    return tenant


def opening(**more):
    return file("open", "gamma", "outsider", papers=[paper(kind) for kind in PAPERS], wanted=dict(FACTS), **more)


def test_everything_that_is_missing_is_named_at_once(gamma):
    with pytest.raises(Refused) as refused:
        file("open", "gamma", "outsider")
    told = "".join(refused.value.reasons)
    for word in (*FACT_WORDS, *PAPER_WORDS, "《河北省政府网站管理办法》第八条至第十条"):
        assert word in told
    # Codes are told by the verb alone.
    named = "".join(names_for_the_shell(gamma, "open"))
    for code in (*FACTS, *PAPERS):
        assert code in named and code not in told
    with pytest.raises(Refused) as refused:
        file("open", "gamma", "outsider", papers=[paper("consent"), paper("mark")], wanted=dict(FACTS))
    assert len(refused.value.reasons) == 1 and PAPER_WORDS[1] in refused.value.reasons[0]


def test_while_it_is_prepared_citizens_get_no_content(gamma, citizen):
    for address in ("/", "/news/", "/sitemap.xml", "/robots.txt", "/api/library/resources/"):
        answer = citizen("gamma").get(address)
        assert answer.status_code == 503, address
        assert "Retry-After" in answer.headers
    told = citizen("gamma").get("/").content.decode()
    assert "<title>网站正在筹备" in told and "暂停服务" not in told
    assert "工作动态" not in citizen("gamma").get("/news/").content.decode()


def test_it_is_live_when_the_portal_of_the_same_level_has_announced_it(gamma, citizen):
    application = approve_to_the_end(opening())
    assert get_tenant("gamma").status == "preparing"
    notice = SiteNotice.objects.get(application=application)
    assert (notice.kind, notice.site.code) == ("opening", "alpha")
    clear_notices(application)
    tenant = get_tenant("gamma")
    assert (tenant.status, tenant.identity_code, tenant.icp_number) == ("live", *list(FACTS.values())[:2])
    assert citizen("gamma").get("/").status_code == 200
    assert SiteNotice.objects.get(pk=notice.pk).until is not None


def test_a_returned_notice_keeps_the_site_waiting(gamma):
    application = approve_to_the_end(opening())
    notice = SiteNotice.objects.get(application=application)
    with tenant_context(notice.site):
        page = Page.objects.get(pk=notice.page_id).specific
        decide_from_the_shell(page, acting_user=factories.user("alpha_content"), approve=False, opinion="改。")
    from govplatform.lifecycle.states.actions import carry_out

    assert carry_out(application.pk) is False
    assert get_tenant("gamma").status == "preparing"


def test_a_returned_notice_says_why_and_waits_for_the_editors_of_its_site(gamma, console):
    """Whoever filed cannot open the page, and it is nobody's draft there: it would lie where nobody looks."""
    application = approve_to_the_end(opening())
    notice = SiteNotice.objects.get(application=application)
    with tenant_context(notice.site):
        page = Page.objects.get(pk=notice.page_id).specific
        decide_from_the_shell(page, acting_user=factories.user("alpha_content"), approve=False, opinion="日期不对。")
    shown = console("supervisor", "console").get(reverse("site_application", args=[application.pk])).content.decode()
    assert "日期不对。" in shown and "由该站的编辑修改后重新送审" in shown and "alpha_editor" in shown
    [waiting] = [kind for kind in waiting_for(factories.user("alpha_editor")) if kind.kind.code == "returned"]
    assert [matter.title for matter in waiting.matters] == [page.title]
    assert not [kind for kind in waiting_for(factories.user("beta_editor")) if kind.kind.code == "returned"]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("security-test.pdf", b"%PDF-1.7 broken", "打不开"),
        ("security-test.exe", b"MZ", "格式"),
        ("security-test.txt", b"", "空文件"),
        ("security-test.txt", "机密★10年 检测报告".encode(), "密级"),
    ],
)
def test_a_paper_is_opened_and_one_that_cannot_be_does_not_count(gamma, name, content, word):
    papers = [paper("consent"), paper("mark"), GivenPaper("security-test", name, io.BytesIO(content))]
    with pytest.raises(Refused) as refused:
        file("open", "gamma", "outsider", papers=papers, wanted=dict(FACTS))
    told = "".join(refused.value.reasons)
    assert word in told and "缺少材料" not in told


def test_what_the_shell_opens_at_once_says_what_it_passed_over(db):
    leave_tenant()
    new = NewSite(
        code="delta", host="delta.localhost", console_host="delta.console.localhost",
        full_name="云江省澄州市交通局", kind="department", level="city", icp_number="云ICP备2号",
    )  # fmt: skip
    tenant, _seconds = open_site(new, acting_user=None, verb="create_site")
    assert tenant.status == "live"
    entry = Entry.objects.filter(act="site.open", object_id=str(tenant.pk)).get()
    assert entry.detail["skipped"] == ["application", "identity_code", "police_record_number", *PAPERS]


def test_a_site_that_runs_has_nothing_to_open():
    with pytest.raises(Refused, match="不能申请开通"):
        file("open", "beta")


def test_a_form_in_which_nobody_chose_opens_by_the_procedure(console):
    """An empty answer means to open at once, so a browser must not send it by itself."""
    text = console("operator", "console").get("/admin/fleet/new/").content.decode()
    assert f'<option value="{BY_APPLICATION}" selected>' in text
