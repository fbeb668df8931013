"""Words that stand on every page past the review: names of columns and terms, the site's own record."""

import json

import pytest
from django.db import connection
from wagtail.models import Page

from content_library.vocabularies.models import Term
from govplatform.refusals import Refused
from govplatform.review.frame import scanning
from govplatform.review.frame.actions import confirm_words
from govplatform.review.frame.queries import find_frame_faults
from govplatform.review.models import FrameClearance, FrameProposal
from govplatform.tenancy.models import Tenant
from sites.columns.actions import change_column, create_column
from sites.columns.models import Column
from sites.home.models import HomePage
from tests import factories
from tests.review.frame.frame_cases import DOUBTFUL, SECRET, column_form, confirm, waiting

from .conftest import refused
from .public_home import public_home


@pytest.mark.parametrize("field", ["title", "description", "keywords"])
def test_a_secret_in_a_column_is_refused_beside_its_field(console, returning_citizen, field):
    column = factories.column()
    answer = console("alpha_admin", "alpha").post(
        f"/admin/pages/{column.pk}/edit/", column_form(column, **{field: SECRET})
    )
    assert answer.status_code == 200
    assert "机密" in str(answer.context["form"].errors[field])
    assert waiting(column) is None
    assert getattr(factories.column(), field) == getattr(column, field)
    assert "13800138000" not in public_home(returning_citizen)


def test_a_secret_in_the_home_page_s_title_is_refused(console, returning_citizen):
    home = HomePage.objects.get()
    form = {**column_form(factories.column()), "title": SECRET, "headline_page": "", "address_style": "date"}
    answer = console("alpha_admin", "alpha").post(f"/admin/pages/{home.pk}/edit/", form)
    assert "title" in answer.context["form"].errors
    assert HomePage.objects.get().title == home.title


def test_a_plain_new_title_is_not_public_before_it_is_confirmed(console, returning_citizen):
    column = factories.column()
    answer = console("alpha_admin", "alpha").post(
        f"/admin/pages/{column.pk}/edit/", column_form(column, title="要闻动态", update_limit_days="9")
    )
    assert answer.status_code == 302, answer.context["form"].errors
    assert "要闻动态" not in public_home(returning_citizen)
    # What is no text takes effect at once.
    assert factories.column().update_limit_days == 9
    confirm(waiting(column))
    assert "要闻动态" in public_home(returning_citizen)
    assert find_frame_faults(connection.tenant) == []


