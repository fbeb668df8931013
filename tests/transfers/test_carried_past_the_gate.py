"""What a merge carries passes the gate as it stands in the source; nothing else does, whoever writes it."""

from typing import Any

import pytest
from django_tenants.utils import tenant_context

from govplatform.lifecycle.models import Merge, SiteApplication
from govplatform.review.models import Clearance, TransferredClearance
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.queries import get_tenant
from tests.attacks.conftest import refused

from .carrying import DOCUMENT, IMAGE, PAGE, REVISION, SHIFTS, Carrying, begin, run, undo

LATER = "t.decided_at + interval '1 hour'"


@pytest.fixture
def carrying(retiring) -> Carrying:
    return Carrying(begin(SiteApplication.objects.get(pk=retiring)))


def counts(site: str) -> dict[str, int]:
    """Table -> number of its rows in a site, of those that a merge fills."""
    return {table: run(f'SELECT count(*) FROM "site_{site}"."{table}"')[0][0] for table in SHIFTS}


def test_all_of_it_passes_and_goes_again(retiring):
    before = counts("alpha")
    merge = begin(SiteApplication.objects.get(pk=retiring))
    Carrying(merge).everything()
    after = counts("alpha")
    assert {table for table in SHIFTS if after[table] > before[table]} >= {
        PAGE, REVISION, IMAGE, DOCUMENT, "confidentiality_scan", "confidentiality_finding", "review_decision",
        "review_clearance", "review_clearedfile", "review_submission", "review_transferredclearance",
    }  # fmt: skip
    with tenant_context(merge.destination):
        assert find_gate_faults()[1] == []
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'moved'")
        run("UPDATE public.lifecycle_merge SET state = 'reverting'")
    undo(merge)
    assert counts("alpha") == before
    with tenant_context(merge.source):
        assert find_gate_faults()[1] == []


#: table -> (what stands otherwise than in the source, what the gate says)
OTHERWISE: list[tuple[str, dict[str, str], str]] = [
    (PAGE, {"title": "'别的标题'"}, "not carried as it is"),
    (PAGE, {"first_published_at": "t.first_published_at - interval '1 year'"}, "not carried as it is"),
    (PAGE, {"expire_at": "now() + interval '1 year'"}, "not carried as it is"),
    (PAGE, {"live_revision_id": f"(SELECT min(id) + {SHIFTS[REVISION]} FROM site_beta.wagtailcore_revision)"},
     "not carried as it is"),
    (PAGE, {"content_type_id": "(SELECT id FROM site_alpha.django_content_type WHERE model = 'topicpage')"},
     "not carried as it is"),
    ("confidentiality_scan", {"digest": "'3:' || repeat('0', 64)"}, "not carried as it is"),
    ("confidentiality_scan", {"rule_pack": "'x'"}, "not carried as it is"),
    ("confidentiality_finding", {"severity": "'info'", "rule": "'x'"}, "not carried as it is"),
    ("review_decision", {"step": "'content'"}, "not carried as it is"),
    ("review_decision", {"opinion": "'同意发布'"}, "not carried as it is"),
    ("review_decision", {"digest": "'3:' || repeat('0', 64)"}, "not carried as it is"),
    ("review_decision", {"reviewer_id": "t.reviewer_id + 1"}, "not carried as it is"),
    ("review_decision", {"decided_at": LATER}, "not carried as it is"),
    ("review_decision", {"checklist": "'{}'::jsonb"}, "not carried as it is"),
    ("review_clearance", {"granted_at": "now()"}, "not carried as it is"),
    ("review_clearance", {"levels": "3"}, "not carried as it is"),
    ("review_clearance", {"record": "'{}'::jsonb"}, "not carried as it is"),
    ("review_clearance", {"rule_pack": "'x'"}, "not carried as it is"),
    ("review_clearance", {"scan_id": "NULL"}, "not carried as it is"),
    ("review_clearance", {"page_id": f"t.page_id + {SHIFTS[PAGE]} + 1"}, "not carried as it is"),
    ("review_clearance", {"status": "'revoked'"}, "not carried as it is"),
    ("review_clearance", {"content_decision_id": f"t.confidentiality_decision_id + {SHIFTS['review_decision']}"},
     "not carried as it is"),
    ("review_clearedfile", {"sm3": "repeat('0', 64)"}, "not carried as it is"),
    ("review_clearedfile", {"object_id": f"t.object_id + {SHIFTS[IMAGE]} + 1"}, "not carried as it is"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "wrong", "says"), OTHERWISE)
def test_what_stands_otherwise_in_the_source_is_not_carried(carrying, table, wrong, says):
    carrying.wrong[table] = wrong
    with refused(says):
        carrying.everything()


