"""The first pages of a site are what adding them one by one through the tree would have made."""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page, PageLogEntry, Site
from wagtail.search.backends import get_search_backend

from govplatform.audit.chain import find_chain_faults
from govplatform.audit.models import Entry
from govplatform.lifecycle.actions import NewSite, open_site
from govplatform.review.frame.actions import change_words
from sites.columns.defaults import default_columns
from sites.columns.models import Column
from sites.home.models import HomePage
from sites.home.tasks import index_frame

#: What every page has for itself.
_OWN = {
    "id", "page_ptr_id", "path", "slug", "url_path", "title", "draft_title", "translation_key",
    "first_published_at", "last_published_at", "description", "keywords",
}  # fmt: skip


@pytest.fixture(params=["portal", "department"])
def gamma(db, request):
    tenant, _seconds = open_site(
        NewSite(
            code="gamma",
            host="gamma.localhost",
            console_host="gamma.console.localhost",
            full_name="澄州市青川县人民政府",
            kind=request.param,
            level="county",
            organiser="青川县人民政府办公室",
        ),
        acting_user=None,
    )
    with tenant_context(tenant):
        yield tenant


def facts(model, slug):
    [values] = model.objects.filter(slug=slug).values()
    return {name: value for name, value in values.items() if name not in _OWN}


def test_a_planted_column_is_like_one_that_was_added(gamma):
    home = HomePage.objects.get()
    first = default_columns(gamma)[0]
    added = home.add_child(
        instance=Column(
            title="新栏目",
            slug="added",
            column_type=first.column_type,
            update_duty=first.update_duty,
            update_limit_days=first.update_limit_days,
            responsible_unit=gamma.organiser,
            show_in_menus=True,
            live=False,
        )
    )
    change_words(added, {}, acting_user=None, is_new=True)
    assert facts(Column, "added") == facts(Column, first.slug)
    planted = Column.objects.get(slug=first.slug)
    assert planted.url_path == f"/home/{first.slug}/"
    assert planted.first_published_at is not None
    entries = {entry.page_id: entry for entry in PageLogEntry.objects.filter(action="wagtail.create")}
    one, other = entries[planted.pk], entries[added.pk]
    assert (one.content_type, one.content_changed, one.data) == (other.content_type, other.content_changed, other.data)
    recorded = {entry.object_id: entry for entry in Entry.objects.filter(chain=gamma.schema_name)}
    one, other = recorded[str(planted.pk)], recorded[str(added.pk)]
    assert (one.act, one.object_type, one.detail, one.actor_name) == (
        other.act, other.object_type, other.detail, other.actor_name
    )  # fmt: skip


def test_the_tree_is_sound_and_in_order(gamma):
    columns = [column.slug for column in default_columns(gamma)]
    assert Page.find_problems() == ([], [], [], [], [])
    home = HomePage.objects.get()
    assert [page.slug for page in home.get_children()] == columns
    assert [page.title for page in Page.objects.get(depth=1).get_children()] == [gamma.full_name]
    assert Column.objects.count() == len(columns)


def test_every_page_is_in_the_history_and_in_the_chain(gamma):
    pages = set(Page.objects.filter(depth__gt=1).values_list("pk", flat=True))
    assert set(PageLogEntry.objects.values_list("page_id", flat=True)) == pages
    acts = Entry.objects.filter(chain=gamma.schema_name, act="console.create")
    assert {int(number) for number in acts.values_list("object_id", flat=True)} == pages
    assert find_chain_faults()[1] == []


def test_both_registries_of_hosts_agree(gamma):
    assert Site.objects.get().hostname == gamma.public_host
    assert Site.objects.get().root_page.specific == HomePage.objects.get()


def test_the_consoles_search_finds_the_columns(gamma):
    index_frame.call()
    found = get_search_backend().autocomplete("工作动态", Page.objects.all())
    assert [page.slug for page in found] == ["news"]


def test_a_column_can_be_added_and_moved_among_the_planted(gamma):
    home = HomePage.objects.get()
    added = home.add_child(instance=Column(title="新栏目", slug="added", column_type="news", live=False))
    change_words(added, {}, acting_user=None, is_new=True)
    added.move(Column.objects.get(slug="news"), pos="left")
    assert home.get_children().first().slug == "added"
    assert Page.find_problems() == ([], [], [], [], [])
