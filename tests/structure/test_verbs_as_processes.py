"""A verb of each family as a process: it ends as it does when the tests call it in their own process.

One of each exit status is started as in production, all others are forked as the tests do (``tests/warm_verbs.py``).
"""

import pytest
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.tenancy.queries import get_tenant
from tests.verbs import call_verb, verb_process
from tests.warm_verbs import cold

#: Exit status -> the family that shows it without anything prepared.
COLD = {0: "tenancy", 1: "review", 2: "accounts", 3: "archive"}
NOBODY = "00000000-0000-4000-8000-000000000000"
#: family -> words that leave everything as it is. Each exit status is there, JSON and plain words.
WORDS = {
    "accounts": ("grant_role", "outsider", "king", "--site", "alpha"),
    "archive": ("export_archive", "alpha", "--out", "/proc/archive", "--json"),
    "addresses": ("resolve", "http://alpha.localhost/nothing/", "--json"),
    "audit": ("verify_audit", "--json"),
    "kept_logs": ("logs", "export", "--from", "x", "--until", "x", "--reason", "x", "--out", "/nowhere/x"),
    "delivery": ("verify_release", "--root", "/nowhere", "--json"),
    "dictionaries": ("dictionary", "import", "nowhere.csv", "--dry-run", "--json"),
    "lifecycle": ("create_site", "alpha", "--name", "再开一次", "--json"),
    "review": ("verify_gate", "--json"),
    "tenancy": ("list_sites",),
    "managing": ("change_site", "alpha", "--set", "theme=glitter", "--json"),
    "columns": ("create_column", "more", "--site", "nowhere", "--name", "栏目", "--type", "政策文件"),
    "writing": ("place_draft", "--site", "nowhere", "--page", "1", "--as", "nobody", "--json"),
    "home": ("address_style", "--site", "nowhere", "--json"),
    "documents_in": ("import_documents", "--site", "alpha", "--column", "news", "--as", "nobody", "x.docx", "--json"),
    "arrivals": ("import_site", "nowhere", "--site", "alpha", "--host", "old.example", "--as", "nobody", "--json"),
    "interview": ("interview", "questions", "1", "--site", "nowhere", "--as", "nobody", "--json"),
    "services": ("services", "check", "--site", "nowhere", "--json"),
    "disclosure": ("disclosure_statistics", "--site", "alpha", "--json"),
    "surveys": ("survey", "export", "1", "--site", "nowhere", "--out", "x.csv", "--json"),
    "interaction": ("case", "status", "209900000001", "--code", "X", "--json"),
    "reposts": ("repost", NOBODY, "--site", "beta", "--column", "news", "--mode", "mirror", "--as", "beta_editor"),
    "library": ("library", "list", "--site", "alpha", "--json"),
    "distribution": ("push_status", NOBODY, "--json"),
    "harvesting": ("harvest", "file:///etc/passwd", "--json"),
    "search": ("search", "没有的话", "--site", "nowhere", "--json"),
    "vocabularies": ("vocabulary", "list", "kind", "--json"),
}


@pytest.fixture
def alpha_rewritten(own_database, live):
    """A title that nobody cleared, so that there is a fault to find."""
    page = live("article")
    with tenant_context(get_tenant("alpha")):
        Page.objects.filter(pk=page.pk).update(title="没有审过的标题")


def test_a_process_says_what_a_call_says(own_database, live, alpha_rewritten, subtests):
    statuses = set()
    for family, words in WORDS.items():
        with subtests.test(family):
            process, called = verb_process(own_database, *words), call_verb(*words)
            told = [(done.returncode, done.stdout, done.stderr) for done in (process, called)]
            assert told[0] == told[1]
            statuses.add(process.returncode)
    assert statuses == {0, 1, 2, 3}


def test_so_does_one_that_python_has_just_been_started_for(own_database, live, alpha_rewritten, subtests):
    for status, family in COLD.items():
        words = WORDS[family]
        with subtests.test(family):
            forked = verb_process(own_database, *words)
            with cold():
                started = verb_process(own_database, *words)
            assert started.returncode == status
            assert (forked.returncode, forked.stdout, forked.stderr) == (status, started.stdout, started.stderr)
