"""One site goes back to what it was, and the others go on; nothing comes back to the public without review."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Repost, Resource
from govplatform.accounts.models import User
from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.delivery.models import Change
from govplatform.lifecycle.backups import returning
from govplatform.lifecycle.backups.returning import return_site
from govplatform.lifecycle.models import SiteDump
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from govplatform.review.frame.actions import change_words
from govplatform.review.models import Clearance, Withdrawal
from govplatform.review.queries import site_path
from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.isolation import find_isolation_faults
from govplatform.tenancy.queries import get_tenant
from search.indexing.actions import index_site
from search.models import SearchDocument
from sites.articles.models import Article
from sites.columns.writing_rights import columns_to_write, limit_editor
from tests import factories
from tests.lifecycle.ending.ended import (
    clean_folders,
    digests,
    files_of,
    kill_verb,
    left_in,
    scratch_schemas,
    with_files,
)

from .installations import printed, refused
from .test_whole import taken


@pytest.fixture(autouse=True)
def _folders():
    with clean_folders():
        yield


def live_page(title):
    with tenant_context(get_tenant("alpha")):
        return factories.live_article(title=title)


def corrected(page):
    with tenant_context(get_tenant("alpha")):
        page = Article.objects.get(pk=page.pk)
        page.title = f"{page.title}（更正）"
        page.save_revision(user=factories.user("alpha_editor"))
        return factories.publish(page)


def withdrawn(page):
    with tenant_context(get_tenant("alpha")):
        withdraw_page(Page.objects.get(pk=page.pk), acting_user=factories.user("alpha_content"), reason="有误。")


def described(words):
    with tenant_context(get_tenant("alpha")), holding(), transaction.atomic():
        change_words(factories.column("news"), {"description": words}, acting_user=None)


def allowed(*slugs):
    with tenant_context(get_tenant("alpha")):
        columns = [factories.column(slug) for slug in slugs]
        limit_editor(factories.user("alpha_editor"), columns, acting_user=factories.user("alpha_admin"))


def asked(page):
    return Client(HTTP_HOST="alpha.localhost").get(site_path(page))


def test_a_site_goes_back_and_the_others_go_on(own_database, verb, live, tmp_path):
    with_files("alpha")
    described("说错了的简介")
    allowed("news", "notices")
    stays, to_correct, to_withdraw = live_page("留下的"), live_page("要更正的"), live_page("要撤回的")
    with tenant_context(get_tenant("alpha")):
        draft = factories.draft_article(title="当时还是草稿")
    then, files = digests("site_alpha"), files_of("alpha")
    out = tmp_path / "backups"
    taken(verb, out)
    corrected(to_correct)
    withdrawn(to_withdraw)
    described("更正了的简介")
    allowed("news")
    since = live_page("此后发布的")
    with tenant_context(get_tenant("alpha")):
        factories.publish(draft)
    with_files("alpha")
    others = digests("site_beta")
    elsewhere = Repost.objects.filter(state="live").exclude(tenant__code="alpha")
    reposts = elsewhere.count()
    entries = Entry.objects.filter(chain="site_alpha").count()
    words = ["restore", str(out), "--site", "alpha", "--as", "operator", "--json"]

    # looked at first: nothing changes
    before = digests("site_alpha")
    plan = printed(verb(*words, "--dry-run"))
    assert digests("site_alpha") == before and scratch_schemas() == []
    assert {one["page"] for one in plan["withheld"]} == {to_correct.pk, to_withdraw.pk}
    assert {since.pk, draft.pk} <= {one["page"] for one in plan["ended"]}

    told = printed(verb(*words, "--reason", "误操作删除了栏目。"))
    assert (told["sites"], told["withheld"], told["ended"]) == (1, plan["withheld"], plan["ended"])
    assert scratch_schemas() == [] and files_of("alpha") == files
    assert not [name for name in left_in(Path(settings.MEDIA_ROOT)) if name.startswith(".")]
    now = digests("site_alpha")
    differs = {name for name in then if then[name] != now[name]}
    assert differs <= {
        "review_withdrawal", "review_clearance", "wagtailcore_page", "wagtailcore_revision", "sequences",
        "structure", "columns_column", "columns_writingright", "review_frameclearance",
    }, differs  # fmt: skip
    # what was corrected on the frame stays corrected, and who lost a column does not get it back
    with tenant_context(get_tenant("alpha")):
        assert factories.column("news").description == "更正了的简介"
        assert set(columns_to_write(factories.user("alpha_editor")).values_list("slug", flat=True)) == {"news"}
    # their reposts stay, and everything else of theirs
    assert digests("site_beta") == others
    assert reposts and elsewhere.count() == reposts
    assert find_isolation_faults()[1] == []

    # what is public: what was public then and is today; the rest says why
    assert asked(stays).status_code == 200
    for page in (to_correct, to_withdraw, since, draft):
        answer = asked(page)
        assert answer.status_code == 410, page
    assert "恢复到" in asked(since).content.decode()
    # nor is it found, but for what reposts show
    index_site(get_tenant("alpha").pk)
    titles = SearchDocument.objects.filter(resource__tenant__code="alpha")
    assert titles.get(title=stays.title).shown
    assert not titles.filter(title__in=[since.title, to_withdraw.title], shown=True).exists()
    with tenant_context(get_tenant("alpha")):
        for page in (to_correct, to_withdraw):
            found = Page.objects.get(pk=page.pk)
            assert not found.live and found.has_unpublished_changes
            assert not Clearance.objects.filter(page_id=page.pk, status="valid").exists()
            assert "恢复到" in Withdrawal.objects.filter(page_id=page.pk).latest("pk").reason
        assert not Page.objects.filter(pk=since.pk).exists()
        # and goes public again by review alone, as a new version of the same resource
        resource = Resource.objects.get(page_id=to_correct.pk, tenant__code="alpha")
        versions = resource.versions.count()
        factories.publish(Article.objects.get(pk=to_correct.pk))
        assert resource.versions.count() == versions + 1
        # what is made next is nobody's correction
        assert factories.live_article(title="再发布的").pk > since.pk
    assert asked(to_correct).status_code == 200

    # the record goes on: what happened since is in it, and this act
    assert find_chain_faults()[1] == []
    assert Entry.objects.filter(chain="site_alpha").count() > entries
    entry = Entry.objects.get(act="site.return")
    assert entry.detail["reason"] == "误操作删除了栏目。"
    assert entry.detail["withheld"] == [one["page"] for one in plan["withheld"]]
    assert Change.objects.filter(tenant__code="alpha", everything=True).exists()
    for check in (["verify_gate"], ["verify_audit"], ["migrate_fleet", "--check"], ["library", "housekeeping"]):
        done = verb(*check, "--json")
        assert done.returncode == 0, (check, done.stdout, done.stderr)


@pytest.mark.soak
def test_it_can_be_undone(own_database, verb, live, tmp_path):
    with_files("alpha")
    out = tmp_path / "backups"
    taken(verb, out)
    since = live_page("此后发布的")
    before, files = digests("site_alpha"), files_of("alpha")
    words = ["--site", "alpha", "--as", "operator", "--json"]
    aside = printed(verb("restore", str(out), *words))["aside"]
    assert asked(since).status_code == 410
    told = printed(verb("restore", aside, *words))
    # what came down with the return comes back as a draft, with everything else
    assert [one["page"] for one in told["withheld"]] == [since.pk]
    now = digests("site_alpha")
    assert now["wagtailcore_revision"] == before["wagtailcore_revision"]
    assert files_of("alpha") == files


def test_refused_with_every_reason(own_database, verb, live, tmp_path, subtests):
    out = tmp_path / "backups"
    path = taken(verb, out)
    operator, alpha = factories.user("operator"), get_tenant("alpha")

    def reasons(tenant=alpha, where=out, who=operator, reason="试一试。"):
        before = digests("site_alpha")
        with pytest.raises(Refused) as refusal:
            return_site(tenant, where, reason=reason, acting_user=who)
        assert digests("site_alpha") == before and scratch_schemas() == []
        return str(refusal.value)

    assert "运维人员" in reasons(who=factories.user("alpha_admin"))
    assert "理由" in reasons(reason=" \x00")
    assert "不能单独恢复" in reasons(get_tenant("console"))
    alpha.frozen, alpha.frozen_into = True, "另一站"
    alpha.save(update_fields=["frozen", "frozen_into"])
    assert "已经并入" in reasons()
    alpha.frozen = False
    alpha.save(update_fields=["frozen"])
    User.objects.filter(username="alpha_editor").update(username="somebody_else")
    assert "不是同一个人" in reasons()
    User.objects.filter(username="somebody_else").update(username="alpha_editor")
    # a list that the platform did not write
    data = (path / "manifest.json").read_bytes()
    (path / "manifest.json").write_bytes(data + b"\n")
    assert "没有记录过" in reasons()
    (path / "manifest.json").write_bytes(data)
    victim = next((path / "database").glob("*.dat.gz"))
    os.truncate(victim, victim.stat().st_size - 1)
    assert "校验值不符" in reasons()
    assert SiteDump.objects.filter(kind="return", state="refused").count() >= 4


def test_nothing_is_lost_of_what_somebody_writes_meanwhile(own_database, verb, live, tmp_path, monkeypatch):
    out = tmp_path / "backups"
    taken(verb, out)
    found, pages = returning.take_dump_of, []

    def written_after(*args, **named):
        taken_before = found(*args, **named)
        if len(pages) < wanted:
            with tenant_context(get_tenant("alpha")):
                pages.append(factories.draft_article(title=f"第 {len(pages)} 篇"))
        return taken_before

    monkeypatch.setattr(returning, "take_dump_of", written_after)
    wanted = 99
    with pytest.raises(Refused, match="一直有变动"):
        return_site(get_tenant("alpha"), out, reason="试。", acting_user=factories.user("operator"))
    with tenant_context(get_tenant("alpha")):
        assert Page.objects.filter(pk__in=[page.pk for page in pages]).count() == len(pages) == 3
    assert left_in(Path(settings.SITE_DUMPS_DIR)) == []
    # once is nothing: it is set aside anew
    pages.clear()
    wanted = 1
    done = return_site(get_tenant("alpha"), out, reason="试。", acting_user=factories.user("operator"))
    assert left_in(Path(settings.SITE_DUMPS_DIR)) == [done.aside.name]


_RETURNING = "govplatform.lifecycle.backups.returning"


@pytest.mark.parametrize(
    ("at", "when", "exchanged"),
    [
        pytest.param(f"{_RETURNING}:_bring_files_in_line", "", True, marks=pytest.mark.soak),
        pytest.param("govplatform.lifecycle.backups.reading:_fill", "after", False, marks=pytest.mark.soak),
        pytest.param(f"{_RETURNING}:take_dump_of", "after", False, marks=pytest.mark.soak),
        pytest.param(f"{_RETURNING}:drop_schema", "after", False, marks=pytest.mark.soak),
        pytest.param(f"{_RETURNING}:_add_files", "after", False, marks=pytest.mark.soak),
    ],
)
def test_a_killed_return_is_ended_by_the_next(own_database, verb, live, tmp_path, at, when, exchanged):
    with_files("alpha")
    out = tmp_path / "backups"
    taken(verb, out)
    then, files = digests("site_alpha"), files_of("alpha")
    with_files("alpha")
    before = digests("site_alpha")
    words = ["restore", str(out), "--site", "alpha", "--as", "operator"]
    kill_verb(own_database, at, *words, when=when)
    now = digests("site_alpha")
    assert (now["wagtailcore_revision"] == then["wagtailcore_revision"]) is exchanged
    assert exchanged or now == before
    printed(verb(*words, "--json"))
    assert digests("site_alpha")["wagtailcore_revision"] == then["wagtailcore_revision"]
    assert files_of("alpha") == files and scratch_schemas() == []
    assert not [name for name in left_in(Path(settings.MEDIA_ROOT)) if name.startswith(".")]
    assert find_isolation_faults()[1] == [] and find_chain_faults()[1] == []


def test_one_site_as_a_dump(own_database, verb, live, tmp_path):
    told = printed(verb("backup", "--out", str(tmp_path / "one"), "--site", "beta", "--json"))
    assert told["parts"] > 50 and told["bytes"] == Path(told["backup"]).stat().st_size
    told = printed(verb("restore", told["backup"], "--site", "beta", "--as", "operator", "--json"))
    assert told["withheld"] == [] == told["ended"]
    assert "备份里没有" in refused(verb("restore", told["aside"], "--site", "alpha", "--as", "operator", "--json"))
