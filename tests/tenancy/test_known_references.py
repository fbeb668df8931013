"""Which references validation looks up (govplatform/tenancy/known_references.py)."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry, Workflow, WorkflowState

from tests import factories

FIELDS = ("content_type", "user", "page", "revision")


def entry(of: Page, **given: object) -> PageLogEntry:
    values = {
        "content_type": of.cached_content_type,
        "user": factories.user("alpha_editor"),
        "page": of,
        "revision": of.get_latest_revision(),
        "label": "一条记录",
        "action": "wagtail.edit",
        "timestamp": of.latest_revision_created_at,
        "uuid": uuid.uuid4(),
    }
    return PageLogEntry(**{**values, **given})


def test_objects_at_hand_are_not_looked_up(alpha):
    written = entry(factories.draft_article())
    with CaptureQueriesContext(connection) as asked:
        written.clean_fields()
    assert len(asked) == 0


@pytest.mark.parametrize("name", FIELDS)
def test_a_number_alone_is_looked_up(alpha, name):
    page = factories.draft_article()
    known = entry(page)
    field = PageLogEntry._meta.get_field(name)
    value = getattr(known, field.attname)
    alone = entry(page, **{name: None})
    setattr(alone, field.attname, value)
    with CaptureQueriesContext(connection) as asked:
        alone.clean_fields()
    assert len(asked) == 1
    setattr(alone, field.attname, 999_999)
    with pytest.raises(ValidationError) as refused:
        alone.clean_fields()
    assert set(refused.value.error_dict) == {name}


def test_another_number_than_that_of_the_object_at_hand_is_looked_up(alpha):
    page = factories.draft_article()
    written = entry(page)
    PageLogEntry._meta.get_field("page").set_cached_value(written, page)
    written.__dict__["page_id"] = 999_999
    with pytest.raises(ValidationError):
        written.clean_fields()


def test_an_object_that_was_never_stored_is_looked_up(alpha):
    page = factories.draft_article()
    stranger = Page(pk=999_999, title="没有保存")
    with pytest.raises(ValidationError):
        entry(page, page=stranger).clean_fields()


def test_what_is_deleted_behind_the_object_at_hand_is_refused_by_the_database(alpha):
    page, workflow = factories.draft_article(), Workflow.objects.create(name="马上就删除")
    state = WorkflowState(
        content_type=page.cached_content_type,
        base_content_type=page.cached_content_type,
        object_id=str(page.pk),
        workflow=workflow,
        requested_by=factories.user("alpha_editor"),
    )
    with connection.cursor() as cursor:
        # behind the object's back, as another process would
        cursor.execute("DELETE FROM wagtailcore_workflow WHERE id = %s", [workflow.pk])
    state.clean_fields()
    with pytest.raises(IntegrityError), transaction.atomic():
        state.save()
        connection.check_constraints()
