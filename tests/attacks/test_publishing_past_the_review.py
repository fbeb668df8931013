"""Nothing becomes live without two approvals, whichever door is tried."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from wagtail.actions.publish_revision import PublishRevisionAction
from wagtail.models import Page

from govplatform.review.queries import find_gate_faults
from govplatform.review.tasks import publish_due_pages
from sites.articles.models import Article, TopicPage
from sites.policies.models import PolicyDocument
from tests.factories import approve, column, draft_article, draft_page, submit, user

from .conftest import execute, is_live, refused


def test_the_form_that_attacks_is_one_that_saves(alpha, console, edit_form):
    page = draft_article()
    edit_form(console("alpha_editor", "alpha"), page, title="改过的草稿")
    assert Page.objects.get(pk=page.pk).draft_title == "改过的草稿"


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "alpha_content"])
def test_publish_button_of_the_edit_form(alpha, console, edit_form, who):
    page = draft_article()
    edit_form(console(who, "alpha"), page, **{"action-publish": "1"})
    assert not is_live(page)


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin"])
def test_publish_button_of_the_create_form(alpha, console, who):
    client = console(who, "alpha")
    client.post(
        f"/admin/pages/add/articles/article/{column().pk}/",
        {
            "title": "直接发布", "slug": "direct", "source": "本站", "disclosure": "proactive", "body-count": "0",
            "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0", "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "1000", "action-publish": "1",
        },
    )  # fmt: skip
    assert not Page.objects.filter(slug="direct", live=True).exists()


def test_a_site_administrator_writes_no_content(alpha, console):
    client = console("alpha_admin", "alpha")
    response = client.get(f"/admin/pages/add/articles/article/{column().pk}/")
    assert response.status_code != 200, response.content.decode()[:600] + str(response.request)


def test_an_editor_makes_no_columns(alpha, console):
    client = console("alpha_editor", "alpha")
    response = client.get(f"/admin/pages/add/columns/column/{column().pk}/")
    assert response.status_code != 200, response.content.decode()[:600] + str(response.request)


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "alpha_secret"])
@pytest.mark.parametrize("action", ["publish", "unpublish", "delete", "move"])
def test_bulk_actions(alpha, live, console, who, action):
    draft, published = draft_article(), live("article")
    target = column("notices")
    client = console(who, "alpha")
    client.post(
        f"/admin/bulk/wagtailcore/page/{action}/?next=/admin/&id={draft.pk}&id={published.pk}",
        {"include_descendants": "on", "chooser": target.pk, "move_applied": "true"},
    )
    assert not is_live(draft)
    assert is_live(published)
    assert Page.objects.get(pk=published.pk).get_parent().slug == "news"


def test_schedule_through_the_edit_form(alpha, console, edit_form):
    page = draft_article()
    past = (timezone.now() - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    edit_form(console("alpha_editor", "alpha"), page, go_live_at=past, **{"action-publish": "1"})
    publish_due_pages()
    assert not is_live(page)


def test_schedule_written_into_the_revision(alpha):
    page = draft_article()
    page.latest_revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    page.latest_revision.save()
    publish_due_pages()
    assert not is_live(page)


def test_an_approved_schedule_is_not_brought_forward(alpha):
    page = draft_article(go_live_at=timezone.now() + timedelta(days=3))
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    Article.objects.filter(pk=page.pk).update(go_live_at=None)
    publish_due_pages()
    assert not is_live(page)


def test_copy_with_publish_copies(alpha, live, console):
    published = live("article")
    client = console("alpha_editor", "alpha")
    client.post(
        f"/admin/writing/copy/{published.pk}/",
        {
            "title": "副本", "column": published.get_parent().pk, "slug": "copied", "live": "on",
            "new_title": "副本", "new_slug": "copied", "new_parent_page": published.get_parent().pk,
            "publish_copies": "on", "copy_subpages": "on",
        },
    )  # fmt: skip
    copied = Page.objects.get(title="副本")
    assert (copied.live, copied.first_published_at) == (False, None) and copied.slug != "copied"


def test_copy_of_a_live_page_kept_live(alpha, live):
    with refused():
        live("article").copy(update_attrs={"slug": "copied"}, keep_live=True)
    assert not Page.objects.filter(slug="copied", live=True).exists()


def test_alias_of_a_live_page(alpha, live):
    with refused():
        live("article").create_alias(update_slug="alias", parent=column("notices"))
    assert not Page.objects.filter(slug="alias").exists()


def test_revert_to_an_old_revision_and_publish(alpha, console, edit_form):
    page = draft_article(title="旧版本")
    old = page.latest_revision
    page.title = "新版本"
    page.save_revision(user=user("alpha_editor"))
    submit(page)
    approve(page, "alpha_content")
    approve(page, "alpha_secret")
    edit_form(console("alpha_editor", "alpha"), page, title="旧版本", revision=old.pk, **{"action-publish": "1"})
    with refused("审查通过"):
        old.publish()
    assert Page.objects.get(pk=page.pk).title == "新版本"


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_admin", "alpha_content"])
@pytest.mark.parametrize(
    "action", ["publish", "unpublish", "move", "copy", "create_alias", "delete", "revert_to_page_revision"]
)
def test_wagtail_s_admin_api(alpha, live, console, who, action):
    draft, published = draft_article(), live("article")
    before = set(Page.objects.filter(live=True).values_list("pk", flat=True))
    client = console(who, "alpha")
    for page in (draft, published):
        client.post(
            f"/admin/api/main/pages/{page.pk}/action/{action}/",
            {"destination_page_id": column("notices").pk, "revision_id": page.latest_revision_id, "keep_live": True},
            content_type="application/json",
        )
    assert draft.pk not in before and published.pk in before
    assert set(Page.objects.filter(live=True).values_list("pk", flat=True)) == before
    assert Page.objects.get(pk=published.pk).get_parent().slug == "news"


def test_queryset_update_to_live(alpha):
    page = draft_article()
    with refused("clearance"):
        Article.objects.filter(pk=page.pk).update(live=True)
    assert not is_live(page)


def test_bulk_update_to_live(alpha):
    page = draft_article()
    page.page_ptr.live = True
    with refused("clearance"):
        Page.objects.bulk_update([page.page_ptr], ["live"])
    assert not is_live(page)


def test_raw_sql_to_live(alpha):
    page = draft_article()
    with refused("clearance"):
        execute("UPDATE wagtailcore_page SET live = true WHERE id = %s", [page.pk])


def test_raw_sql_to_live_with_another_page_s_cleared_revision(alpha, live):
    page = draft_article()
    with refused("clearance"):
        execute(
            "UPDATE wagtailcore_page SET live = true, live_revision_id = %s, first_published_at = now() WHERE id = %s",
            [live("article").live_revision_id, page.pk],
        )


def test_raw_insert_of_a_live_page(alpha):
    page = draft_article()
    with refused("created live"):
        execute(
            "INSERT INTO wagtailcore_page SELECT (jsonb_populate_record(p, jsonb_build_object('id', 900000,"
            " 'live', true, 'path', '00019999', 'translation_key', gen_random_uuid()))).*"
            " FROM wagtailcore_page p WHERE id = %s",
            [page.pk],
        )


def test_save_with_live(alpha):
    page = draft_article()
    page.live = True
    with refused("经过审核"):
        page.save()
    assert not is_live(page)


def test_add_child_live(alpha):
    with refused("审核"):
        column().add_child(instance=Article(title="x", slug="x-live", source="本站", live=True))


def test_revision_publish(alpha):
    page = draft_article()
    with refused("审查通过"):
        page.latest_revision.publish()
    with refused("审查通过"):
        page.latest_revision.publish(user=user("alpha_admin"), skip_permission_checks=True)
    assert not is_live(page)


def test_publish_action_with_skipped_permission_checks(alpha):
    page = draft_article()
    with refused("审查通过"):
        PublishRevisionAction(page.latest_revision, user=user("alpha_editor")).execute(skip_permission_checks=True)
    assert not is_live(page)


def test_a_page_that_poses_as_a_column(alpha):
    """What the gate asks about a page's kind cannot be changed by the application."""
    page = draft_article()
    with refused():
        execute(
            "UPDATE wagtailcore_page SET live = true, content_type_id = (SELECT id FROM django_content_type"
            " WHERE app_label = 'columns' AND model = 'column') WHERE id = %s",
            [page.pk],
        )
    with refused("permission denied"):
        execute("UPDATE django_content_type SET model = 'column2' WHERE app_label = 'columns' AND model = 'column'")


