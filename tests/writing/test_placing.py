"""A draft in another column or of another kind: one page all the way, with what that means told before."""

import pytest
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, Revision

from govplatform.audit.models import Entry
from govplatform.refusals import Refused
from govplatform.review.gate.separation import lineage
from govplatform.review.gate.status import page_status
from govplatform.review.models import Decision
from govplatform.review.submission.actions import decide_review
from sites.articles.models import Article
from sites.policies.models import PolicyDocument
from sites.writing.placing import Place, foresee_place, kind_of, place_draft
from tests import factories
from tests.factories import column, user
from tests.verbs import call_verb

POLICY = {"title": "关于绿化工作的通知", "addressee": "各区人民政府", "signature": "澄州市人民政府"}


def placed(page, who="alpha_editor", **place):
    return place_draft(page, Place(**place), acting_user=user(who))


def returned(page):
    factories.submit(page)
    decide_review(page, acting_user=user("alpha_content"), approve=False, opinion="请补充依据。")
    return type(page).objects.get(pk=page.pk)


def test_a_policy_becomes_an_article_and_gets_everything_back(alpha):
    picture = factories.image()
    body = [{"type": "image", "value": {"image": picture.pk, "alt": "现场", "caption": "", "decorative": False}}]
    page = factories.draft_policy(**POLICY, picture=picture, body=body)
    first = page.latest_revision_id
    article = placed(page, kind="article")
    assert (article.pk, type(article), kind_of(article)) == (page.pk, Article, "article")
    assert not PolicyDocument.objects.filter(pk=page.pk).exists()
    assert Page.objects.get(pk=page.pk).specific.title == POLICY["title"]
    assert article.picture_id == picture.pk and len(article.get_latest_revision_as_object().body) == 1
    assert Revision.objects.get(pk=first).as_object().title == POLICY["title"], (
        "versions from before are read as before"
    )
    again = placed(article, kind="policy")
    kept = (again.document_number, again.issued_by, str(again.issued_on), again.addressee, again.signature)
    assert kept == ("澄政发〔2026〕3号", "云江省澄州市人民政府", "2026-03-02", POLICY["addressee"], POLICY["signature"])
    assert Entry.objects.filter(act="page.place").count() == 2
    factories.publish(again)
    assert page_status(Page.objects.get(pk=page.pk)) == "live"


def test_what_it_means_is_told_before(alpha):
    page = factories.draft_policy(**POLICY)
    told = foresee_place(page, Place(column("news"), "article"))
    assert ("发文字号", "澄政发〔2026〕3号") in told.left_out and ("时效", "有效") not in told.left_out
    assert (told.before["kind"], told.after["kind"]) == ("政策文件", "信息")
    assert told.after["address"] == f"/news/{page.slug}/"
    assert type(Page.objects.get(pk=page.pk).specific) is PolicyDocument
    article = factories.draft_article()
    article.source = ""
    article.save_revision(user=user("alpha_editor"), clean=False)
    told = foresee_place(article, Place(column("policies"), "policy"))
    assert [label for label, _value in told.filled] == ["发文机关"]
    assert "发文字号" in told.empty and any("来源" in reason for reason in told.missing)


def test_a_returned_draft_keeps_its_opinion_its_versions_and_its_hands(alpha):
    page = returned(factories.draft_article())
    versions = page.revisions.count()
    policy = placed(page, kind="policy", column=column("policies"))
    assert page_status(policy) == "returned"
    assert policy.get_parent().slug == "policies" and policy.url_path.endswith(f"/policies/{policy.slug}/")
    assert policy.revisions.count() == versions + 1
    assert Decision.objects.get(page_id=page.pk).opinion == "请补充依据。"
    assert user("alpha_editor").pk in lineage(policy, policy.get_latest_revision(), [])
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.move").exists()
    revision = Decision.objects.get(page_id=page.pk).revision
    assert revision.as_object().title == page.title


def test_an_address_that_is_taken_there_gets_a_number(alpha):
    factories.draft_article(column="notices", slug="fang-xun")
    page = placed(factories.draft_article(slug="fang-xun"), column=column("notices"))
    assert page.slug == "fang-xun-2" and page.url_path.endswith("/notices/fang-xun-2/")
    assert page.get_latest_revision_as_object().slug == "fang-xun-2"


