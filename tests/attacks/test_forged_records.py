"""Rows written past the actions: refused by the database, whoever writes them."""

import pytest
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.audit.models import Entry
from govplatform.review.gate.digest import stored_sm3
from govplatform.review.models import Clearance, ClearedFile, Decision, Withdrawal
from govplatform.review.queries import find_gate_faults
from sites.articles.models import Article
from tests.factories import approve, document, draft_article, image, submit, user

from .conftest import execute, is_live, refused, triggers_asleep


def forged_decision(page, step: str, reviewer: str, **fields) -> Decision:
    values = {
        "page_id": page.pk, "revision": page.latest_revision, "step": step, "verdict": "approved", "opinion": "x",
        "digest": "0" * 64, "reviewer": user(reviewer), "reviewer_name": reviewer, "rule_pack": "x",
        "decided_at": timezone.now(), **fields,
    }  # fmt: skip
    return Decision.objects.create(**values)


def clear(page, content: Decision, secret: Decision, **fields) -> Clearance:
    values = {
        "page_id": page.pk, "revision": page.latest_revision, "digest": content.digest, "content_decision": content,
        "confidentiality_decision": secret, "rule_pack": "x", "granted_at": timezone.now(), **fields,
    }  # fmt: skip
    return Clearance.objects.create(**values)


def test_a_decision_in_the_name_of_somebody_without_the_role(alpha):
    page = draft_article()
    for reviewer in ("alpha_editor2", "alpha_secret", "beta_content", "alpha_admin"):
        with refused("does not hold the role"):
            forged_decision(page, "content", reviewer)


def test_a_decision_in_the_name_of_a_co_editor(alpha):
    page = draft_article()
    page.save_revision(user=user("alpha_content"))
    page.refresh_from_db()
    with refused("had a hand"):
        forged_decision(page, "content", "alpha_content")


def test_a_decision_on_another_page_s_revision(alpha):
    page, other = draft_article(), draft_article()
    with refused("not one of page"):
        forged_decision(page, "content", "alpha_content", revision=other.latest_revision)


def test_a_clearance_from_forged_decisions(alpha):
    page = draft_article()
    content = forged_decision(page, "content", "alpha_content")
    secret = forged_decision(page, "confidentiality", "alpha_secret")
    with refused("audit chain"):
        clear(page, content, secret)
    assert not is_live(page)