def test_moving_a_live_page_to_another_column(alpha, live, console):
    page = live("article")
    client = console("alpha_editor", "alpha")
    client.post(f"/admin/pages/{page.pk}/move/{column('notices').pk}/confirm/", {"next": "/admin/"})
    with refused("栏目"):
        page.move(column("notices"), pos="last-child")
    assert Page.objects.get(pk=page.pk).get_parent().slug == "news"


def test_moving_a_live_page_past_wagtail_is_named_by_verify_gate(alpha, live):
    from treebeard.mp_tree import MP_MoveHandler

    page = live("article")
    MP_MoveHandler(Page.objects.get(pk=page.pk), Page.objects.get(pk=column("notices").pk), "last-child").process()
    assert [fault["page"] for fault in find_gate_faults()[1]] == [page.pk]


def test_a_live_page_rewritten_past_the_gate(alpha, live):
    retitled, resourced = live("article"), live("second")
    with refused("another address"):
        Page.objects.filter(pk=retitled.pk).update(slug="elsewhere")
    assert find_gate_faults()[1] == []
    Page.objects.filter(pk=retitled.pk).update(title="换了标题")
    Article.objects.filter(pk=resourced.pk).update(source="换了来源")
    assert {fault["page"] for fault in find_gate_faults()[1]} == {retitled.pk, resourced.pk}