@pytest.mark.parametrize(
    "table", [PAGE, "confidentiality_scan", "review_decision", "review_clearance", "review_clearedfile"]
)
def test_a_number_beyond_those_reserved_is_an_ordinary_row(carrying, table):
    carrying.wrong[table] = {"id": f"t.id + {SHIFTS[table] + 100_000_000}"}
    with refused("^gate: "):
        carrying.everything()


#: A row that the source does not have: everything as in one that it has, under a number of none.
@pytest.mark.parametrize(
    "table", [PAGE, "confidentiality_scan", "review_decision", "review_clearance", "review_clearedfile"]
)
def test_what_the_source_does_not_have_is_not_carried(carrying, table):
    carrying.wrong[table] = {"id": f"t.id + {SHIFTS[table] + 500_000}"}
    with refused("not carried as it is in the source"):
        carrying.everything()


def test_a_withdrawal_comes_along_in_the_name_of_who_withdrew(carrying):
    from govplatform.review.submission.actions import withdraw_page
    from tests import factories
    from tests.pages import LivePages

    with tenant_context(carrying.source):
        withdraw_page(LivePages()("links", "beta"), acting_user=factories.user("beta_content"), reason="有误。")
    carrying.wrong["review_withdrawal"] = {"reason": "'另一个理由'"}
    with refused("not carried as it is"):
        carrying.everything()
    carrying.wrong.clear()
    carrying.everything()
    with tenant_context(carrying.destination):
        withdrawn = Clearance.objects.get(status="revoked")
        assert not withdrawn.page.live and withdrawn.page.first_published_at is not None
        assert find_gate_faults()[1] == []


# --- by others, elsewhere, at another time ----------------------------------------------------------------


COPIES = (
    PAGE, "confidentiality_scan", "review_decision", "review_clearance", "review_clearedfile",
    "review_transferredclearance",
)  # fmt: skip


#: What no site's own gate lets in.
_FORGED = {
    "review_decision": {"reviewer_id": "(SELECT id FROM public.accounts_user WHERE username = 'alpha_admin')"},
    "review_clearance": {"digest": "'3:' || repeat('0', 64)"},
    "review_clearedfile": {"sm3": "repeat('0', 64)"},
}


def copy_in_place(schema: str, table: str, shift: int) -> None:
    """A row of a table once more, forged, under a number of a merge's range."""
    names = [
        name
        for (name,) in run(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            schema,
            table,
        )
    ]
    changed = {"id": f"t.id + {shift}", "path": "t.path || '9999'", "translation_key": "gen_random_uuid()"}
    changed |= _FORGED.get(table, {})
    listed = ", ".join(f'"{name}"' for name in names)
    chosen = ", ".join(changed.get(name, f't."{name}"') for name in names)
    where = "t.live AND t.depth > 3" if table == PAGE else "true"
    run(
        f'INSERT INTO "{schema}"."{table}" ({listed}) SELECT {chosen} FROM "{schema}"."{table}" t WHERE {where} LIMIT 1'
    )


@pytest.mark.parametrize("table", COPIES)
def test_the_application_s_role_carries_nothing(carried, table):
    run("SET LOCAL search_path TO site_alpha, public")
    with refused("^(gate|confidentiality)"):
        copy_in_place("site_alpha", table, 100_000)


@pytest.mark.parametrize("table", COPIES[:-1])
def test_no_merge_of_another_site_opens_this_one(carried, table):
    """The merge carries from beta into alpha; nothing gets into beta by it."""
    with as_owner(), refused("^gate"):
        copy_in_place("site_beta", table, SHIFTS[table])


@pytest.mark.parametrize("state", ["moved", "reverting"])
@pytest.mark.parametrize("table", COPIES)
def test_nothing_is_added_when_the_merge_is_over(carried, state, table):
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'moved'")
        run("UPDATE public.lifecycle_merge SET state = %s", state)
        with refused("^gate"):
            copy_in_place("site_alpha", table, 100_000)


DELETED = ["review_clearedfile", "review_clearance", "review_decision", "review_submission",
           "review_transferredclearance", "confidentiality_disposition", "confidentiality_finding", PAGE, IMAGE,
           DOCUMENT]  # fmt: skip


@pytest.mark.parametrize("state", ["moving", "moved", "confirmed"])
@pytest.mark.parametrize("table", DELETED)
def test_nothing_goes_again_unless_the_merge_is_undone(carried, table, state):
    with as_owner():
        for step in ("moving", "moved", "confirmed")[: ("moving", "moved", "confirmed").index(state) + 1]:
            run("UPDATE public.lifecycle_merge SET state = %s", step)
        assert run(f'SELECT count(*) FROM site_alpha."{table}" WHERE id > %s', SHIFTS[table])[0][0] > 0
        with refused("gate|append-only"):
            run(f'DELETE FROM site_alpha."{table}" WHERE id > %s', SHIFTS[table])


