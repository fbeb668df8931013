"""推荐: on the home page of the site itself, and proposed by a county for the home page of its city."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.distribution.models import HomeProposal
from content_library.distribution.proposals import propose_to_superior, refuse_proposal, take_back_proposal
from content_library.models import Repost
from govplatform.audit.models import Entry
from govplatform.console.audit_sentences import names_in, say
from govplatform.refusals import Refused
from govplatform.review.gate.status import page_status
from govplatform.review.models import Clearance
from govplatform.review.submission.actions import withdraw_page
from sites.home.recommending import accept_proposal, end_recommendation, recommend_page
from sites.reposts.actions import repost_resource
from sites.reposts.models import RepostPage
from tests import factories
from tests.console.conftest import citizen, console  # noqa: F401
from tests.factories import user
from tests.reposts.conftest import run_jobs
from tests.verbs import call_verb

MARK = '<span class="list-mark">推荐</span> '


def home(citizen, site="alpha"):  # noqa: F811
    return citizen(site).get("/").content.decode()


def sentences(act):
    entries = list(Entry.objects.filter(act=act))
    return [say(entry, names_in(entries)).sentence for entry in entries]


@pytest.fixture
def proposal(beta, live):
    with tenant_context(beta):
        return propose_to_superior(live.resource("article", "beta"), acting_user=user("beta_editor"), note="全市可用")


class TestOwnHome:
    def test_it_stands_in_front_while_it_is_public(self, alpha, live, console, citizen):  # noqa: F811
        page, clearances = live("article"), Clearance.objects.count()
        editor = console("alpha_editor", "alpha")
        address = f"/admin/recommend/{page.pk}/"
        assert "推荐到首页" in editor.get(f"/admin/pages/{page.pk}/edit/").content.decode()
        assert editor.post(address, {"act": "home"}).status_code == 302
        said = home(citizen)
        assert said.count(f"{MARK}{page.title}") == 1 and said.count(f">{page.title}<") == 0
        assert Clearance.objects.count() == clearances
        assert "已经推荐" in editor.post(address, {"act": "home"}).content.decode()
        withdraw_page(page, acting_user=user("alpha_content"), reason="信息有误。")
        assert page.title not in home(citizen)
        assert page.title in editor.get("/admin/recommend/").content.decode()
        assert editor.post("/admin/recommend/", {"act": "end", "page": page.pk}).status_code == 302
        assert "没有推荐" in editor.post(address, {"act": "end"}).content.decode()
        assert f"把《{page.title}》推荐到首页" in sentences("home.recommend")[0]

    def test_what_may_not_says_why(self, alpha, live):
        for page, who, words in (
            (factories.draft_article(), "alpha_editor", "发布之后才能推荐"),
            (factories.column(), "alpha_editor", "是首页或栏目"),
            (live("article"), "alpha_content", "没有编辑角色"),
        ):
            with pytest.raises(Refused, match=words):
                recommend_page(page, acting_user=user(who))
        with pytest.raises(Refused, match="没有推荐"):
            end_recommendation(live("article"), acting_user=user("alpha_editor"))


def test_from_the_county_s_page_to_the_city_s_home_and_back(alpha, beta, live, console, citizen):  # noqa: F811
    source = live("article", "beta")
    county = console("beta_editor", "beta")
    asked = county.post(f"/admin/recommend/{source.pk}/", {"act": "superior", "note": "全市可用"})
    assert asked.status_code == 302
    assert "等待答复" in county.get(f"/admin/recommend/{source.pk}/").content.decode()
    proposal = HomeProposal.objects.get()
    city = console("alpha_editor", "alpha")
    screen = city.get("/admin/recommend/").content.decode()
    assert source.title in screen and "全市可用" in screen
    assert source.title in city.get("/admin/").content.decode()
    with tenant_context(alpha):
        news = factories.column().pk
    assert city.post("/admin/recommend/", {"act": "accept", "proposal": proposal.pk, "column": news}).status_code == 302
    with tenant_context(alpha):
        page = RepostPage.objects.get(title=source.title)
        assert (page.mode, page_status(page)) == (Repost.Mode.MIRROR, "in_review")
        assert source.title not in home(citizen), "nothing is shown before the city's own review"
        run_jobs()
        factories.approve(page, "alpha_content")
        factories.approve(page, "alpha_secret")
        assert f"{MARK}{source.title}" in home(citizen)
        assert sentences("home.accept_proposal")
    assert "已采用" in county.get(f"/admin/recommend/{source.pk}/").content.decode()
    with tenant_context(beta):
        assert sentences("home.propose")
        withdraw_page(source, acting_user=user("beta_content"), reason="信息有误。")
    assert source.title not in home(citizen), "gone with the commit of the withdrawal, before any job has run"
    run_jobs()
    with tenant_context(alpha):
        assert not Page.objects.get(pk=page.pk).live


def test_a_refusal_says_why_and_the_county_reads_it(alpha, beta, proposal, live, console):  # noqa: F811
    city = console("alpha_editor", "alpha")
    without = city.post("/admin/recommend/", {"act": "refuse", "proposal": proposal.pk, "answer": " "})
    assert "请写明不采用的理由" in without.content.decode()
    sent = {"act": "refuse", "proposal": proposal.pk, "answer": "近期已有同类信息。"}
    assert city.post("/admin/recommend/", sent).status_code == 302
    source = live("article", "beta")
    assert "近期已有同类信息。" in console("beta_editor", "beta").get(f"/admin/recommend/{source.pk}/").content.decode()
    with tenant_context(beta), pytest.raises(Refused, match="已有结果（未采用）"):
        take_back_proposal(proposal, acting_user=user("beta_editor"))
    with tenant_context(beta):
        propose_to_superior(live.resource("article", "beta"), acting_user=user("beta_editor"))


def test_what_the_city_shows_already_is_used_and_no_second_page_is_made(alpha, beta, live, proposal):
    resource = live.resource("article", "beta")
    with tenant_context(alpha):
        made = repost_resource(
            resource, column=factories.column("notices"), mode="mirror", acting_user=user("alpha_editor")
        )
        page, reasons = accept_proposal(proposal, factories.column(), acting_user=user("alpha_editor"))
        assert (page, reasons) == (made.page_id, [])
        assert RepostPage.objects.filter(resource=resource.uuid).count() == 1
        end_recommendation(Page.objects.get(pk=page), acting_user=user("alpha_editor"))
    proposal.refresh_from_db()
    assert proposal.state == HomeProposal.State.ENDED


def test_who_may_not_and_what_may_not(alpha, beta, live, proposal):
    with tenant_context(beta):
        with pytest.raises(Refused, match="正在等待答复"):
            propose_to_superior(live.resource("article", "beta"), acting_user=user("beta_editor"))
        with pytest.raises(Refused, match="没有编辑角色"):
            propose_to_superior(live.resource("second", "beta"), acting_user=user("beta_content"))
        with pytest.raises(Refused, match="别的站点发布的"):
            propose_to_superior(live.resource("article"), acting_user=user("beta_editor"))
        with pytest.raises(Refused, match="不是向本站提出的"):
            refuse_proposal(proposal, acting_user=user("beta_editor"), answer="不。")
        take_back_proposal(proposal, acting_user=user("beta_editor"))
    with tenant_context(alpha):
        with pytest.raises(Refused, match="没有上级站点"):
            propose_to_superior(live.resource("article"), acting_user=user("alpha_editor"))
        with pytest.raises(Refused, match="已有结果（已收回）"):
            accept_proposal(proposal, factories.column(), acting_user=user("alpha_editor"))
        assert not RepostPage.objects.filter(resource=proposal.resource.uuid).exists()


def test_the_verbs(alpha, beta, live):
    page = str(live("article", "beta").pk)
    assert call_verb("recommend", "--site", "beta", "--page", page, "--as", "beta_editor").returncode == 0
    done = call_verb("recommend", "--site", "beta", "--page", page, "--superior", "--as", "beta_editor", "--json")
    assert '"to": "alpha"' in done.stdout
    number = str(HomeProposal.objects.get().pk)
    assert f'"number": {number}' in call_verb("proposals", "--site", "alpha", "--json").stdout
    answered = call_verb(
        "proposals", "--site", "alpha", "--accept", number, "--column", "news", "--as", "alpha_editor", "--json"
    )
    assert '"state": "accepted"' in answered.stdout
    assert call_verb("proposals", "--site", "alpha", "--refuse", number, "--as", "alpha_editor").returncode == 3
    ended = call_verb("recommend", "--site", "beta", "--page", page, "--superior", "--end", "--as", "beta_editor")
    assert ended.returncode == 3
