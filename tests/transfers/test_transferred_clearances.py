"""A page that a merge brought is taken back by its trail to what people signed; and everything else that asks that."""

from typing import Any

import pytest
from django.db import connection
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.audit.models import Entry
from govplatform.confidentiality.models import Scan
from govplatform.lifecycle.models import Merge, SiteApplication
from govplatform.review.gate.digest import page_digest, referred_files
from govplatform.review.gate.requirements import is_structural
from govplatform.review.gate.scans import current_scan
from govplatform.review.gate.signed import digest_decided_on, scanned_files, transfers_of
from govplatform.review.models import Clearance, RescanFinding, TransferredClearance
from govplatform.review.queries import find_gate_faults
from govplatform.review.rescans.actions import request_rescan
from govplatform.review.rescans.walking import walk
from govplatform.review.sheets.reading import sheet_of_page
from govplatform.review.transfers.covering import transfer_faults
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import get_tenant
from tests import factories
from tests.attacks.conftest import old_digests, triggers_asleep

from .carrying import PAGE, SHIFTS, Carrying, begin, run
from .conftest import publish_on_beta

__all__ = ["old_digests"]


@pytest.fixture
def merge(carried) -> Any:
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'moved'")
    with tenant_context(get_tenant("alpha")):
        yield Merge.objects.get(pk=carried)


def brought(slug: str) -> Any:
    return Page.objects.get(slug=slug, pk__gt=SHIFTS[PAGE]).specific


def test_every_kind_of_page_is_traced_back_to_what_was_signed(merge):
    pages = [page for page in Page.objects.filter(pk__gt=SHIFTS[PAGE]).specific() if page.live]
    assert {page._meta.model_name for page in pages} == {"article", "policydocument", "interpretation"}
    checked, faults = find_gate_faults()
    assert faults == [] and checked >= len(pages)
    for page in pages:
        clearance = Clearance.objects.get(page_id=page.pk, status="valid")
        (transfer,) = transfers_of(clearance)
        assert clearance.digest == page_digest(page) != transfer.source_digest
        assert clearance.content_decision.digest == clearance.scan.digest == transfer.source_digest
        assert digest_decided_on(clearance) == transfer.source_digest


CHANGES = {
    "a title": "UPDATE wagtailcore_page SET title = title || '。' WHERE id = {page}",
    "a place that is not there": "UPDATE {transfer} SET trail = trail || '[[999, 1, 2]]'",
    "another number before": "UPDATE {transfer} SET trail = jsonb_set(trail, '{{0,1}}', '\"x\"')",
    "another word after": "UPDATE {transfer} SET trail = jsonb_set(trail, '{{0,2}}', '\"x\"')",
    "no trail": "UPDATE {transfer} SET trail = '[]'",
    "no list": "UPDATE {transfer} SET trail = '7'",
    "a trail of nonsense": "UPDATE {transfer} SET trail = '[[1], null, {{\"a\": 1}}]'",
    "another page": "UPDATE {transfer} SET source_page_id = source_page_id + 1",
    "another column": "UPDATE {transfer} SET source_parent_id = source_parent_id + 1",
    "no column": "UPDATE {transfer} SET source_parent_id = NULL",
    "another digest": "UPDATE {transfer} SET source_digest = '3:' || repeat('0', 64)",
    "files from elsewhere": "UPDATE {transfer} SET file_shifts = '{{}}'",
    "no proof": "DELETE FROM {transfer}",
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_a_page_that_does_not_lead_back_is_named(merge, change):
    """What somebody wrote with the triggers asleep."""
    page = brought("employment-meeting-moved")
    statement = CHANGES[change].format(transfer="review_transferredclearance", page=page.pk)
    with triggers_asleep("review_transferredclearance"), triggers_asleep("wagtailcore_page"):
        of_page = f" WHERE clearance_id IN (SELECT id FROM review_clearance WHERE page_id = {page.pk})"
        run(statement if "WHERE" in statement else statement + of_page)
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]


def test_a_trail_that_hides_other_words_does_not_lead_back(merge):
    """A forged clearance for words that nobody signed, with a digest of its own and a trail that says nothing."""
    page = brought("links-moved")
    with triggers_asleep("articles_article"), triggers_asleep("review_clearance"):
        run("UPDATE articles_article SET summary = 'nobody signed this' WHERE page_ptr_id = %s", page.pk)
        digest = page_digest(Page.objects.get(pk=page.pk).specific)
        run("UPDATE review_clearance SET digest = %s WHERE page_id = %s", digest, page.pk)
    ((fault),) = find_gate_faults()[1]
    assert fault["page"] == page.pk and "site_beta" in fault["problem"]


def test_a_clearance_given_here_whose_decisions_say_otherwise_is_named(merge):
    page = factories.live_article()
    with triggers_asleep("review_decision"):
        run("UPDATE review_decision SET digest = '3:' || repeat('0', 64) WHERE page_id = %s", page.pk)
    ((fault),) = find_gate_faults()[1]
    assert fault["page"] == page.pk and "审查意见" in fault["problem"]


def test_it_needs_the_source_for_nothing(merge):
    with as_owner():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("ALTER SCHEMA site_beta RENAME TO site_gone")
    assert find_gate_faults()[1] == []


def test_what_is_published_anew_needs_no_proof(merge):
    page = brought("links-moved")
    page.summary = "改过的摘要"
    page.save_revision(user=factories.user("alpha_editor"))
    page = factories.publish(type(page).objects.get(pk=page.pk))
    clearance = Clearance.objects.get(page_id=page.pk, status="valid")
    assert transfers_of(clearance) == [] and find_gate_faults()[1] == []


