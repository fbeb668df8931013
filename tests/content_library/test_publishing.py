"""先入库、再使用: publishing, correcting and withdrawing are seen in the library in the same transaction."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from content_library.models import Blob, Change, Resource, ResourceVersion
from content_library.resources.blobs import open_blob
from content_library.signals import version_entered
from govplatform.audit.sm3 import sm3_hex
from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import expire_page, withdraw_page
from tests import factories

pytestmark = pytest.mark.django_db


def resource_of(page):
    return Resource.objects.select_related("current").get(page_id=page.pk)


def corrected(page, site="alpha", **changes):
    """The next revision of a live page, all the way to the public."""
    draft = type(page).objects.get(pk=page.pk)
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save_revision(user=factories.user(f"{site}_editor"))
    return factories.publish(type(page).objects.get(pk=page.pk), site)


def test_a_draft_has_no_index_number_and_is_in_no_library(alpha):
    page = factories.draft_article()
    assert page.index_number == ""
    assert not Resource.objects.exists()
    factories.submit(page)
    factories.approve(page, "alpha_content")
    assert not Resource.objects.exists()


def test_publishing_enters_the_library(alpha):
    page = factories.live_article(title="关于测试的信息", subject_class="05", keywords="测试")
    resource = resource_of(page)
    assert page.index_number == resource.number == f"5301000001/{timezone.localdate().year}-000001"
    assert (resource.tenant, resource.title, resource.kind) == (alpha, "关于测试的信息", "article")
    assert (resource.status, resource.subject_class, resource.level) == ("in_force", "05", "city")
    assert resource.url == page.full_url
    version = resource.current
    assert (version.number, version.revision_id) == (1, page.live_revision_id)
    assert version.metadata["subject_class"] == "05"
    assert version.metadata["index_number"] == page.index_number
    assert "测试正文" in version.html and "测试正文" in version.text and "<" not in version.text
    assert [change.act for change in Change.objects.filter(resource=resource)] == ["entered"]
    assert find_gate_faults() == (1, [])


def test_a_correction_is_a_new_version(alpha):
    page = factories.live_article(title="第一版")
    number = page.index_number
    page = corrected(page, title="第二版")
    resource = resource_of(page)
    assert page.index_number == number == resource.number
    assert (resource.current.number, resource.title, resource.status) == (2, "第二版", "corrected")
    assert [v.title for v in resource.versions.all()] == ["第一版", "第二版"]
    assert find_gate_faults() == (1, [])


def test_withdrawing_takes_the_resource_down_and_publishing_again_brings_it_back(alpha):
    page = factories.live_article()
    withdraw_page(page, acting_user=factories.user("alpha_content"), reason="有误")
    resource = resource_of(page)
    assert (resource.status, resource.status_reason) == ("withdrawn", "有误")
    page = corrected(page, title="更正后")
    resource = resource_of(page)
    assert (resource.status, resource.current.number) == ("corrected", 2)
    assert list(Change.objects.order_by("pk").values_list("act", flat=True)) == ["entered", "withdrawn", "corrected"]
    assert resource.number == page.index_number


def test_an_expired_page_is_withdrawn_in_the_library_too(alpha):
    page = factories.live_article(expire_at=timezone.now() + timedelta(minutes=5))
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(minutes=10)):
        expire_page(page.specific)
    assert resource_of(page).status == "withdrawn"


def test_a_schedule_enters_the_library_when_it_comes_due(alpha):
    from govplatform.review.tasks import publish_due_pages

    page = factories.draft_article(go_live_at=timezone.now() + timedelta(hours=1))
    page = factories.publish(page)
    assert page.index_number == "" and not Resource.objects.exists()
    page.revisions.update(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    content = page.latest_revision.content
    assert content["index_number"] == ""
    with mock.patch("django.utils.timezone.now", return_value=timezone.now() + timedelta(hours=2)):
        assert publish_due_pages() == 1
    page.refresh_from_db()
    assert resource_of(page).number == page.index_number != ""


def test_policy_status_follows_its_validity(alpha):
    page = factories.publish(factories.draft_policy(document_kind="notice"))
    assert resource_of(page).status == "in_force"
    page = corrected(page, validity="repealed")
    resource = resource_of(page)
    assert (resource.status, resource.document_kind, resource.current.number) == ("repealed", "notice", 2)


def test_an_interpretation_leads_to_its_policy_whichever_comes_first(alpha):
    policy = factories.draft_policy()
    interpretation = factories.draft_interpretation(policy)
    later = factories.draft_interpretation(policy)
    interpretation = factories.publish(interpretation)
    policy = factories.publish(policy)
    later = factories.publish(later)
    uuid = resource_of(policy).uuid
    assert resource_of(interpretation).interprets == uuid
    assert resource_of(later).interprets == uuid
    assert "<h2>背景依据</h2>" in resource_of(later).current.html


def test_files_are_stored_once_and_named_by_their_sm3(alpha):
    image = factories.image(uploader="alpha_editor")
    document = factories.document(b"the same bytes", uploader="alpha_editor")
    twin = factories.document(b"the same bytes", name="twin.txt", uploader="alpha_editor")
    body = [
        {"type": "image", "value": {"image": image.pk, "caption": "", "alt": "图", "decorative": False}},
        {"type": "attachment", "value": {"document": document.pk, "title": "附件一"}},
        {"type": "attachment", "value": {"document": twin.pk, "title": "附件二"}},
        {"type": "rich_text", "value": f'<p><a linktype="document" id="{document.pk}">下载</a></p>'},
    ]
    version = resource_of(factories.live_article(body=body)).current
    sm3 = sm3_hex(b"the same bytes")
    assert Blob.objects.filter(pk=sm3).count() == 1
    assert open_blob(sm3).read() == b"the same bytes"
    assert f'href="library:blob/{sm3}/{document.filename}"' in version.html
    assert "/media/" not in version.html and "/documents/" not in version.html
    assert "<svg" not in version.html
    kinds = sorted(version.files.values_list("kind", flat=True))
    assert kinds == ["document", "document", "image", "rendition", "rendition"]
    for name in version.files.filter(kind="rendition").values_list("blob_id", flat=True):
        assert f"library:blob/{name}/" in version.html


def test_links_to_pages_are_written_in_full(alpha):
    first = factories.live_article(slug="first")
    body = [{"type": "rich_text", "value": f'<p><a linktype="page" id="{first.pk}">见</a></p>'}]
    version = resource_of(factories.live_article(body=body)).current
    assert f'href="{first.full_url}"' in version.html


def test_not_for_repost_is_part_of_what_was_cleared(alpha):
    page = factories.live_article(repostable=False)
    assert resource_of(page).repostable is False
    assert find_gate_faults() == (1, [])
    type(page).objects.filter(pk=page.pk).update(repostable=True)
    assert len(find_gate_faults()[1]) == 1


def test_versions_numbers_and_resources_are_kept(alpha):
    page = factories.live_article()
    resource = resource_of(page)
    attempts = [
        lambda: ResourceVersion.objects.update(title="假"),
        lambda: ResourceVersion.objects.all().delete(),
        lambda: connection.cursor().execute("DELETE FROM public.content_library_resource"),
        lambda: Resource.objects.filter(pk=resource.pk).update(number="另一号"),
        lambda: type(page).objects.filter(pk=page.pk).update(index_number="另一号"),
        lambda: connection.cursor().execute("UPDATE public.content_library_indexseries SET last = 0"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_a_copied_page_gets_a_number_of_its_own(alpha):
    page = factories.live_article()
    copy = page.copy(
        update_attrs={"slug": "copied", "title": "副本"}, keep_live=False, user=factories.user("alpha_editor")
    )
    assert copy.index_number == ""
    copy = factories.publish(type(page).objects.get(pk=copy.pk), editor="alpha_editor2")
    assert copy.index_number and copy.index_number != page.index_number


def test_what_fails_in_the_library_is_not_published(alpha):
    page = factories.draft_article()
    factories.submit(page)
    factories.approve(page, "alpha_content")

    def fail(**_kwargs):
        raise RuntimeError

    version_entered.connect(fail)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            factories.approve(page, "alpha_secret")
    finally:
        version_entered.disconnect(fail)
    page = type(page).objects.get(pk=page.pk)
    assert not page.live and page.index_number == "" and not Resource.objects.exists()
    page = type(page).objects.get(pk=page.pk)
    factories.approve(page, "alpha_secret")
    assert type(page).objects.get(pk=page.pk).index_number.endswith("-000001")


def test_sites_do_not_see_into_each_other(site):
    from django_tenants.utils import tenant_context

    pages = {}
    for code in ("alpha", "beta"):
        with tenant_context(site(code)):
            pages[code] = factories.live_article(code, title=f"{code} 的信息")
    numbers = {code: page.index_number for code, page in pages.items()}
    assert numbers["alpha"].startswith("5301000001/") and numbers["beta"].startswith("5301210001/")
    assert Resource.objects.get(tenant=site("alpha")).title == "alpha 的信息"
    assert Resource.objects.get(tenant=site("beta")).number == numbers["beta"]
