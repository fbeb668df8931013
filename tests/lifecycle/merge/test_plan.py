"""The plan of a merge tells what becomes of everything, and changes nothing."""

import json

import pytest
from django.urls import reverse
from django_tenants.utils import tenant_context
from wagtail.models import Page

from content_library.models import Resource
from govplatform.accounts.models import Membership
from govplatform.addresses.models import Address
from govplatform.audit.models import Entry
from govplatform.lifecycle.merge.planning import estimated_seconds, plan_merge
from govplatform.lifecycle.models import Merge
from govplatform.refusals import Refused
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.lifecycle.life import retiring
from tests.reposts.conftest import reposted_at
from tests.verbs import call_verb


@pytest.fixture
def two_sites(alpha):
    """Something live and a draft on beta, and an article of the same slug and title on alpha."""
    beta = get_tenant("beta")
    with tenant_context(beta):
        live = factories.live_article("beta", title="防汛通知", slug="flood")
        factories.draft_article("beta_editor", title="未发布的草稿")
        factories.image(uploader="beta_editor")
    with tenant_context(alpha):
        factories.live_article("alpha", title="防汛通知", slug="flood")
    return beta, alpha, live


def kinds(plan):
    return sorted(one.kind for one in plan.collisions)


def test_pages_revisions_files_and_what_meets_are_counted(two_sites):
    beta, alpha, live = two_sites
    with tenant_context(beta):
        revisions = live.revisions.count()
    plan = plan_merge(beta, alpha)
    assert (plan.counts["pages"], plan.counts["revisions"], plan.counts["files"]) == (1, revisions, 1)
    assert plan.counts["resources"] == 1
    assert plan.counts["addresses"] == Address.objects.filter(tenant=beta).count() > 0
    news = next(move for move in plan.moves if move.column.path == "news")
    assert (news.to, news.is_new, news.column.pages, news.column.drafts) == ("news", False, 2, 1)
    assert {"slug", "title"} <= set(kinds(plan))
    slug = next(one for one in plan.collisions if one.kind == "slug")
    assert (slug.source, slug.destination) == ("/news/flood/", "/news/flood/") and "-beta" in slug.outcome
    assert next(left for left in plan.left if left.kind == "草稿").count == 1


def test_drafts_are_moved_by_choice(two_sites):
    beta, alpha, _live = two_sites
    plan = plan_merge(beta, alpha, drafts=True)
    assert plan.counts["pages"] == 2
    assert not [left for left in plan.left if left.kind == "草稿"]


def test_a_column_that_stays_leaves_its_pages_and_one_that_goes_elsewhere_meets_nothing(two_sites):
    beta, alpha, _live = two_sites
    stays = plan_merge(beta, alpha, {"news": "-"})
    assert stays.counts["pages"] == 0
    assert next(left for left in stays.left if left.kind == "栏目内的信息").count == 2
    elsewhere = plan_merge(beta, alpha, {"news": "beta/news"})
    assert elsewhere.counts["pages"] == 1
    assert not {"slug", "title"} & set(kinds(elsewhere))
    assert next(move for move in elsewhere.moves if move.column.path == "news").is_new


def test_what_shows_a_page_of_the_portal_is_counted_as_that_page_alone(two_sites):
    """It is not carried, so it is no page that is moved and meets none; it was counted and named twice."""
    beta, alpha, _live = two_sites
    before = plan_merge(beta, alpha)
    with tenant_context(alpha):
        origin = Resource.objects.get(tenant=alpha, title="防汛通知")
    reposted_at("beta", origin)
    plan = plan_merge(beta, alpha)
    assert (plan.counts["pages"], plan.counts["revisions"]) == (before.counts["pages"], before.counts["revisions"])
    assert plan.collisions == before.collisions
    told = {one.kind: one.count for one in plan.concerns}
    assert (told.get("转载自并入站点的信息"), told.get("本站转载的信息")) == (1, None)


