"""The shell: words are scanned and refused as in the console, take effect at once, and are recorded as the shell's."""

import json

import pytest
from django_tenants.utils import schema_context

from content_library.vocabularies.queries import get_term
from govplatform.review.models import FrameClearance
from govplatform.tenancy.models import Tenant
from sites.columns.actions import change_column
from sites.columns.models import Column
from tests import factories

from .frame_cases import DOUBTFUL, SECRET, waiting


@pytest.fixture
def verb(verb_inside):
    return verb_inside


@pytest.fixture
def told(verb):
    def run(*words):
        answer = verb(*words, "--json")
        return answer.returncode, json.loads(answer.stdout)

    return run


def in_alpha():
    return schema_context("site_alpha")


def column_id() -> str:
    with in_alpha():
        return str(Column.objects.get(slug="news").pk)


def test_create_column_scans_and_refuses(told):
    words = ("create_column", "gonggao", "--site", "alpha", "--type", "news", "--name")
    status, answer = told(*words, SECRET)
    assert status == 3
    assert "机密" in answer["refused"][0]
    assert told(*words, DOUBTFUL)[0] == 3
    assert told(*words, DOUBTFUL, "--reason", "值班电话。")[0] == 0
    with in_alpha():
        column = Column.objects.get(slug="gonggao")
        clearance = FrameClearance.objects.filter(kind="columns.column").first()
        assert column.live
        assert (clearance.object_id, clearance.origin, clearance.verb) == (column.pk, "shell", "create_column")


def test_words_of_every_kind_are_set(told):
    with schema_context("public"):
        term, site = get_term("subject", "0203"), Tenant.objects.get(code="alpha")
    for words in (
        ("--site", "alpha", "--kind", "columns.column", "--object", column_id(), "--field", "title"),
        ("--kind", "vocabularies.term", "--object", str(term.pk), "--field", "label"),
        ("--kind", "tenancy.tenant", "--object", str(site.pk), "--field", "full_name"),
    ):
        status, answer = told("frame_text", "set", *words, "--text", SECRET)
        assert (status, "机密" in answer["refused"][0]) == (3, True)
        assert told("frame_text", "set", *words, "--text", "新的名称")[0] == 0
    assert told("verify_gate")[1]["ok"]
    with in_alpha():
        from sites.home.models import HomePage

        # The home page is called like its site.
        assert HomePage.objects.get().title == "新的名称"


def test_the_vocabulary_verb_scans_and_refuses(told):
    for words in (("add",), ("rename", "--code", "0203")):
        status, answer = told("vocabulary", words[0], "subject", *words[1:], "--label", SECRET[:10])
        assert (status, "机密" in answer["refused"][0]) == (3, True)
    assert told("vocabulary", "rename", "subject", "--code", "0203", "--label", "新的名称")[0] == 0
    assert told("vocabulary", "add", "subject", "--label", "另一类")[0] == 0
    assert told("verify_gate")[1]["ok"]


def test_create_site_scans_and_refuses(told):
    words = (
        "create_site", "gamma", "--host", "gamma.localhost", "--console-host", "gamma.console.localhost",
        "--name", "澄州市青川县人民政府", "--kind", "portal", "--level", "county", "--contact",
    )  # fmt: skip
    status, answer = told(*words, SECRET)
    assert (status, "机密" in answer["refused"][0]) == (3, True)
    assert told(*words, "电话：0871-12345678")[0] == 0
    assert Tenant.objects.get(code="gamma").status == Tenant.Status.LIVE
    assert told("verify_gate", "--site", "gamma")[1]["ok"]


def test_what_waits_is_listed_confirmed_refused_and_withdrawn(told):
    def propose(title):
        with in_alpha():
            from django_tenants.utils import tenant_context

            from govplatform.tenancy.queries import get_tenant

            with tenant_context(get_tenant("alpha")):
                column = factories.column()
                change_column(column, acting_user=factories.user("alpha_admin"), title=title)
                return str(waiting(column).pk)

    number = propose("要闻一")
    assert [one["number"] for one in told("frame_text", "list", "--site", "alpha")[1]["waiting"]] == [int(number)]
    decide = ("--site", "alpha", "--number")
    assert told("frame_text", "confirm", *decide, number, "--as", "alpha_admin", "--opinion", "同意。")[0] == 3
    answer = told("frame_text", "confirm", *decide, number, "--as", "alpha_content", "--opinion", "同意。")
    assert (answer[0], answer[1]["state"]) == (0, "confirmed")
    number = propose("要闻二")
    assert told("frame_text", "refuse", *decide, number, "--as", "alpha_content", "--opinion", "不妥。")[0] == 0
    number = propose("要闻三")
    assert told("frame_text", "withdraw", *decide, number, "--as", "alpha_admin")[1]["state"] == "withdrawn"
    with in_alpha():
        assert Column.objects.get(slug="news").title == "要闻一"
