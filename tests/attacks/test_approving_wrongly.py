"""An approval counts for what was seen, by somebody who had no hand in it."""

import pytest
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Page

from govplatform.accounts.actions import grant_role, revoke_role
from govplatform.accounts.models import Membership, User
from govplatform.review.models import Decision
from govplatform.review.queries import find_gate_faults
from govplatform.review.submission.actions import decide_review
from govplatform.review.tasks import publish_due_pages
from sites.media.models import SiteDocument
from tests.factories import approve, column, document, draft_article, image, live_article, submit, user

from .conftest import execute, is_live, past_the_gate, refused


def with_attachment(paper: SiteDocument) -> list[dict]:
    return [{"type": "attachment", "value": {"document": paper.pk, "title": ""}}]


def turn(username: str, alpha, role: str) -> User:
    """The person leaves every role on alpha and takes ``role``: yesterday's editor reviews today."""
    person = user(username)
    for membership in Membership.objects.filter(user=person, tenant=alpha):
        revoke_role(person, membership.role, tenant=alpha, acting_user=None)
    grant_role(person, role, tenant=alpha, acting_user=None)
    return user(username)


# --- edits around an approval ---------------------------------------------------------------


def test_an_edit_between_the_two_approvals(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    page.title = "审后换掉"
    page.save_revision(user=user("alpha_editor"))
    with refused():
        approve(page, "alpha_secret")
    assert not is_live(page)


def test_an_edit_through_the_form_during_review(alpha, console, edit_form):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    edit_form(console("alpha_editor", "alpha"), page, title="审后换掉")
    assert Page.objects.get(pk=page.pk).draft_title != "审后换掉"


def test_a_revision_overwritten_in_place_between_the_approvals(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    page.title = "审后换掉"
    with refused("stays as it is"):
        page.save_revision(user=user("alpha_editor"), overwrite_revision=page.latest_revision)
    with refused("stays as it is"):
        execute("UPDATE wagtailcore_revision SET content = content || '{\"title\": \"x\"}' WHERE id = %s",
                [page.latest_revision_id])  # fmt: skip


def test_an_edit_after_both_approvals_before_the_scheduled_time(alpha):
    page = draft_article(go_live_at=timezone.now() + timezone.timedelta(hours=1))
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    page = Page.objects.get(pk=page.pk).specific
    page.title, page.go_live_at = "审后换掉", None
    later = page.save_revision(user=user("alpha_editor"))
    later.approved_go_live_at = timezone.now()
    later.save()
    publish_due_pages()
    assert not is_live(page)
    assert Page.objects.get(pk=page.pk).title != "审后换掉"


def test_an_attachment_replaced_after_the_content_review(alpha):
    paper = document(b"seen")
    page = draft_article(body=with_attachment(paper))
    submit(page)
    approve(page, "alpha_content")
    with paper.file.storage.open(paper.file.name, "wb") as stream:
        stream.write(b"swapped")
    with refused("变化"):
        approve(page, "alpha_secret")


def test_an_attachment_renamed_after_the_content_review(alpha):
    paper = document(b"seen")
    page = draft_article(body=with_attachment(paper))
    submit(page)
    approve(page, "alpha_content")
    SiteDocument.objects.filter(pk=paper.pk).update(title="没有审过的话")
    with refused("变化"):
        approve(page, "alpha_secret")


def test_an_image_replaced_after_the_content_review(alpha):
    picture, other = image(), image(colour="red")
    page = draft_article(picture=picture)
    submit(page)
    approve(page, "alpha_content")
    picture.file = other.file.name
    picture.save()
    with refused("变化"):
        approve(page, "alpha_secret")


@pytest.mark.parametrize("kind", ["document", "image"])
def test_a_file_replaced_while_live_is_named_and_no_longer_served(alpha, citizen, kind):
    item, other = (document(b"cleared"), document(b"other")) if kind == "document" else (image(), image(colour="red"))
    fields = {"body": with_attachment(item)} if kind == "document" else {"picture": item}
    page = live_article(**fields)
    address = item.get_rendition("fill-800x450|format-jpeg").url if kind == "image" else item.url
    assert citizen("alpha").get(address).status_code == 200
    connection.set_tenant(alpha)
    past_the_gate("media_siteimage" if kind == "image" else "media_sitedocument", item, file=other.file.name)
    item.refresh_from_db()
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]
    assert citizen("alpha").get(address).status_code == 404
    connection.set_tenant(alpha)
    address = item.url if kind == "document" else item.get_rendition("fill-800x450|format-jpeg").url
    assert citizen("alpha").get(address).status_code == 404


def test_a_live_attachment_renamed_is_named_by_verify_gate(alpha):
    paper = document(b"cleared")
    page = live_article(body=with_attachment(paper))
    past_the_gate("media_sitedocument", paper, title="没有审过的话")
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]


