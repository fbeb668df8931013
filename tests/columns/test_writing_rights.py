"""写稿范围: an editor or a department writes only in given columns, whichever way they come."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from wagtail.models import Page

from govplatform.accounts.acting import acting
from govplatform.accounts.models import Membership
from govplatform.audit.models import Entry
from govplatform.console.audit_sentences import Names, say
from govplatform.refusals import Refused
from govplatform.review.permissions import may_write_at
from govplatform.review.submission.actions import submit_for_review, take_back
from sites.articles.models import Article
from sites.columns.actions import create_column
from sites.columns.listing import list_page_in
from sites.columns.models import WritingRight
from sites.columns.pinning import pin_page
from sites.columns.writing_rights import limit_editor, set_department
from sites.documents_in.actions import import_document
from sites.documents_in.permissions import require_editor_of_all_columns
from sites.home.recommending import accept_proposal, recommend_page
from sites.reposts.actions import repost_resource
from sites.writing.batches import move_pages
from sites.writing.copying import copy_as_draft
from sites.writing.placing import Place, place_draft
from sites.writing.planning import plan_draft
from tests import factories
from tests.console.conftest import console  # noqa: F401
from tests.factories import column, user
from tests.rights.acts_of_library import proposed_to_alpha
from tests.verbs import call_verb

OUTSIDE = "只在给定的栏目写稿"


def admin():
    return user("alpha_admin")


@pytest.fixture
def limited(alpha):
    """The editor of alpha writes in 通知公告 alone; a colleague's drafts stand elsewhere."""
    limit_editor(user("alpha_editor"), [column("notices")], acting_user=admin())


def of_a_colleague(**fields):
    return factories.draft_article("alpha_editor2", **fields)


def a_version_of(page, who):
    """As every screen and act does it: behind the roles of the person."""
    with acting(who, pages=[page.pk]):
        page.save_revision(user=who)


def writes(slug):
    return may_write_at(user("alpha_editor"), column(slug))


def test_where_it_is_given_everything_goes_on(limited):
    page = factories.draft_article(column="notices")
    factories.publish(page)
    below = create_column("below", title="下级栏目", column_type="news", parent=column("notices"), acting_user=None)
    copy_as_draft(page, column=below, acting_user=user("alpha_editor"))
    pin_page(page, column("notices"), timezone.localdate(), acting_user=user("alpha_editor"))


def test_every_act_elsewhere_is_refused_and_nothing_is_left(limited, live, subtests, tmp_path):
    me, elsewhere = user("alpha_editor"), of_a_colleague()
    mine, public, waiting = factories.draft_article(column="notices"), live("article"), of_a_colleague()
    factories.submit(waiting, "alpha_editor2")
    proposal = proposed_to_alpha()
    paper = tmp_path / "report.html"
    paper.write_text("<html><body><h1>关于测试的通知</h1><p>正文。</p></body></html>", encoding="utf-8")
    revisions, pages = Page.objects.get(pk=elsewhere.pk).revisions.count(), Page.objects.count()
    ways = {
        "a version": lambda: a_version_of(elsewhere, me),
        "handing in": lambda: submit_for_review(elsewhere, acting_user=me),
        "taking back": lambda: take_back(waiting, acting_user=me),
        "moving out": lambda: place_draft(mine, Place(column("news")), acting_user=me),
        "moving in": lambda: place_draft(elsewhere, Place(column("notices")), acting_user=me),
        "another kind": lambda: place_draft(elsewhere, Place(kind="policy"), acting_user=me),
        "a time": lambda: plan_draft(elsewhere, timezone.now() + timedelta(days=1), acting_user=me),
        "a copy": lambda: copy_as_draft(mine, column=column("news"), acting_user=me),
        "an import": lambda: import_document(paper, filename="report.html", column=column(), acting_user=me),
        "a repost": lambda: repost_resource(
            live.resource("article", "beta"), column=column(), mode="mirror", acting_user=me
        ),
        "a whole site": lambda: require_editor_of_all_columns(me),
        "a proposal": lambda: accept_proposal(proposal, column(), acting_user=me),
        "a pin": lambda: pin_page(public, column(), timezone.localdate(), acting_user=me),
        "a listing": lambda: list_page_in(mine, [column("news")], acting_user=me),
        "a recommendation": lambda: recommend_page(public, acting_user=me),
    }
    for way, act in ways.items():
        with subtests.test(way), pytest.raises(Refused, match=OUTSIDE):
            act()
    assert Page.objects.get(pk=elsewhere.pk).revisions.count() == revisions and Page.objects.count() == pages
    told = move_pages([elsewhere.pk, mine.pk], column("news"), acting_user=me)
    assert not any(result.done for result in told)


