"""One site with years of pages, scans and reviews behind it: jobs of every minute and start pages read what is due."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from govplatform.lifecycle.queries import fleet_order, read_facts
from govplatform.review.screens.panels import CameBackPanel, DraftsPanel, UnderReviewPanel
from govplatform.review.submission.due_pages import publish_due_pages
from govplatform.review.submission.followups import open_followups
from govplatform.review.submission.queue import waiting_reviews
from govplatform.review.tasks import queue_waiting_scans
from govplatform.tenancy.queries import get_tenant
from sites.columns.overdue import column_states
from tests.factories import draft_article, submit, user
from tests.layers import transaction_of_tests

from .counting import build, cost_of

_PAGES = 5_000
FEW = 300


@pytest.fixture(scope="module")
def old_site(bare_sites, django_db_blocker):
    """alpha with five thousand live pages, each reviewed and scanned long ago; one waits for its reviewer."""
    with django_db_blocker.unblock(), transaction_of_tests(), tenant_context(get_tenant("alpha")):
        waiting = draft_article()
        submit(waiting)
        write_years(waiting.pk)
        yield get_tenant("alpha")
        transaction.set_rollback(True)


def write_years(waiting: int) -> None:
    """Out of the page that waits: as many again that are live and done with."""
    made = timezone.now() - timedelta(days=30)
    page, state, task = "site_alpha.wagtailcore_page", "site_alpha.wagtailcore_workflowstate", "wagtailcore_taskstate"
    scan, withdrawal = "site_alpha.confidentiality_scan", "site_alpha.review_withdrawal"
    old = f"SELECT id FROM {page} WHERE slug LIKE 'old-%'"
    build(
        f"INSERT INTO {page} (path, depth, numchild, title, draft_title, slug, live, has_unpublished_changes, url_path,"
        " owner_id, seo_title, show_in_menus, search_description, expired, content_type_id, locked,"
        " latest_revision_created_at, first_published_at, last_published_at, translation_key, locale_id)"
        " SELECT left(path, length(path) - 4) || lpad(upper(to_hex(n)), 4, '0'), depth, 0, title, draft_title,"
        " 'old-' || n, true,"
        f" false, '/x/' || n || '/', owner_id, '', false, '', false, content_type_id, false, '{made}', '{made}',"
        f" '{made}', gen_random_uuid(), locale_id FROM {page}, generate_series(4096, {4095 + _PAGES}) n"
        f" WHERE id = {waiting}",
        past_triggers=page,
    )
    build(
        f"INSERT INTO {state} (object_id, content_type_id, base_content_type_id, status, created_at, workflow_id,"
        " requested_by_id) SELECT o.id::text, w.content_type_id, w.base_content_type_id, 'approved', w.created_at,"
        f" w.workflow_id, w.requested_by_id FROM ({old}) o, {state} w WHERE w.object_id = '{waiting}'",
        f"INSERT INTO site_alpha.{task} (status, started_at, finished_at, comment, revision_id, task_id,"
        " workflow_state_id, content_type_id) SELECT 'approved', t.started_at, t.started_at, '', t.revision_id,"
        f" t.task_id, w.id, t.content_type_id FROM {state} w, site_alpha.{task} t"
        " WHERE w.status = 'approved' AND t.status = 'in_progress'",
        analyse=f"{page}, {state}, site_alpha.{task}",
    )
    build(
        f"INSERT INTO {scan} (page_id, digest, scanner_version, rule_pack, dictionary_version, purpose, state,"
        " queued_at, failure, persons) SELECT id, repeat('0', 64), 'x', 'national', '', 'review', 'done',"
        f" '{made}', '', '[]' FROM ({old}) o",
        past_triggers=scan,
        analyse=scan,
    )
    build(
        f"INSERT INTO {withdrawal} (page_id, reason, withdrawn_at, break_glass) SELECT id, 'x', '{made}', false"
        f" FROM ({old}) o",
        past_triggers=withdrawal,
        analyse=withdrawal,
    )


def test_scheduled_publishing_reads_what_is_due(old_site):
    cost = cost_of(publish_due_pages)
    assert cost.rows < 50 and cost.statements < 6, cost


def test_looking_for_lost_scans_reads_those_that_nobody_finished(old_site):
    cost = cost_of(queue_waiting_scans)
    assert cost.rows < 50 and cost.statements < 4, cost


def test_the_operators_tree_reads_the_newest_page_of_a_site_and_not_all(old_site):
    with schema_context("public"):
        sites = fleet_order()
        cost = cost_of(lambda: read_facts(sites))
    assert sites[0].last_update is not None and sites[0].waiting == 1
    assert cost.rows < FEW, cost


def test_the_queue_reads_what_waits(old_site):
    found = []
    cost = cost_of(lambda: found.extend(waiting_reviews(user("alpha_content"))))
    assert len(found) == 1
    assert cost.rows < FEW, cost


def test_what_waits_to_be_looked_at_again_is_found_without_what_was(old_site):
    cost = cost_of(lambda: open_followups(user("alpha_content")))
    assert cost.rows < FEW, cost


def test_an_editor_s_start_page_reads_what_is_not_published(old_site):
    request = RequestFactory().get("/")
    request.user, request.tenant = user("alpha_editor"), old_site
    for panel in (CameBackPanel(), UnderReviewPanel(), DraftsPanel()):
        shown = []
        cost = cost_of(lambda panel=panel, shown=shown: shown.extend(_rows_of(panel, request)))
        assert len(shown) == (1 if isinstance(panel, UnderReviewPanel) else 0)
        assert cost.rows < FEW, (panel.name, cost)


def _rows_of(panel, request):
    return panel.get_context_data({"request": request})["rows"]


def test_an_administrator_s_start_page_goes_once_through_the_pages(old_site):
    states = []
    cost = cost_of(lambda: states.extend(column_states()))
    assert next(state for state in states if state.column.slug == "news").items == _PAGES
    assert cost.statements == 2 and cost.rows < 3 * _PAGES, cost