# --- a merge of a merge -------------------------------------------------------------------------------------


def test_a_merge_of_a_merge_is_traced_back_step_by_step(merge):
    """All of alpha, with what came from beta, goes on into a third place: here beta itself, as a site of its own."""
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'confirmed'")
    alpha, beta = get_tenant("alpha"), get_tenant("beta")
    application = SiteApplication.objects.get(pk=merge.application_id)
    SiteApplication.objects.filter(pk=application.pk).update(tenant=beta, ended_at="2026-11-01T00:00Z")
    values = SiteApplication.objects.filter(pk=application.pk).values().get()
    del values["id"]
    second = SiteApplication.objects.create(**{**values, "tenant_id": alpha.pk, "into_id": beta.pk, "ended_at": None})
    Tenant.objects.filter(pk=alpha.pk).update(status="retiring")
    carrying = Carrying(begin(second, factor=100), factor=100, mark="-again")
    carrying.everything()
    with tenant_context(beta):
        assert find_gate_faults()[1] == []
        page = Page.objects.get(slug="employment-meeting-moved-again").specific
        clearance = Clearance.objects.get(page_id=page.pk, status="valid")
        first, then = transfers_of(clearance)
        assert (first.source_schema, then.source_schema) == ("site_beta", "site_alpha")
        assert first.source_digest == digest_decided_on(clearance) != then.source_digest
        assert transfer_faults(clearance, page, referred_files(page)) == []
        assert sheet_of_page(page.pk).signatures[0].entry
        with triggers_asleep("review_transferredclearance"):
            run("DELETE FROM review_transferredclearance WHERE id = %s", first.pk)
        assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]


# --- digests of earlier releases ---------------------------------------------------------------------------


def test_what_was_signed_by_an_earlier_release_is_traced_back_to_that(db, old_digests):
    with old_digests():
        application = publish_on_beta()
    with tenant_context(get_tenant("beta")):
        assert all(len(digest) == 64 for digest in Clearance.objects.values_list("digest", flat=True))
    carrying = Carrying(begin(SiteApplication.objects.get(pk=application)))
    carrying.everything()
    with tenant_context(carrying.destination):
        assert find_gate_faults()[1] == []
        page = brought("employment-meeting-moved")
        assert (
            page_digest(page).startswith("3:") and len(digest_decided_on(Clearance.objects.get(page_id=page.pk))) == 64
        )
        with triggers_asleep("review_transferredclearance"):
            run("UPDATE review_transferredclearance SET source_parent_id = source_parent_id + 1")
        assert page.pk in [fault["page"] for fault in find_gate_faults()[1]]


# --- what else reads what was signed -------------------------------------------------------------------------


def test_the_sheet_names_the_rows_of_the_chain_where_it_was_signed(merge):
    page = brought("employment-meeting-moved")
    sheet = sheet_of_page(page.pk)
    with tenant_context(merge.source):
        there = sheet_of_page(page.pk - SHIFTS[PAGE])
    assert [signature.entry for signature in sheet.signatures] == [signature.entry for signature in there.signatures]
    assert all(signature.entry for signature in sheet.signatures) and len(sheet.signatures) == 2
    number = int(sheet.signatures[0].entry.split(":")[0])
    assert Entry.objects.get(chain="site_beta", number=number).detail["digest"] == sheet.digest == there.digest
    assert any("随网站并入" in line and "site_beta" in line for line in sheet.later)
    assert not there.later


def test_the_record_s_files_are_those_of_this_site(merge):
    page = brought("employment-meeting-moved")
    clearance = Clearance.objects.get(page_id=page.pk)
    shown = {(str(file.kind), file.object_id, file.sm3) for file in referred_files(page)}
    assert {(file["kind"], file["id"], file["sm3"]) for file in scanned_files(clearance)} == shown
    assert {file["id"] for file in clearance.record["scan"]["files"]} != {
        file["id"] for file in scanned_files(clearance)
    }


def test_citizens_get_the_files_as_they_were_cleared(merge, citizen):
    page = brought("employment-meeting-moved")
    documents = [file for file in referred_files(page) if file.kind == "document"]
    assert documents
    from sites.media.models import SiteDocument

    for file in documents:
        address = SiteDocument.objects.get(pk=file.object_id).url
        answer = citizen("alpha").get(address)
        connection.set_tenant(merge.destination)
        assert answer.status_code == 200, address
    answer = citizen("alpha").get(page.url_path.removeprefix("/home"))
    connection.set_tenant(merge.destination)
    assert answer.status_code == 200


def test_the_scan_that_came_along_counts(merge):
    page = brought("employment-meeting-moved")
    clearance = Clearance.objects.get(page_id=page.pk)
    assert current_scan(page) == clearance.scan
    before = set(Scan.objects.values_list("pk", flat=True))
    run_ = walk(request_rescan(acting_user=factories.user("alpha_secret")))
    assert run_.state == "done" and run_.failed == 0
    made = Scan.objects.exclude(pk__in=before)
    assert not [scan for scan in made if scan.page_id > SHIFTS[PAGE]]
    assert not RescanFinding.objects.filter(page_id__gt=SHIFTS[PAGE]).exists()


def test_nothing_of_it_is_structural(merge):
    assert TransferredClearance.objects.count() == Clearance.objects.filter(transfers__isnull=False).count() > 0
    assert not any(is_structural(one.clearance.page) for one in TransferredClearance.objects.all())