def test_the_console_offers_nothing_elsewhere_and_takes_nothing(limited, console):  # noqa: F811
    elsewhere, me = of_a_colleague(), console("alpha_editor", "alpha")
    news, notices = column("news").pk, column("notices").pk
    assert me.get(f"/admin/pages/add/articles/article/{notices}/").status_code == 200
    assert me.get(f"/admin/pages/add/articles/article/{news}/").status_code in (302, 403)
    me.post(f"/admin/pages/add/articles/article/{news}/", {"title": "越界的信息", "slug": "beyond"})
    assert not Article.objects.filter(title="越界的信息").exists()
    assert me.get(f"/admin/pages/{elsewhere.pk}/edit/").status_code in (302, 403)
    me.post(f"/admin/pages/{elsewhere.pk}/edit/", {"title": "越界的修改"})
    me.post(f"/admin/pages/{elsewhere.pk}/delete/")
    assert Page.objects.get(pk=elsewhere.pk).draft_title == elsewhere.title
    start = me.get("/admin/").content.decode()
    assert f"/article/{notices}/" in start and f"/article/{news}/" not in start
    sent = {"column": news, "documents": SimpleUploadedFile("a.txt", "一段话。".encode())}
    assert "重新选择" in me.post("/admin/documents-in/", sent).content.decode()
    form = me.get(f"/admin/writing/copy/{factories.draft_article(column='notices').pk}/").content.decode()
    assert f'value="{notices}"' in form and f'value="{news}"' not in form


def test_a_department_opens_its_columns_and_an_empty_one_is_gone(alpha):
    me = user("alpha_editor")
    set_department("宣传科", [me], [column("news")], acting_user=admin())
    assert writes("news") and not writes("notices")
    assert Membership.objects.get(user=me, limited=True).role == "editor"
    limit_editor(me, [column("notices")], acting_user=admin())
    assert writes("news") and writes("notices") and not writes("policies")
    set_department("宣传科", [], [], acting_user=admin())
    assert writes("notices") and not writes("news")
    limit_editor(me, [], acting_user=admin())
    assert writes("news") and not Membership.objects.filter(limited=True).exists()
    said = [say(entry, Names()) for entry in Entry.objects.filter(act__startswith="writing.").order_by("pk")]
    assert "设置了写稿部门“宣传科”" in said[0].sentence and ("栏目", "（空）", "工作动态") in said[0].changes
    assert "的写稿范围" in said[1].sentence and said[1].changes == [("栏目", "（空）", "通知公告")]


def test_a_column_that_goes_opens_nothing(limited):
    WritingRight.objects.all().delete()
    assert not writes("notices")


def test_who_gives_and_to_whom(alpha):
    for who in ("alpha_editor", "alpha_content", "beta_admin", "outsider"):
        with pytest.raises(Refused, match="站点管理员可以设置"):
            limit_editor(user("alpha_editor2"), [column()], acting_user=user(who))
        with pytest.raises(Refused, match="站点管理员可以设置"):
            set_department("甲", [user("alpha_editor2")], [column()], acting_user=user(who))
    with pytest.raises(Refused, match="不是本站的编辑"):
        limit_editor(user("beta_editor"), [column()], acting_user=admin())
    with pytest.raises(Refused, match="至少选一个栏目"):
        set_department("甲", [user("alpha_editor")], [], acting_user=admin())
    with pytest.raises(Refused, match="没有部门“甲”"):
        set_department("甲", [], [], acting_user=admin())


def test_the_screen_and_the_verb(alpha, console):  # noqa: F811
    me, client = user("alpha_editor"), console("alpha_admin", "alpha")
    address = "/admin/site/writers/"
    assert "全站" in client.get(address).content.decode()
    assert "通知公告" in client.get(f"{address}?editor={me.pk}").content.decode()
    assert client.post(f"{address}?editor={me.pk}", {"columns": [column("notices").pk]}).status_code == 302
    department = {"name": "宣传科", "members": [me.pk], "columns": [column("news").pk]}
    assert client.post(f"{address}?department=", department).status_code == 302
    shown = client.get(address).content.decode()
    assert "宣传科" in shown and "通知公告" in shown
    assert "checked" in client.get(f"{address}?department=宣传科").content.decode()
    refused = client.post(f"{address}?department=", {**department, "columns": []}).content.decode()
    assert "至少选一个栏目" in refused and "宣传科" in refused
    assert client.get(f"{address}?editor={user('beta_editor').pk}").status_code == 404
    assert console("alpha_editor", "alpha").get(address).status_code == 403
    words = ("writing_rights", "--site", "alpha", "--as", "alpha_admin", "--json")
    assert '"limited": false' in call_verb(*words, "--editor", "alpha_editor2", "--columns", "").stdout
    done = call_verb(*words, "--department", "宣传科", "--members", "alpha_editor2", "--columns", "policies")
    assert '"members": ["alpha_editor2"]' in done.stdout
    assert call_verb(*words, "--columns", "news").returncode == 2