def test_people_are_offered_their_role_unless_separation_forbids_it(two_sites):
    beta, alpha, _live = two_sites
    before = Membership.objects.count()
    both = factories.user("beta_editor")
    Membership.objects.create(user=both, tenant=alpha, role="content-reviewer")
    plan = plan_merge(beta, alpha)
    refused = [one for one in plan.collisions if one.kind == "account"]
    assert len(refused) == 1 and both.full_name in refused[0].what and "由不同的人担任" in refused[0].outcome
    offered = next(one for one in plan.concerns if one.kind == "任职")
    already = next(one for one in plan.concerns if one.kind == "已有的任职").count
    assert offered.count == Membership.objects.filter(tenant=beta).count() - 1 - already > 0
    assert Membership.objects.count() == before + 1


def test_a_plan_writes_nothing(two_sites):
    beta, alpha, _live = two_sites

    def state():
        counts = []
        for tenant in (beta, alpha):
            with tenant_context(tenant):
                counts.append((Page.objects.count(), Entry.objects.count()))
        return counts

    before = state()
    plan_merge(beta, alpha)
    assert state() == before


@pytest.mark.parametrize(
    ("source", "destination", "words"),
    [("alpha", "alpha", "自己"), ("console", "alpha", "监管控制台"), ("alpha", "beta", "下级站点")],
)
def test_sites_that_cannot_be_merged_are_refused_with_the_reason(alpha, source, destination, words):
    beta = get_tenant("beta")
    Tenant.objects.filter(pk=beta.pk).update(parent=alpha)
    with pytest.raises(Refused) as refused:
        plan_merge(get_tenant(source), get_tenant(destination))
    assert any(words in reason for reason in refused.value.reasons)