def test_a_clearance_from_one_decision(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    content = Decision.objects.get(page_id=page.pk)
    with refused("two approvals"):
        clear(page, content, content)


def test_a_clearance_by_raw_sql(alpha):
    page = draft_article()
    with refused():
        execute(
            "INSERT INTO review_clearance (page_id, revision_id, digest, content_decision_id,"
            " confidentiality_decision_id, status, rule_pack, granted_at)"
            " VALUES (%s, %s, 'x', 1, 2, 'valid', 'x', now())",
            [page.pk, page.latest_revision_id],
        )


@pytest.mark.parametrize("table", ["review_decision", "review_clearance", "review_withdrawal", "review_clearedfile"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_records_are_neither_changed_nor_deleted(alpha, live, table, statement):
    page = live("paper")
    Withdrawal.objects.create(
        page_id=page.pk, reason="x", withdrawn_by=user("alpha_content"), withdrawn_at=timezone.now()
    )
    assert ClearedFile.objects.filter(clearance__page_id=page.pk).exists()
    with refused():
        execute(statement.format(table))


@pytest.mark.parametrize("kind", ["document", "image"])
def test_a_file_that_nobody_reviewed_does_not_enter_a_clearance(alpha, live, kind):
    """One row would be enough to have citizens download the attachment of a draft."""
    clearance = Clearance.objects.get(page_id=live("paper").pk)
    secret = document(b"not for the public") if kind == "document" else image("草图")
    sm3 = stored_sm3(secret.file.storage, secret.file.name)
    values = [clearance.pk, kind, secret.pk, secret.file.name, sm3]
    with refused("not cleared with it"):
        execute(
            "INSERT INTO review_clearedfile (clearance_id, kind, object_id, name, sm3) VALUES (%s, %s, %s, %s, %s)",
            values,
        )
    with refused("not cleared with it"):
        ClearedFile.objects.create(clearance=clearance, kind=kind, object_id=secret.pk, name=secret.file.name, sm3=sm3)
    assert find_gate_faults()[1] == []


def test_a_file_that_got_into_a_clearance_all_the_same_is_named(alpha, live):
    page, secret = live("paper"), document(b"not for the public")
    clearance = Clearance.objects.get(page_id=page.pk)
    with triggers_asleep("review_clearedfile"):
        execute(
            "INSERT INTO review_clearedfile (clearance_id, kind, object_id, name, sm3) VALUES (%s, %s, %s, %s, %s)",
            [clearance.pk, "document", secret.pk, secret.file.name, stored_sm3(secret.file.storage, secret.file.name)],
        )
    ((fault),) = find_gate_faults()[1]
    assert fault["page"] == page.pk and f"document {secret.pk}" in fault["problem"]


@pytest.mark.parametrize("statement", ["UPDATE {} SET act = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_audit_is_neither_changed_nor_deleted(alpha, live, statement):
    assert Entry.objects.filter(chain=alpha.schema_name).exists()
    with refused():
        execute(statement.format("public.audit_entry"))


def test_an_ended_clearance_does_not_begin_again(alpha, live):
    page = live("article")
    clearance = Clearance.objects.get(page_id=page.pk)
    Clearance.objects.filter(pk=clearance.pk).update(status="revoked")
    with refused("may only end"):
        Clearance.objects.filter(pk=clearance.pk).update(status="valid")


def test_the_author_of_a_revision_does_not_change(alpha):
    page = draft_article()
    with refused("author"):
        page.revisions.update(user=user("alpha_editor2"))
    with refused("author"):
        page.revisions.update(user=None)


# --- publish time -------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [-1, 1])
def test_a_publish_time_forged_before_publishing(alpha, years):
    page = draft_article()
    with refused("publish time"):
        Article.objects.filter(pk=page.pk).update(
            first_published_at=timezone.now() + timezone.timedelta(days=365 * years)
        )


def test_a_publish_time_forged_after_publishing(alpha, live):
    page = live("article")
    with refused("immutable"):
        Article.objects.filter(pk=page.pk).update(first_published_at=timezone.now() - timezone.timedelta(days=1))
    with refused("immutable"):
        execute("UPDATE wagtailcore_page SET first_published_at = NULL WHERE id = %s", [page.pk])


def test_a_publish_time_forged_in_the_revision(alpha):
    page = draft_article()
    forged = timezone.now() - timezone.timedelta(days=700)
    page.first_published_at = page.last_published_at = forged
    page.save_revision(user=user("alpha_editor"))
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    assert Page.objects.get(pk=page.pk).first_published_at.year == timezone.now().year


def test_a_clearance_dated_back(alpha):
    page = draft_article()
    submit(page)
    approve(page, "alpha_content")
    content = Decision.objects.get(page_id=page.pk)
    secret = forged_decision(page, "confidentiality", "alpha_secret", digest=content.digest)
    with refused("dated"):
        clear(page, content, secret, granted_at=timezone.now() - timezone.timedelta(days=30))


# --- taking down and deleting ----------------------------------------------------------------------


def test_a_live_page_is_not_taken_down_without_a_reason(alpha, live, console):
    page = live("article")
    client = console("alpha_editor", "alpha")
    client.post(f"/admin/pages/{page.pk}/unpublish/", {"include_descendants": ""})
    with refused("理由"):
        page.unpublish()
    page = Article.objects.get(pk=page.pk)
    with refused("理由"):
        UnpublishPageAction(page, user=user("alpha_admin")).execute(skip_permission_checks=True)
    with refused("without a withdrawal"):
        Page.objects.filter(pk=page.pk).update(live=False)
    with refused("without a withdrawal"):
        execute("UPDATE wagtailcore_page SET live = false, expired = true, expire_at = now() WHERE id = %s", [page.pk])
    assert is_live(page)


def test_a_live_page_does_not_expire_at_a_time_nobody_cleared(alpha, live):
    page = live("article")
    with refused("another time"):
        Page.objects.filter(pk=page.pk).update(expire_at=timezone.now())


def test_a_live_page_is_not_deleted(alpha, live, console):
    page = live("article")
    for who in ("alpha_editor", "alpha_admin", "alpha_content"):
        console(who, "alpha").post(f"/admin/pages/{page.pk}/delete/", {"confirm_site_name": "x"})
    with refused("不能删除"):
        page.delete()
    for delete in (
        Article.objects.filter(pk=page.pk).delete,
        Page.objects.filter(pk=page.pk).delete,
        page.get_parent().delete,
        lambda: execute("DELETE FROM wagtailcore_page WHERE id = %s", [page.pk]),
    ):
        with pytest.raises((models.ProtectedError, DatabaseError)), transaction.atomic():
            delete()
    assert is_live(page)
    execute("DELETE FROM articles_article WHERE page_ptr_id = %s", [page.pk])
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]


# --- people ------------------------------------------------------------------------------------------


def test_nobody_becomes_superuser(alpha):
    with refused("nobody_is_superuser"):
        User.objects.filter(username="alpha_editor").update(is_superuser=True)
    with refused("nobody_is_superuser"):
        execute("UPDATE public.accounts_user SET is_superuser = true")


def test_a_group_is_not_handed_out_past_the_memberships(alpha):
    from django.contrib.auth.models import Group

    with refused():
        user("outsider").groups.add(Group.objects.get(name="site-admin"))
    with refused("permission denied"):
        execute("UPDATE auth_group SET name = 'x' WHERE name = 'editor'")
    with refused("permission denied"):
        execute("INSERT INTO auth_group_permissions (group_id, permission_id) SELECT g.id, p.id FROM auth_group g,"
                " auth_permission p ON CONFLICT DO NOTHING")  # fmt: skip


def test_a_forged_link_of_the_audit_chain(alpha, live):
    last = Entry.objects.filter(chain=alpha.schema_name).order_by("-number").first()
    for number, previous in ((last.number + 2, last.hash), (last.number + 1, "0" * 64), (1, "0" * 64)):
        with refused():
            Entry.objects.create(
                chain=alpha.schema_name, number=number, at=timezone.now(), act="x", actor_name="x",
                previous_hash=previous, hash="0" * 64,
            )  # fmt: skip
