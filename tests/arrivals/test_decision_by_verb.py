"""``historical_decision``: the two reviewers decide on an arrival from the shell."""

import json

import pytest
from django_tenants.utils import tenant_context

from govplatform.tenancy.queries import get_tenant
from sites.arrivals.actions import start_import
from sites.arrivals.running import work_on
from sites.articles.models import Article
from tests import factories
from tests.arrivals.uploading import surveyed
from tests.verbs import call_verb


@pytest.fixture
def arrival(db, tmp_path):
    with tenant_context(get_tenant("alpha")):
        return surveyed(tmp_path)


@pytest.fixture
def told():
    def tell(*words):
        done = call_verb("historical_decision", "--site", "alpha", *words, "--json")
        return done.returncode, json.loads(done.stdout) if done.stdout else {}

    return tell


def test_proposed_approved_and_carried_out(arrival, told):
    status, listed = told()
    (one,) = listed["arrivals"]
    assert (status, one["arrival"], one["pages"], one["decisions"]) == (0, arrival.pk, 3, [])
    propose = ("--propose", str(arrival.pk), "--reason", "旧网站已公开。", "--least-confidence", "0")
    assert told(*propose)[0] == 2
    assert told(*propose, "--as", "alpha_editor")[0] == 3
    status, made = told(*propose, "--as", "alpha_content")
    assert (status, made["state"], made["pages"], made["least_confidence"]) == (0, "proposed", 3, 0.0)
    number = str(made["decision"])
    status, refused = told("--approve", number, "--as", "alpha_secret")
    assert status == 3 and "批准意见" in refused["refused"][0]
    assert told("--approve", number, "--opinion", "同意。", "--as", "alpha_content")[0] == 3
    status, made = told("--approve", number, "--opinion", "同意。", "--as", "alpha_secret")
    assert (status, made["state"]) == (0, "valid")
    with tenant_context(get_tenant("alpha")):
        work_on(start_import(arrival, acting_user=factories.user("alpha_editor")))
        assert Article.objects.filter(live=True).exists()
    (one,) = told()[1]["arrivals"]
    assert one["published"] > 0 and one["decisions"][0]["state"] == "valid"


def test_a_proposal_is_rejected(arrival, told):
    made = told("--propose", str(arrival.pk), "--reason", "旧网站。", "--as", "alpha_content")[1]
    number = str(made["decision"])
    assert told("--end", number, "--as", "alpha_secret")[0] == 3
    status, ended = told("--end", number, "--reason", "先看样本。", "--as", "alpha_secret")
    assert (status, ended["state"]) == (0, "ended")
    assert told("--approve", number, "--opinion", "同意。", "--as", "alpha_secret")[0] == 3


def test_what_there_is_not_is_refused(arrival, told):
    for words in (("--propose", "9999", "--reason", "x"), ("--approve", "9999", "--opinion", "x"), ("--end", "0")):
        status, answer = told(*words, "--as", "alpha_content")
        assert status == 3 and words[1] in answer["refused"][0], words
    status, answer = told(
        "--propose", str(arrival.pk), "--reason", "x", "--least-confidence", "1.5", "--as", "alpha_content"
    )
    assert status == 3 and "最低把握" in answer["refused"][0]