def test_the_verb_prints_the_plan_and_reads_a_map(two_sites, tmp_path):
    out, path = tmp_path / "plan.json", tmp_path / "map.csv"
    path.write_text("from,to\nnews,beta/news\n", encoding="utf-8")
    done = call_verb("plan_merge", "beta", "alpha", "--map", str(path), "--out", str(out), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert {"pages", "revisions", "files", "addresses", "columns", "collisions", "not_moved"} <= set(answer)
    assert {"from": "news", "to": "beta/news"}.items() <= next(
        one for one in answer["columns"] if one["from"] == "news"
    ).items()
    assert json.loads(out.read_text(encoding="utf-8")) == answer
    spoken = call_verb("plan_merge", "beta", "alpha")
    assert spoken.returncode == 0 and "/news/ " in spoken.stdout and "信息 1 条" in spoken.stdout


def test_the_verb_names_the_faults_of_a_map(two_sites, tmp_path):
    path = tmp_path / "map.csv"
    path.write_text("from,to\nnix,news\nnews,a b\n", encoding="utf-8")
    done = call_verb("plan_merge", "beta", "alpha", "--map", str(path), "--json")
    assert done.returncode == 1
    assert [(one["row"], one["column"]) for one in json.loads(done.stdout)["faults"]] == [(2, "from"), (3, "to")]
    assert call_verb("plan_merge", "beta", "beta", "--json").returncode == 3
    assert call_verb("plan_merge", "nix", "beta", "--json").returncode == 3


def test_operators_correct_the_plan_on_the_screen_and_take_the_map_with_them(two_sites, console, tmp_path):
    client = console("operator", "console")
    address = reverse("lifecycle_merge_plan", urlconf="govplatform.console.urls")
    assert "请选择站点" in client.get(address).content.decode()
    shown = client.get(address, {"source": "beta", "destination": "alpha"}).content.decode()
    assert 'name="to:news"' in shown and "防汛通知" in shown and "-beta" in shown
    wrong = client.post(address, {"source": "beta", "destination": "alpha", "to:news": "a b"})
    assert (
        wrong.status_code == 400
        and "不是栏目路径" in wrong.content.decode()
        and 'value="a b"' in wrong.content.decode()
    )
    # Where a column goes is chosen from a list; a path is written for a place that is in none.
    assert '<option value="news">' in shown.replace(" selected", "") and 'name="new:news"' in shown
    other = {"source": "beta", "destination": "alpha", "to:news": "+", "new:news": "beta/fresh"}
    assert '<option value="beta/fresh" selected>新建：beta/fresh' in client.post(address, other).content.decode()
    stays = {"source": "beta", "destination": "alpha", "to:news": "+", "new:news": ""}
    assert '<option value="-" selected>' in client.post(address, stays).content.decode()
    form = {"source": "beta", "destination": "alpha", "to:news": "beta/news"}
    assert "新建栏目" in client.post(address, form).content.decode()
    taken = client.post(address, {**form, "download": "map"})
    assert taken["Content-Disposition"].startswith("attachment")
    path = tmp_path / "map.csv"
    path.write_bytes(taken.content)
    done = call_verb("plan_merge", "beta", "alpha", "--map", str(path), "--json")
    assert done.returncode == 0, done.stdout
    assert next(one for one in json.loads(done.stdout)["columns"] if one["from"] == "news")["to"] == "beta/news"
    same = client.get(address, {"source": "beta", "destination": "beta"})
    assert same.status_code == 400 and "并入自己" in same.content.decode()


def test_what_was_changed_since_the_plan_is_planned_before_it_begins(two_sites, console):
    """Dragged or chosen and not planned again: nobody has seen what it meets there."""
    retiring()
    client = console("operator", "console")
    address = reverse("lifecycle_merge_plan", urlconf="govplatform.console.urls")
    form = {"source": "beta", "destination": "alpha", "planned:news": "news", "to:news": "beta/news", "begin": "on"}
    shown = client.post(address, form)
    assert shown.status_code == 400 and not Merge.objects.exists()
    html = shown.content.decode()
    assert "去处改过以后还没有测算" in html and 'name="planned:news" value="beta/news"' in html
    assert client.post(address, {**form, "planned:news": "beta/news"}).status_code == 302
    assert Merge.objects.get().wishes["news"] == "beta/news"


def test_the_screen_belongs_to_the_platform(console):
    address = reverse("lifecycle_merge_plan", urlconf="govplatform.console.urls")
    assert console("alpha_admin", "alpha").get(address).status_code in (403, 404)


def test_a_column_below_one_that_is_not_there_is_a_fault_and_not_a_surprise(two_sites):
    beta, alpha, _live = two_sites
    plan = plan_merge(beta, alpha, {"news": "no/such/place"})
    assert [(fault.row, fault.column) for fault in plan.faults] == [(2, "to")]
    assert "no/such" in plan.faults[0].reason
    assert plan_merge(beta, alpha, {"news": "beta/news"}).faults == []


def test_the_plan_says_how_long_it_will_take(two_sites, console):
    """By the measured pace at first, then by what this platform's own merges took."""
    beta, alpha, _live = two_sites
    assert (
        estimated_seconds({}) == 2 and estimated_seconds({"pages": 10_000, "revisions": 30_000, "files": 5_000}) == 83
    )
    plan = plan_merge(beta, alpha)
    assert plan.seconds == plan.as_json()["estimated_seconds"] > 0
    application = retiring()
    for seconds, pages in ((100, 1_000), (None, 0), (0.1, 3)):
        made = Merge.objects.create(source=beta, destination=alpha, application=application)
        counts = {"pages": pages, "revisions": 0, "files": 0}
        with as_owner():
            Merge.objects.filter(pk=made.pk).update(state="refused", seconds=seconds, counts=counts)
    # A merge of three pages tells nothing.
    assert estimated_seconds({"pages": 500}) == 52
    html = console("operator", "console").get(
        reverse("lifecycle_merge_plan"), {"source": "beta", "destination": "alpha"}
    )
    assert "预计用时" in html.content.decode()