@pytest.mark.parametrize("table", DELETED)
def test_the_application_s_role_takes_nothing_back(carried, table):
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'moved'")
        run("UPDATE public.lifecycle_merge SET state = 'reverting'")
    with refused("gate|append-only|permission denied"):
        run(f'DELETE FROM site_alpha."{table}" WHERE id > %s', SHIFTS[table])


@pytest.mark.parametrize("table", ["review_clearance", "review_decision", PAGE])
def test_what_the_destination_had_before_stays_while_a_merge_is_undone(carried, table):
    from tests import factories

    with tenant_context(get_tenant("alpha")):
        page = factories.live_article()
        clearance = Clearance.objects.get(page_id=page.pk)
        own = {PAGE: page.pk, "review_clearance": clearance.pk, "review_decision": clearance.content_decision_id}[table]
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'moved'")
        run("UPDATE public.lifecycle_merge SET state = 'reverting'")
        with refused("gate|append-only"):
            run(f'DELETE FROM site_alpha."{table}" WHERE id = %s', own)


@pytest.mark.parametrize("table", ["review_decision", "review_clearedfile", "review_transferredclearance"])
def test_what_came_along_is_not_changed_either(carried, table):
    with as_owner(), refused("append-only|never changed"):
        run(f'UPDATE site_alpha."{table}" SET id = id + 1 WHERE id > %s', SHIFTS[table])
    with refused("append-only|never changed|permission denied"):
        run(f'UPDATE site_alpha."{table}" SET id = id + 1 WHERE id > %s', SHIFTS[table])


# --- resources of the library ----------------------------------------------------------------------------


def resource_of_beta() -> tuple[Any, ...]:
    return run(
        "SELECT r.id, r.page_id FROM public.content_library_resource r"
        " JOIN public.tenancy_tenant t ON t.id = r.tenant_id WHERE t.code = 'beta' ORDER BY r.id LIMIT 1"
    )[0]


def test_a_resource_goes_with_its_page_and_no_other_way(carrying):
    number, page = resource_of_beta()
    alpha, beta = carrying.destination.pk, carrying.source.pk
    move = "UPDATE public.content_library_resource SET tenant_id = %s, page_id = %s WHERE id = %s"
    with refused("stays what it is"):
        run(move, alpha, page + SHIFTS[PAGE], number)
    with as_owner():
        for there, to in ((alpha, page), (alpha, page + SHIFTS[PAGE] + 1), (beta, page + SHIFTS[PAGE])):
            with refused("stays what it is"):
                run(move, there, to, number)
        with refused("stays what it is"):
            run(
                "UPDATE public.content_library_resource SET tenant_id = %s, page_id = %s, uuid = gen_random_uuid()"
                " WHERE id = %s",
                alpha, page + SHIFTS[PAGE], number,
            )  # fmt: skip
        run(move, alpha, page + SHIFTS[PAGE], number)
        with refused("stays what it is"):
            run(move, beta, page, number)
        run("UPDATE public.lifecycle_merge SET state = 'moved'")
        with refused("stays what it is"):
            run(move, beta, page, number)
        run("UPDATE public.lifecycle_merge SET state = 'reverting'")
    with refused("stays what it is"):
        run(move, beta, page, number)
    with as_owner():
        run(move, beta, page, number)


# --- transferred clearances ----------------------------------------------------------------------------------


FORGED: list[dict[str, Any]] = [
    {"source_digest": "3:" + "0" * 64},
    {"source_page_id": 1},
    {"source_parent_id": 1},
    {"source_parent_id": None},
    {"source_schema": "site_alpha"},
    {"source_clearance_id": 999_999},
    {"merge_id": 999_999},
    {"clearance_id": 1},
]


@pytest.mark.parametrize("forged", FORGED)
def test_a_transferred_clearance_names_what_stands_in_the_source(carrying, forged):
    carrying.forge = lambda values: values.update(forged)
    with refused("the source has no such clearance|not carried as it is"):
        carrying.everything()


def test_a_transferred_clearance_outside_a_merge(carried):
    merge = Merge.objects.get(pk=carried)
    with tenant_context(merge.destination):
        kept = TransferredClearance.objects.values().first()
    assert kept is not None
    with as_owner():
        run("UPDATE public.lifecycle_merge SET state = 'moved'")

    def forge() -> None:
        TransferredClearance.objects.create(**{**kept, "id": kept["id"] + 1, "merge_id": kept["merge_id"] + 1})

    with tenant_context(merge.destination):
        with refused("only a merge makes"):
            forge()
        with as_owner(), refused("only a merge makes"):
            forge()


def test_the_numbers_of_files_are_noted_by_the_gate_alone(carrying):
    from psycopg.types.json import Jsonb

    carrying.forge = lambda values: values.update(file_shifts=Jsonb({"image": 7}))
    carrying.everything()
    with tenant_context(carrying.destination):
        for transfer in TransferredClearance.objects.all():
            assert transfer.file_shifts == {"image": SHIFTS[IMAGE], "document": SHIFTS[DOCUMENT]}
