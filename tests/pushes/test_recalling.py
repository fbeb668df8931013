"""A recall: gone at once, everywhere, with a receipt from each site that was really asked."""

import pytest
from django_tenants.utils import tenant_context
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import ReferenceIndex

from content_library.distribution.models import Recall, RecallReceipt
from content_library.distribution.pushes.actions import push_resource
from content_library.distribution.queries import recall_status
from content_library.distribution.recalls import actions, taking_down
from content_library.distribution.recalls.actions import recall_resource
from content_library.distribution.recalls.asking import ask
from content_library.distribution.recalls.taking_down import take_down_receipts
from content_library.models import Repost, Resource
from govplatform.consequences.models import Consequence
from govplatform.refusals import Refused
from govplatform.review.models import Withdrawal
from govplatform.review.submission.actions import withdraw_page
from govplatform.review.submission.schedule import expire_page
from tests import factories
from tests.reposts.conftest import corrected_at, live_at, record_of, reposted_at
from tests.statements import Statements

from .conftest import deliver_all, set_status, take_down_all, target_of

REASON = "数据有误，须重新核实。"


def recalled(resource, who="alpha_content"):
    return recall_resource(resource, acting_user=factories.user(who), reason=REASON)


def test_every_address_answers_410_at_the_next_request(beta, live, citizen):
    resource, page = live.resource("mirror_source"), live("mirror", "beta")
    path, file = record_of(page).path, live.file("mirror_source")
    attachment = f"/library/files/{file.blob_id}/{file.name}"
    source = resource.url.split(".localhost", 1)[1].split("/", 1)[1]
    assert [citizen("beta").get(path).status_code, citizen("beta").get(attachment).status_code] == [200, 200]
    recalled(resource)
    assert [citizen("beta").get(path).status_code, citizen("beta").get(attachment).status_code] == [410, 410]
    assert citizen("alpha").get(f"/{source}").status_code == 410


def test_receipts_name_page_and_attachment_of_each_site(beta, live):
    source, resource, page = live("mirror_source"), live.resource("mirror_source"), live("mirror", "beta")
    path = record_of(page).path
    recall = recalled(resource)
    assert recall_status(resource)["complete"] is False
    assert take_down_all(recall) == 2
    told = recall_status(resource)
    assert told["complete"] is True
    by_site = {row["site"]: row for row in told["receipts"]}
    assert set(by_site) == {"alpha", "beta"} and all(row["at"] for row in told["receipts"])
    assert by_site["beta"]["addresses"][0] == path and "/library/files/" in by_site["beta"]["addresses"][1]
    assert by_site["alpha"]["addresses"][0].endswith(f"/{source.slug}/")
    assert by_site["alpha"]["addresses"][1].startswith("/documents/")
    with tenant_context(beta):
        page.refresh_from_db()
        assert not page.live
        assert Withdrawal.objects.get(page_id=page.pk).reason == REASON
    recall.refresh_from_db()
    assert recall.ended_at is not None


def test_a_receipt_is_confirmed_by_asking_alone(beta, live, monkeypatch):
    resource = live.resource("mirror_source")
    monkeypatch.setattr("content_library.distribution.recalls.taking_down.ask", lambda tenant, path: 200)
    recall = recalled(resource)
    take_down_all(recall)
    receipt = RecallReceipt.objects.get(recall=recall, tenant=beta)
    assert (receipt.state, receipt.attempts) == ("failed", 1)
    assert receipt.still_served == receipt.addresses and "200" in receipt.problem
    first_wait = receipt.next_at
    take_down_all(recall)
    receipt.refresh_from_db()
    assert receipt.attempts == 2 and receipt.next_at > first_wait
    monkeypatch.undo()
    take_down_all(recall)
    assert recall_status(resource)["complete"] is True


def test_a_receipt_takes_few_statements_and_asks_nothing_of_the_index(beta, live):
    """A thousand sites follow each other: what is true of all of them is not asked for, or queued, at each."""
    resource, page = live.resource("mirror_source"), live("mirror", "beta")
    recall = recalled(resource)
    with tenant_context(beta):
        before = list(ReferenceIndex.get_references_for_object(page).order_by("pk").values_list("pk", "to_object_id"))
    at_beta = recall.receipts.get(tenant=beta)
    with Statements() as statements:
        assert take_down_receipts([at_beta.pk]) == 1
    assert len(statements) <= 82, len(statements)
    # The document went with the source's withdrawal. A place that goes by itself is told to it.
    assert not _to_be_found("site_beta")
    assert _to_be_found(resource.tenant.schema_name)
    with tenant_context(beta):
        stored = type(page).objects.get(pk=page.pk)
        assert (stored.live, stored.live_revision_id, stored.has_unpublished_changes) == (False, None, True)
        assert (stored.version, stored.title) == (page.version, page.title)
        after = list(ReferenceIndex.get_references_for_object(page).order_by("pk").values_list("pk", "to_object_id"))
    assert after == before


