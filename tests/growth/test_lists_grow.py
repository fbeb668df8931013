"""Lists and jobs of the whole platform: they read what they show."""

from django.utils import timezone

from content_library.console.counting import latest_with
from content_library.models import Resource
from govplatform.lifecycle.queries import fleet_order, read_facts
from govplatform.tenancy.each_site import each_site
from search.models import SearchDocument, SearchText
from search.truth import present_documents
from sites.columns.models import Column
from sites.documents_in.queries import recent_batches
from tests.factories import user
from tests.reposts.conftest import live_at

from .counting import build, cost_of
from .history import many_sites

FEW = 300


def test_a_page_of_the_tree_asks_the_sites_of_that_page(db):
    many_sites(1_000)
    sites = fleet_order()
    assert len(sites) == 1_002
    # alpha and beta; the others have no schema that could be asked, and are not.
    shown = [state for state in sites if not state.tenant.code.startswith("many")]
    cost = cost_of(lambda: read_facts(shown))
    assert [state.answers for state in shown] == [True, True]
    assert cost.statements <= 6 and cost.rows < FEW, cost


def test_a_job_over_all_sites_asks_three_times_before_it_begins(db):
    """Which sites there are, what fails in them, which schemas are there; then each site asks for itself."""
    served = []
    cost = cost_of(lambda: each_site(lambda run: served.append(run.tenant.code), job="none"))
    assert served == ["alpha", "beta"]
    # Inside the test's transaction each site stands between a savepoint and its release, and names its schema.
    assert cost.statements == 3 + 2 * 3, cost


def test_the_newest_imports_are_counted_and_not_every_one(alpha):
    column = Column.objects.get(slug="news")
    build(
        "INSERT INTO site_alpha.documents_in_importbatch (column_id, column_title, started_by_id, submit, created_at)"
        f" SELECT {column.pk}, 'x', {user('alpha_editor').pk}, false, now() - n * interval '1 hour'"
        " FROM generate_series(1, 3000) n",
        "INSERT INTO site_alpha.documents_in_importitem (batch_id, filename, size, sm3, state, progress, reason,"
        " original, again, recognised, warnings, changed_at) SELECT id, 'x.txt', 1, '', 'done', '', '', '', false,"
        " '{}', '[]', now() FROM site_alpha.documents_in_importbatch",
        analyse="site_alpha.documents_in_importbatch, site_alpha.documents_in_importitem",
    )
    found = []
    editor = user("alpha_editor")
    cost = cost_of(lambda: found.extend(recent_batches(editor, 20)))
    assert [batch.total for batch in found] == [1] * 20
    assert cost.rows < 7_000 and cost.statements == 2, cost


def test_what_was_withdrawn_last_is_the_beginning_of_an_index(db):
    _page, resource = live_at("alpha")
    taken_anew = {"id", "uuid", "page_id", "number", "status", "terms"}
    names = ", ".join(f.column for f in Resource._meta.concrete_fields if f.column not in taken_anew)
    build(
        f"INSERT INTO content_library_resource (uuid, page_id, number, status, {names})"
        " SELECT gen_random_uuid(), 100000 + n, '', CASE WHEN n % 3 = 0 THEN 'withdrawn' ELSE 'in_force' END,"
        f" {names} FROM content_library_resource, generate_series(1, 1500) n WHERE id = {resource.pk}",
        analyse="content_library_resource",
    )
    found = []
    cost = cost_of(lambda: found.extend(latest_with(Resource.Status.WITHDRAWN)))
    assert len(found) == 10
    assert cost.rows < 100, cost


def test_hits_of_the_search_are_compared_with_their_own_sites_and_not_with_all(alpha):
    # What few rows of them promise to be is not known: statistics of a small table come late.
    many_sites(1_000, known=False)
    place = {"site": alpha.pk, "page": 1, "path": "/news/", "column": "/"}
    documents = [
        SearchDocument(
            key=f"column:{n}", tenant=alpha, sites=[alpha.pk], places=[place], shown=True, kind="column",
            published_at=timezone.now(), updated_at=timezone.now(), title="要闻",
        )
        for n in range(50)
    ]  # fmt: skip
    SearchDocument.objects.bulk_create(documents)
    SearchText.objects.bulk_create(SearchText(document=one, folded="要闻") for one in documents)
    found = {}
    cost = cost_of(lambda: found.update(present_documents([one.pk for one in documents], ["要闻"])))
    assert all(one.holds["要闻"] and one.places == ((alpha.pk, "/news/"),) for one in found.values())
    assert len(found) == 50
    assert cost.statements == 1 and cost.rows < 700, cost
