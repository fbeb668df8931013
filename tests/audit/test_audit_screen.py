"""The auditor's screen: filters, and the files it hands out."""

import csv
import io
import json

import pytest
from django.db import transaction
from openpyxl import load_workbook

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.export_file import check_export
from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.console import audit_views
from govplatform.tenancy.queries import get_tenant
from tests.conftest import console_client


@pytest.fixture
def record(db):
    editor, reviewer = User.objects.get(username="alpha_editor"), User.objects.get(username="alpha_content")
    with transaction.atomic():
        record_act(
            "column.create", acting_user=editor, obj=get_tenant("alpha"), detail={"slug": "x"}, chain="site_alpha"
        )
        record_act("account.create", acting_user=reviewer, obj=editor, chain="site_alpha")
        record_act("review.approved", acting_user=reviewer, obj=editor, detail={"opinion": "=1+1"}, chain="site_alpha")
    return editor, reviewer


@pytest.fixture
def auditor(record):
    return console_client("alpha_auditor", "alpha")


def _acts(response):
    return [line["entry"].act for day in response.context["days"] for line in day["entries"]]


@pytest.mark.parametrize(
    ("query", "acts"),
    [
        ({"person": "alpha_content"}, ["review.approved", "account.create"]),
        ({"person": "alpha_content", "act": "account.create"}, ["account.create"]),
        ({"kind": "tenancy.tenant"}, ["column.create"]),
        ({"title": "alpha_editor", "kind": "accounts.user", "act": "review.approved"}, ["review.approved"]),
        ({"person": "没有这个人"}, []),
        ({"since": "2999-01-01"}, []),
        ({"until": "1999-01-01"}, []),
    ],
)
def test_filters(auditor, query, acts):
    found = [act for act in _acts(auditor.get("/admin/audit/", query)) if not act.startswith("account.sign")]
    assert found == acts


def test_filters_that_are_none_filter_nothing(auditor):
    everything = _acts(auditor.get("/admin/audit/"))
    assert _acts(auditor.get("/admin/audit/", {"act": "' OR 1=1", "since": "x", "chain": "site_beta"})) == everything


def _export(client, kind, **query):
    return client.post(f"/admin/audit/export/?{'&'.join(f'{k}={v}' for k, v in query.items())}", {"format": kind})


def test_tables_are_sentences_and_never_formulas(auditor):
    rows = list(csv.reader(io.StringIO(b"".join(_export(auditor, "csv", act="review.approved")).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert "审查通过" in rows[1] or "通过" in rows[1][6]
    assert "意见：=1+1" in rows[1][7]
    sheet = load_workbook(io.BytesIO(b"".join(_export(auditor, "xlsx", act="review.approved")))).active
    assert [cell.data_type for cell in sheet[2]] == ["s"] * len(rows[1])


def test_the_signed_file_is_whole_and_the_export_is_on_record(auditor, tmp_path):
    before = Entry.objects.filter(chain="site_alpha").count()
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"".join(_export(auditor, "jsonl")))
    found = check_export(path)
    assert (found.ok, found.header["complete"], found.checked) == (True, True, before)
    own = Entry.objects.filter(chain="site_alpha", act="audit.export").get()
    assert own.detail == {"format": "jsonl", "entries": before, "filters": {}}
    path.write_bytes(b"".join(_export(auditor, "jsonl", person="alpha_content")))
    found = check_export(path)
    assert (found.ok, found.header["complete"], found.checked) == (True, False, 2)


def test_days_give_everything_between_the_first_and_the_last(auditor, tmp_path):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b"".join(_export(auditor, "jsonl", since="2000-01-01")))
    assert check_export(path).header["complete"]
    numbers = [json.loads(line)["number"] for line in path.read_bytes().splitlines()[1:-1]]
    assert numbers == list(range(1, len(numbers) + 1))


def test_too_many_are_refused_with_the_way_out(auditor, monkeypatch):
    monkeypatch.setattr(audit_views, "MOST_IN_BROWSER", 1)
    page = _export(auditor, "csv").content.decode()
    assert "一次最多导出 1 条" in page
    assert "缩短时间段" in page
    assert not Entry.objects.filter(act="audit.export").exists()


def test_an_unknown_format_is_refused(auditor):
    assert "没有 exe 这种格式" in _export(auditor, "exe").content.decode()


@pytest.mark.parametrize("who", ["alpha_editor", "alpha_content", "alpha_secret", "alpha_admin"])
def test_nobody_but_the_auditor(record, who):
    assert _export(console_client(who, "alpha"), "csv").status_code == 403
    assert not Entry.objects.filter(act="audit.export").exists()


def test_a_site_s_auditor_gets_no_other_chain(auditor):
    for chain in ("site_beta", PLATFORM_CHAIN):
        data = b"".join(_export(auditor, "jsonl", chain=chain)).splitlines()
        assert {json.loads(line)["chain"] for line in data[1:-1]} == {"site_alpha"}