def test_a_live_page_rewritten_by_save(alpha, live):
    page = live("article")
    page.summary = "没有审过的话"
    with refused("不一致"):
        page.save()


@pytest.mark.parametrize("model", [Article, PolicyDocument, TopicPage])
def test_raw_sql_to_live_beside_the_tree(alpha, citizen, model):
    """The gate lets the root of the tree pass; content that takes its depth is content all the same."""
    page = draft_page(model, "news", "alpha_editor", title="树外的信息", summary="没有人审过的摘要")
    with refused("no root of the tree"):
        execute("UPDATE wagtailcore_page SET live = true, depth = 1 WHERE id = %s", [page.pk])
    assert "树外的信息" not in citizen("alpha").get("/").content.decode()


@pytest.mark.parametrize("values", ["first_published_at = '2020-01-01'", "live = false"])
def test_a_page_does_not_leave_the_tree_for_a_moment(alpha, live, values):
    """Where it could get another publish time, or come down without a word, and return."""
    page = live("article")
    with refused("no root of the tree"):
        execute(f"UPDATE wagtailcore_page SET depth = 1, {values} WHERE id = %s", [page.pk])
    with refused("no root of the tree"):
        execute(
            f"UPDATE wagtailcore_page SET depth = 1, {values}, content_type_id = (SELECT id FROM django_content_type"
            " WHERE app_label = 'wagtailcore' AND model = 'page') WHERE id = %s",
            [page.pk],
        )


@pytest.mark.parametrize(("kind", "path"), [("article", "9999"), ("page", "{column}9999")])
def test_raw_insert_of_a_live_page_beside_the_tree(alpha, kind, path):
    page = draft_article()
    values = {
        "id": 900_000, "live": True, "depth": 1, "path": path.format(column=column().path),
        "translation_key": str(uuid4()), "content_type_id": ContentType.objects.get(model=kind).pk,
    }  # fmt: skip
    made = "INSERT INTO wagtailcore_page SELECT (jsonb_populate_record(p, %s)).* FROM wagtailcore_page p WHERE id = %s"
    with refused("no root of the tree"):
        execute(made, [json.dumps(values), page.pk])


@pytest.mark.parametrize("name", ["article", "news"])
def test_a_page_at_another_address_than_its_place_says_is_named(alpha, live, name):
    page = Page.objects.get(slug=name)
    assert live("article") and find_gate_faults()[1] == []
    execute("UPDATE wagtailcore_page SET url_path = '/home/13800138000/' WHERE id = %s", [page.pk])
    assert find_gate_faults()[1][0]["page"] == page.pk