def test_a_repost_that_is_withdrawn_by_itself_is_told_to_the_index(beta, live):
    page = live("mirror", "beta")
    with tenant_context(beta):
        withdraw_page(page, acting_user=factories.user("beta_content"), reason="本站不再转载。")
    assert _to_be_found("site_beta") == [{"resource_id": record_of(page).resource_id}]


def _to_be_found(schema):
    rows = Consequence.objects.filter(schema=schema, event__in=["PageWithdrawn", "ResourceWithdrawn"])
    return list(rows.filter(line="index_resource").values_list("arguments", flat=True))


def test_what_fails_on_one_site_does_not_stop_the_others(beta, live, monkeypatch):
    from sites.reposts.registered import SiteReposter

    resource = live.resource("mirror_source")

    def broken(self, repost, *, reason, acting_user=None):
        raise LookupError("broken")

    monkeypatch.setattr(SiteReposter, "take_down", broken)
    recall = recalled(resource)
    assert take_down_all(recall) == 1
    assert RecallReceipt.objects.get(recall=recall, tenant=beta).state == "failed"


def test_a_second_process_begins_with_the_last_site_and_neither_does_a_site_twice(beta, live, monkeypatch):
    resource = live.resource("mirror_source")
    monkeypatch.setattr(actions, "BATCH", 1)
    recall = recalled(resource)
    ids = list(recall.receipts.order_by("pk").values_list("pk", flat=True))
    assert len(ids) == 2
    assert _queued("urgent", "take_down_batch") == [[ids[0]], [ids[1]]]
    assert _queued("deliveries", "help_taking_down") == [[ids[1]]]
    done, one = list[int](), taking_down._one

    def meet(receipt):
        """While this process is at the last site, the other one comes to the first."""
        done.append(receipt.pk)
        one(receipt)
        if len(done) == 1:
            assert take_down_receipts(ids) == 1

    monkeypatch.setattr(taking_down, "_one", meet)
    assert take_down_receipts(ids[::-1]) == 2
    assert done == ids[::-1]
    assert recall_status(resource)["complete"] is True


def _queued(queue, task):
    """The receipts of each waiting job of that name in the queue, in the order of their turns."""
    jobs = ProcrastinateJob.objects.filter(queue_name=queue, status="todo").order_by("-priority", "pk")
    return [job.args["kwargs"]["receipt_ids"] for job in jobs if job.args["task_path"].endswith(task)]


@pytest.mark.parametrize("username", ["alpha_editor", "beta_content", "alpha_secret", "outsider"])
def test_only_the_source_and_supervisors_recall(beta, live, username):
    resource = live.resource("article")
    with pytest.raises(Refused):
        recalled(resource, username)
    assert not Recall.objects.exists()


def test_a_supervisor_recalls_with_a_withdrawal_at_once(beta, live):
    page, resource = live("article"), live.resource("article")
    recall = recalled(resource, "supervisor")
    with tenant_context(resource.tenant):
        assert Withdrawal.objects.get(page_id=page.pk).break_glass
    assert recall.requested_by.username == "supervisor"


def test_a_reason_is_needed_and_twice_is_refused(beta, live):
    resource = live.resource("article")
    with pytest.raises(Refused):
        recall_resource(resource, acting_user=factories.user("alpha_content"), reason="  ")
    recalled(resource)
    with pytest.raises(Refused) as refusal:
        recalled(Resource.objects.get(pk=resource.pk))
    assert "已经撤回" in str(refusal.value)


def test_an_ordinary_withdrawal_opens_a_recall(beta, live):
    page, resource = live("mirror_source"), live.resource("mirror_source")
    with tenant_context(resource.tenant):
        withdraw_page(page, acting_user=factories.user("alpha_secret"), reason="撤回测试")
    recall = Recall.objects.get()
    assert recall.reason == "撤回测试" and recall.receipts.count() == 2
    take_down_all(recall)
    assert recall_status(resource)["complete"] is True