# --- people -----------------------------------------------------------------------------------


def test_the_editor_of_an_earlier_revision_may_not_review(alpha):
    page = draft_article("alpha_editor2")
    page.save_revision(user=user("alpha_editor"))
    turn("alpha_editor2", alpha, "content-reviewer")
    submit(page)
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_the_editor_of_a_purged_revision_may_not_review(alpha):
    page = draft_article("alpha_editor")
    page.save_revision(user=user("alpha_editor2"), log_action=True)
    page.save_revision(user=user("alpha_editor"))
    page.revisions.filter(user=user("alpha_editor2")).delete()
    turn("alpha_editor2", alpha, "content-reviewer")
    submit(page)
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_the_uploader_of_an_image_may_not_review(alpha):
    page = draft_article(picture=image(uploader="alpha_editor2"))
    turn("alpha_editor2", alpha, "confidentiality-reviewer")
    submit(page)
    approve(page, "alpha_content")
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_who_exchanged_the_file_of_an_attachment_may_not_review(alpha, console):
    from wagtail.log_actions import log

    paper = document(uploader="alpha_editor")
    log(instance=paper, action="wagtail.edit", user=user("alpha_editor2"))
    page = draft_article(body=with_attachment(paper))
    turn("alpha_editor2", alpha, "content-reviewer")
    submit(page)
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_the_submitter_may_not_review(alpha):
    page = draft_article()
    submit(page, "alpha_editor2")
    turn("alpha_editor2", alpha, "content-reviewer")
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_an_earlier_submitter_may_not_review(alpha):
    page = draft_article()
    submit(page, "alpha_editor2")
    decide_review(page, acting_user=user("alpha_content"), approve=False, opinion="改。")
    submit(page, "alpha_editor")
    turn("alpha_editor2", alpha, "content-reviewer")
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_the_owner_may_not_review(alpha):
    page = draft_article(owner=user("alpha_editor2"))
    turn("alpha_editor2", alpha, "content-reviewer")
    submit(page)
    with refused("回避"):
        approve(page, "alpha_editor2")


def test_the_author_of_the_page_it_was_copied_from_may_not_review(alpha):
    original = draft_article("alpha_editor2")
    copy = original.copy(update_attrs={"slug": "copied"}, keep_live=False, user=user("alpha_editor"))
    turn("alpha_editor2", alpha, "content-reviewer")
    submit(copy)
    with refused("回避"):
        approve(copy, "alpha_editor2")


def test_one_person_may_not_take_both_steps(alpha):
    grant_role(user("alpha_content"), "confidentiality-reviewer", tenant=alpha, acting_user=None)
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    with refused("不同的人"):
        approve(page, "alpha_content")


def test_a_role_revoked_between_the_steps(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    revoke_role(user("alpha_secret"), "confidentiality-reviewer", tenant=alpha, acting_user=None)
    with refused("不能办理"):
        approve(page, "alpha_secret")


def test_an_account_closed_between_the_steps(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    User.objects.filter(username="alpha_secret").update(is_active=False)
    with refused("不能办理"):
        approve(page, "alpha_secret")


@pytest.mark.parametrize(
    "who", ["alpha_editor2", "alpha_admin", "alpha_auditor", "alpha_secret", "beta_content", "outsider"]
)
def test_nobody_without_the_role_takes_the_step(alpha, who):
    page = draft_article()
    submit(page)
    with refused("不能办理"):
        approve(page, who)


def test_approval_through_wagtail_s_workflow_view(alpha, console):
    page = draft_article()
    submit(page)
    step = page.current_workflow_task_state
    for who in ("alpha_content", "alpha_editor", "alpha_admin"):
        console(who, "alpha").post(f"/admin/pages/workflow/action/{page.pk}/approve/{step.pk}/", {"comment": "x"})
    assert not Decision.objects.filter(page_id=page.pk).exists()
    step.refresh_from_db()
    assert step.status == "in_progress"


def test_approval_of_the_task_state_itself(alpha):
    page = draft_article()
    submit(page)
    page.current_workflow_task_state.approve(user=user("alpha_content"))
    with refused("缺少审查环节"):
        Page.objects.get(pk=page.pk).current_workflow_task_state.approve(user=user("alpha_secret"))
    assert not is_live(page)


def test_two_decisions_at_once_are_one_and_a_refusal(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    with refused("刚由他人办结"), transaction.atomic():
        decide_review(page, acting_user=user("both_content"), approve=True, opinion="同意。", expected_step="content")


def test_a_column_s_draft_is_no_way_round(alpha):
    page = draft_article(column="notices")
    assert page.get_parent().pk == column("notices").pk
    assert not is_live(page)
