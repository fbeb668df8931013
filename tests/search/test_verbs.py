"""The verbs ``search``, ``rebuild_search`` and ``check_search``, as the shell sees them."""

import json

import pytest

from content_library.models import Resource
from search.models import PostgresEntry, SearchDocument, SearchText

from .conftest import run_jobs


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def told(done, status=0):
    assert done.returncode == status, done.stderr
    return json.loads(done.stdout)


def test_documents_are_made_checked_repaired_and_found(live, verb):
    # Nothing was written yet: the platform was there before its search.
    found = told(verb("check_search", "--json"), status=1)
    assert not found["ok"] and found["checked"] >= Resource.objects.count()
    made = told(verb("rebuild_search", "--json"))
    assert made["documents"] == SearchDocument.objects.filter(shown=True).count() > Resource.objects.count()
    assert told(verb("check_search", "--json")) == {
        "ok": True,
        "checked": found["checked"] + made["documents"],
        "faults": [],
    }

    policy = live("policy")
    answer = told(verb("search", policy.document_number, "--json"))
    assert set(answer) == {"total", "capped", "hits", "facets", "suggestion", "engine", "ms"}
    assert set(answer["facets"]) == {"site", "kind", "year"}
    [first, *_others] = answer["hits"]
    assert set(first) == {
        "title", "url", "site", "kind", "document_number", "published_at", "validity", "snippet", "attachment",
    }  # fmt: skip
    assert (first["title"], first["site"], answer["engine"]) == (policy.title, "alpha", "postgres")
    assert told(verb("search", "县里的信息", "--site", "alpha", "--json"))["total"] == 0
    assert told(verb("search", "县里的信息", "--site", "alpha", "--scope", "region", "--json"))["total"] == 1

    # What is stale, missing and too much is named by its key, and is in order after the repair.
    stale, missing = SearchDocument.objects.filter(resource__isnull=False, shown=True).order_by("pk")[:2]
    SearchText.objects.filter(document=stale).update(folded="")
    PostgresEntry.objects.filter(pk=missing.pk).delete()
    PostgresEntry.objects.filter(pk=stale.pk).update(id=10**9)
    faults = told(verb("check_search", "--json", "--repair"), status=1)["faults"]
    assert {("", stale.key), ("postgres", missing.key), ("postgres", str(10**9))} <= {
        (fault["engine"], fault["key"]) for fault in faults
    }
    assert told(verb("check_search", "--json"))["ok"]


def test_wrong_use_and_refusals_have_their_status(verb):
    assert verb("rebuild_search", "--engine", "nothing").returncode == 2
    assert verb("search", "通知", "--scope", "nowhere").returncode == 3
    assert verb("search", "通知", "--site", "nowhere").returncode == 3
    assert verb("search", "通知", "--page", "0").returncode == 3


def test_one_site_is_made_anew_in_place(live, verb):
    told(verb("rebuild_search", "--json"))
    run_jobs()
    PostgresEntry.objects.all().delete()
    told(verb("rebuild_search", "--site", "beta", "--json"))
    assert told(verb("search", "县里的信息", "--json"))["total"] == 1
    assert told(verb("search", "第三条信息", "--json"))["total"] == 0