def test_expiry_opens_a_recall(beta, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    page, resource = live_at("alpha", expire_at=timezone.now() + timedelta(hours=5))
    reposted_at("beta", resource)
    later = timezone.now() + timedelta(hours=6)
    with tenant_context(resource.tenant), monkeypatch.context() as clock:
        clock.setattr("django.utils.timezone.now", lambda: later)
        expire_page(type(page).objects.get(pk=page.pk))
    recall = Recall.objects.get()
    assert recall.requested_by is None
    take_down_all(recall)
    assert recall_status(resource)["complete"] is True


def test_a_draft_under_review_ends_too(beta, live):
    resource = live.resource("article")
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(push)
    recall = recalled(resource)
    take_down_all(recall)
    receipt = RecallReceipt.objects.get(recall=recall, tenant=beta)
    assert (receipt.state, receipt.addresses) == ("confirmed", [])
    assert Repost.objects.get(tenant=beta, resource=resource).state == "withdrawn"
    from content_library.distribution.queries import push_status

    row = push_status(resource)["targets"][0]
    assert (row["state"], row["late"]) == ("withdrawn", False)


def test_an_offline_site_is_asked_again_when_it_is_back(beta, live):
    resource = live.resource("mirror_source")
    set_status("beta", "offline")
    recall = recalled(resource)
    take_down_all(recall)
    assert RecallReceipt.objects.get(recall=recall, tenant=beta).state == "offline"
    assert recall_status(resource)["complete"] is False
    set_status("beta", "live")
    take_down_all(recall)
    assert recall_status(resource)["complete"] is True


def test_reposts_live_on_when_the_source_site_is_retired(beta, live, citizen):
    page = live("mirror", "beta")
    set_status("alpha", "retired")
    assert citizen("beta").get(record_of(page).path).status_code == 200
    assert not Recall.objects.exists()


def test_a_correction_after_the_recall_is_refused_and_one_before_it_goes_with_it(beta, live, citizen):
    page, resource = live("mirror_source"), live.resource("mirror_source")
    mirror = live("mirror", "beta")
    path = record_of(mirror).path
    resource = corrected_at("alpha", page, title="更正后的标题")
    assert "更正后的标题" in citizen("beta").get(path).content.decode()
    recall = recalled(resource)
    assert citizen("beta").get(path).status_code == 410
    take_down_all(recall)
    assert citizen("beta").get(path).status_code == 410


def test_a_source_that_is_published_again_ends_the_recall(beta, live):
    page, resource = live("mirror_source"), live.resource("mirror_source")
    recall = recalled(resource)
    corrected_at("alpha", page, title="核实之后的标题")
    recall.refresh_from_db()
    assert recall.restored and recall_status(resource)["complete"] is False
    assert take_down_all(recall) == 0


def test_a_file_that_another_live_page_shows_keeps_its_address(beta, live):
    from content_library.models import ResourceFile

    resource = live.resource("mirror_source")
    _page, other = live_at("alpha", body=live("mirror_source").body)
    reposted_at("beta", other)
    recall = recalled(resource)
    take_down_all(recall)
    receipt = RecallReceipt.objects.get(recall=recall, tenant=beta)
    assert receipt.state == "confirmed" and len(receipt.addresses) == 1
    file = ResourceFile.objects.filter(version__resource=other).first()
    assert ask(beta, f"/library/files/{file.blob_id}/{file.name}") == 200


def test_a_push_of_what_was_recalled_is_refused(beta, live):
    resource = live.resource("article")
    recalled(resource)
    resource = Resource.objects.get(pk=resource.pk)
    with pytest.raises(Refused):
        push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))


def test_target_of_is_gone_from_the_reminders(beta, live):
    from datetime import timedelta

    from django.utils import timezone

    from content_library.distribution.pushes.upkeep import remind

    resource = live.resource("article")
    push = push_resource(resource, selector="site=beta", acting_user=factories.user("alpha_content"))
    deliver_all(push)
    assert remind(timezone.now()) == 0
    later = timezone.now() + timedelta(hours=30)
    assert (remind(later), remind(later)) == (1, 0)
    assert target_of(push).notice.late
    take_down_all(recalled(resource))
    assert remind(later + timedelta(hours=30)) == 0