def test_what_is_public_under_review_or_cleared_stays_where_it_is(alpha, subtests):
    live = factories.live_article()
    waiting = factories.draft_article()
    factories.submit(waiting)
    cases = {live: "已经发布", waiting: "正在审核中", factories.column(): "首页或栏目"}
    for page, words in cases.items():
        with subtests.test(words), pytest.raises(Refused, match=words):
            placed(page, column=column("notices"))
        with subtests.test(f"{words}, the kind"), pytest.raises(Refused, match=words):
            placed(page, kind="policy")


def test_a_policy_that_is_interpreted_stays_one(alpha):
    policy = factories.draft_policy()
    factories.draft_interpretation(policy, title="一图读懂")
    with pytest.raises(Refused, match="一图读懂"):
        placed(policy, kind="article")


def test_other_kinds_and_other_people_are_refused(alpha, subtests):
    topic = factories.draft_interpretation(factories.draft_policy())
    with pytest.raises(Refused, match="只有信息、政策文件、办事指南可以互改"):
        placed(topic, kind="article")
    page = factories.draft_article()
    with pytest.raises(Refused, match="没有“uuid”这种类型"):
        placed(page, kind="uuid")
    with pytest.raises(Refused, match="没有需要改的"):
        placed(page, kind="article", column=column("news"))
    for who in ("alpha_content", "alpha_admin", "beta_editor", "outsider"):
        with subtests.test(who), pytest.raises(Refused, match="没有编辑角色"):
            placed(page, who, kind="policy")
    assert type(Page.objects.get(pk=page.pk).specific) is Article


def test_the_verb_tells_and_does_the_same(alpha):
    page = factories.draft_article()
    words = ("place_draft", "--site", "alpha", "--page", str(page.pk), "--column", "policies", "--kind", "policy")
    told = call_verb(*words, "--dry-run", "--as", "alpha_editor", "--json")
    assert told.returncode == 0 and "发文字号" in told.stdout
    assert call_verb(*words, "--as", "alpha_editor").returncode == 0
    assert kind_of(Page.objects.get(pk=page.pk).specific) == "policy"
    assert call_verb(*words, "--as", "alpha_editor").returncode == 3


@pytest.mark.usefixtures("alpha")
class TestScreen:
    """The screen 换栏目或类型."""

    def test_it_tells_and_does_it(self, console):
        page = factories.draft_policy(**POLICY)
        editor = console("alpha_editor", "alpha")
        address = reverse("writing_place", args=[page.pk], urlconf="govplatform.console.urls")
        sent = {"column": column("news").pk, "kind": "article"}
        told = editor.get(address, sent).content.decode()
        assert "会这样改" in told and "澄政发〔2026〕3号" in told
        response = editor.post(address, sent)
        assert response.headers["Location"] == f"/admin/pages/{page.pk}/edit/"
        assert type(Page.objects.get(pk=page.pk).specific) is Article

    def test_wagtail_s_way_to_move_leads_here(self, console):
        page = factories.draft_article()
        response = console("alpha_editor", "alpha").get(f"/admin/pages/{page.pk}/move/")
        assert response.headers["Location"] == f"/admin/writing/place/{page.pk}/"

    def test_bad_choices_are_told_in_words(self, console):
        page = factories.draft_article()
        editor = console("alpha_editor", "alpha")
        for sent in ({"column": "x", "kind": "article"}, {"column": "", "kind": "zzz"}, {"column": "999999"}):
            said = editor.post(f"/admin/writing/place/{page.pk}/", sent).content.decode()
            assert "请选择栏目" in said or "重新选择" in said or "没有这种类型" in said
        assert (
            "没有需要改的"
            in editor.post(
                f"/admin/writing/place/{page.pk}/", {"column": column("news").pk, "kind": "article"}
            ).content.decode()
        )

    def test_reviewers_and_neighbours_are_kept_out(self, console):
        page = factories.draft_article()
        assert console("alpha_content", "alpha").get(f"/admin/writing/place/{page.pk}/").status_code == 403
        assert console("alpha_admin", "alpha").get(f"/admin/writing/place/{page.pk}/").status_code in (403, 404)
        assert console("beta_editor", "beta").get(f"/admin/writing/place/{page.pk}/").status_code == 404
