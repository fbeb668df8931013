"""What the frame said before its words were cleared: the migration writes down what the code would."""

from importlib import import_module

from django.db import connection
from django_tenants.utils import tenant_context

from content_library.vocabularies.actions import add_term
from content_library.vocabularies.models import Term
from govplatform.audit.models import Entry
from govplatform.lifecycle.actions import record_shared_words
from govplatform.review.frame.kinds import kind_named
from govplatform.review.frame.places import records_of
from govplatform.review.frame.queries import find_shared_faults
from govplatform.review.frame.texts import frame_digest, last_clearance
from govplatform.review.models import FrameClearance
from govplatform.tenancy.models import Tenant

_MIGRATION = import_module("sites.home.migrations.0003_words_of_the_frame")


def rows(query: str) -> tuple[list[str], list[tuple]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [column.name for column in cursor.description][1:], cursor.fetchall()


def test_the_migration_reads_the_fields_of_the_sheet_and_makes_the_same_digest(alpha, subtests):
    for code, query in {**_MIGRATION._PAGE_TEXTS, **_MIGRATION._SHARED_TEXTS}.items():
        with subtests.test(code):
            kind = kind_named(code)
            names, found = rows(query)
            # What came later says nothing so long as nobody has set it, and no digest covers it.
            assert set(names) == set(kind.texts) - kind.defaults.keys()
            obj = kind.find(found[0][0])
            texts = kind.texts_of(obj)
            covered = {"kind": code, "object": obj.pk, "texts": {name: texts[name] for name in names}}
            assert _MIGRATION._digest(covered) == frame_digest(kind, obj.pk, texts)


def test_the_migration_writes_down_what_is_there(alpha):
    console = Tenant.objects.get(kind=Tenant.Kind.CONSOLE)
    for tenant, kinds in ((alpha, _MIGRATION._PAGE_TEXTS), (console, _MIGRATION._SHARED_TEXTS)):
        with tenant_context(tenant):
            before = FrameClearance.objects.count()
            with connection.schema_editor(atomic=False) as editor:
                _MIGRATION.record(None, editor)
            written = FrameClearance.objects.order_by("pk")[before:]
            assert {row.kind for row in written} == set(kinds)
            for row in written:
                assert (row.origin, row.verb) == ("set-up", "migrate_fleet")
                earlier = FrameClearance.objects.filter(kind=row.kind, object_id=row.object_id).order_by("pk").first()
                later = kind_named(row.kind).defaults
                assert (row.digest, {**later, **row.texts}) == (earlier.digest, earlier.texts)


def test_a_term_that_came_with_an_upgrade_is_written_down_by_init_platform(db):
    term = Term.objects.create(vocabulary="kind", code="upgrade", label="新体裁")
    assert [fault["object"] for fault in find_shared_faults()] == [f"vocabularies.term:{term.pk}"]
    record_shared_words()
    assert find_shared_faults() == []
    kind = kind_named("vocabularies.term")
    with records_of(kind):
        assert last_clearance(kind, term.pk).verb == "init_platform"
    assert Entry.objects.get(act="frame.set_up", detail__kind="vocabularies.term", detail__objects=[term.pk])


def test_what_waits_is_not_written_down_as_set_up(db, person):
    term = add_term("kind", "新体裁", acting_user=person("operator"))
    record_shared_words()
    kind = kind_named("vocabularies.term")
    with records_of(kind):
        assert last_clearance(kind, term.pk) is None