def test_a_new_column_is_not_public_before_it_is_confirmed(console, returning_citizen):
    home = HomePage.objects.get()
    form = column_form(Column(title="便民公告", slug="bianmin", column_type="news", update_duty="adhoc"))
    answer = console("alpha_admin", "alpha").post(f"/admin/pages/add/columns/column/{home.pk}/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    column = Column.objects.get(slug="bianmin")
    assert not column.live
    assert returning_citizen("alpha").get("/bianmin/").status_code == 404
    confirm(waiting(column))
    assert returning_citizen("alpha").get("/bianmin/").status_code == 200
    assert "便民公告" in public_home(returning_citizen)


def test_a_new_column_with_a_secret_is_refused_and_nothing_is_made(console):
    home = HomePage.objects.get()
    form = column_form(Column(title=SECRET, slug="bianmin", column_type="news", update_duty="adhoc"))
    answer = console("alpha_admin", "alpha").post(f"/admin/pages/add/columns/column/{home.pk}/", form)
    assert "title" in answer.context["form"].errors
    assert not Column.objects.filter(slug="bianmin").exists()


@pytest.mark.parametrize("who", ["alpha_admin", "alpha_editor", "alpha_secret", "operator", "supervisor", "outsider"])
def test_nobody_but_another_content_reviewer_confirms(alpha, who):
    column = factories.column()
    change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
    with refused():
        confirm(waiting(column), who)
    assert factories.column().title == column.title


def test_the_proposer_does_not_confirm_with_the_reviewer_s_role_either(alpha):
    column = factories.column()
    admin, reviewer = factories.user("alpha_admin"), factories.user("alpha_content")
    change_column(column, acting_user=admin, title="要闻动态")
    # As though this person had been the administrator when it was proposed.
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
        cursor.execute("RESET ROLE; SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE review_frameproposal DISABLE TRIGGER USER")
        cursor.execute("UPDATE review_frameproposal SET proposed_by_id = %s", [reviewer.pk])
        cursor.execute(f'ALTER TABLE review_frameproposal ENABLE TRIGGER USER; SET ROLE "{role}"')
    with pytest.raises(Refused, match="不能自己确认"):
        confirm(waiting(column))
    with refused("frame_confirmed_by_another"):
        FrameProposal.objects.filter(object_id=column.pk).update(state="confirmed", decided_by=reviewer)


def test_the_console_does_not_let_the_proposer_confirm(console):
    column = factories.column()
    change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
    proposal = waiting(column)
    answer = console("alpha_admin", "alpha").post(
        f"/admin/frame-texts/{proposal.pk}/", {"act": "confirm", "digest": proposal.digest, "opinion": "同意。"}
    )
    assert answer.status_code == 400
    assert "不能自己确认" in answer.content.decode()
    assert factories.column().title == column.title


def test_words_written_past_the_application_are_named(alpha):
    column = factories.column()
    Page.objects.filter(pk=column.pk).update(title=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE columns_column SET keywords = 'x' WHERE page_ptr_id = %s", [column.pk])
    [fault] = find_frame_faults(alpha)
    assert fault["object"] == f"columns.column:{column.pk}"
    assert fault["fields"] == ["title", "keywords"]


def test_words_from_behind_the_application_are_not_cleared_along_with_others(alpha):
    column = factories.column()
    Page.objects.filter(pk=column.pk).update(title=SECRET)
    for who in (None, factories.user("alpha_admin")):
        with pytest.raises(Refused, match="机密"):
            change_column(factories.column(), acting_user=who, keywords="要闻")
    Page.objects.filter(pk=column.pk).update(title="要闻")
    change_column(factories.column(), acting_user=factories.user("alpha_admin"), keywords="要闻")
    assert set(waiting(column).after) == {"title", "keywords"}


def test_a_column_made_past_the_application_is_named(alpha):
    column = create_column("gonggao", title="公告", column_type="news", acting_user=factories.user("alpha_admin"))
    Page.objects.filter(pk=column.pk).update(live=True)
    [fault] = find_frame_faults(alpha)
    assert (fault["page"], fault["problem"]) == (column.pk, "文字从未经过确认")


def test_verify_gate_names_site_object_and_field(verb):
    from django_tenants.utils import schema_context

    with schema_context("site_alpha"):
        Page.objects.filter(slug="news", depth=3).update(title=SECRET)
    Tenant.objects.filter(code="alpha").update(contact=SECRET)
    Term.objects.filter(vocabulary="subject", code="02").update(label=SECRET)
    answer = verb("verify_gate", "--json")
    assert answer.returncode == 1
    named = {(f["site"], f["object"].split(":")[0], *f["fields"]) for f in json.loads(answer.stdout)["faults"]}
    assert named == {
        ("alpha", "columns.column", "title"),
        ("alpha", "tenancy.tenant", "contact"),
        (None, "vocabularies.term", "label"),
    }


# --- by other doors -----------------------------------------------------------------------


def test_saving_a_column_with_other_words_is_refused(alpha):
    column = factories.column()
    column.title = "要闻动态"
    with refused("第二人确认"):
        column.save()
    with refused("第二人确认"):
        column.save(clean=False)
    with refused("第二人确认"):
        HomePage.objects.get().add_child(instance=Column(title="公告", slug="gonggao", column_type="news"))


def test_publishing_an_older_or_a_prepared_version_is_refused(alpha, console):
    column = factories.column()
    column.title = SECRET
    revision = column.save_revision(clean=False)
    with refused("第二人确认"):
        revision.publish(skip_permission_checks=True)
    client = console("alpha_admin", "alpha")
    page = Column.objects.get(pk=column.pk)
    answer = client.post(f"/admin/pages/{page.pk}/revisions/{revision.pk}/revert/", column_form(page, title=SECRET))
    client.post(f"/admin/pages/{page.pk}/edit/", column_form(page, title=SECRET, revision=str(revision.pk)))
    client.post(f"/admin/bulk/wagtailcore/page/publish/?next=/admin/&id={page.pk}", {})
    assert answer.status_code in (200, 302)
    assert factories.column().title == page.title
    assert waiting(page) is None


def test_a_draft_saved_beside_the_live_column_shows_nothing(alpha, console, returning_citizen):
    column = factories.column()
    form = column_form(column, title="要闻动态")
    del form["action-publish"]
    console("alpha_admin", "alpha").post(f"/admin/pages/{column.pk}/edit/", form)
    assert "要闻动态" not in public_home(returning_citizen)


def test_a_copy_of_a_column_is_not_public(alpha):
    column = factories.column()
    with refused():
        column.copy(update_attrs={"slug": "news-2", "title": SECRET}, keep_live=True)
    with refused():
        column.create_alias(update_slug="news-3")
    assert not Column.objects.filter(slug__in=["news-2", "news-3"], live=True).exists()


def test_taking_a_column_down_and_showing_it_again_needs_the_cleared_words(alpha):
    column = create_column("gonggao", title="公告", column_type="news", acting_user=None)
    Page.objects.filter(pk=column.pk).update(live=False, title=SECRET)
    column = Column.objects.get(pk=column.pk)
    column.live = True
    with refused("第二人确认"):
        column.save()
    column.title = "公告"
    column.save()
    assert Column.objects.get(pk=column.pk).live


# --- when something goes wrong ----------------------------------------------------------------


def test_a_scan_that_fails_lets_nothing_through(console, monkeypatch):
    def broken(*_args):
        raise ValueError("no such luck")

    monkeypatch.setattr(scanning, "scan_document", broken)
    column = factories.column()
    answer = console("alpha_admin", "alpha").post(
        f"/admin/pages/{column.pk}/edit/", column_form(column, title="要闻动态")
    )
    assert "未能完成保密扫描" in answer.content.decode()
    assert waiting(column) is None
    with refused("未能完成保密扫描"):
        change_column(column, acting_user=None, title="要闻动态")


def test_doubtful_words_want_a_reason(alpha):
    column, admin = factories.column(), factories.user("alpha_admin")
    with pytest.raises(Refused, match="说明理由"):
        change_column(column, acting_user=admin, description=DOUBTFUL)
    change_column(column, acting_user=admin, description=DOUBTFUL, reason="值班电话，确需公开。")
    assert waiting(column).reason == "值班电话，确需公开。"


def test_other_words_than_the_confirmer_saw_do_not_take_effect(alpha):
    column, admin = factories.column(), factories.user("alpha_admin")
    change_column(column, acting_user=admin, title="要闻动态")
    seen = waiting(column)
    change_column(column, acting_user=admin, title="要闻速递")
    with pytest.raises(Refused, match="已由"):
        confirm(seen)
    with pytest.raises(Refused, match="与你看到的不一致"):
        confirm_words(
            waiting(column), acting_user=factories.user("alpha_content"), digest=seen.digest, opinion="同意。"
        )
    assert factories.column().title == column.title


def test_proposals_and_clearances_are_kept_by_the_database(alpha):
    column = factories.column()
    change_column(column, acting_user=factories.user("alpha_admin"), title="要闻动态")
    proposal = waiting(column)
    for change in ({"after": {"title": SECRET}}, {"digest": "1:0"}, {"proposed_by": factories.user("operator")}):
        with refused("stays as it is"):
            FrameProposal.objects.filter(pk=proposal.pk).update(**change)
    with refused("is kept"):
        FrameProposal.objects.filter(pk=proposal.pk).delete()
    clearance = FrameClearance.objects.filter(kind="columns.column").first()
    with refused():
        FrameClearance.objects.filter(pk=clearance.pk).update(digest=proposal.digest)
    with refused():
        clearance.delete()


@pytest.fixture
def hidden(alpha):
    """A column that nobody has confirmed, with a telephone number for a slug."""
    made = HomePage.objects.get().add_child(
        instance=Column(title="未确认", slug="c13800138000", column_type="news", live=False)
    )
    assert not Column.objects.get(pk=made.pk).live
    return made


def test_a_column_below_one_that_nobody_confirmed_is_not_public(console, hidden):
    form = column_form(Column(title="便民公告", slug="bianmin", column_type="news", update_duty="adhoc"))
    console("alpha_admin", "alpha").post(f"/admin/pages/add/columns/column/{hidden.pk}/", form)
    made = Column.objects.filter(slug="bianmin").first()
    if made is not None:
        with refused("尚未公开"):
            confirm(waiting(made))
        assert not Column.objects.get(pk=made.pk).live


def test_a_public_column_is_not_moved_below_one_that_nobody_confirmed(alpha, hidden):
    column = factories.column("notices")
    with refused("尚未公开"):
        column.move(hidden, pos="last-child")
    assert Column.objects.get(pk=column.pk).url_path == column.url_path


def test_a_page_does_not_go_live_below_a_column_that_came_down_during_its_review(alpha, console):
    column = factories.column("notices")
    page = factories.draft_article(column="notices")
    factories.submit(page)
    factories.approve(page, "alpha_content")
    console("alpha_admin", "alpha").post(f"/admin/pages/{column.pk}/unpublish/", {})
    column = factories.column("notices")
    assert not column.live
    column.slug = "c13800138000"
    column.save()
    with refused("尚未公开"):
        factories.approve(page, "alpha_secret")
    assert not Page.objects.get(pk=page.pk).live


def test_a_column_is_not_taken_down_over_what_is_public_below(alpha, live):
    column = live("article").get_parent().specific
    with refused("之下还有已公开"):
        column.unpublish()
    with refused("之下还有已公开"):
        column.live = False
        column.save()
    assert Column.objects.get(pk=column.pk).live
