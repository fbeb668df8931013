"""The verb ``repost``."""

import json

import pytest


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def test_the_verb(live, verb):
    resource = live.resource("article")
    words = ["repost", str(resource.uuid), "--site", "beta", "--column", "news", "--mode", "mirror"]
    done = verb(*words, "--as", "beta_editor", "--submit", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["mode"], told["version"]) == ("mirror", 1)
    shown = json.loads(verb("show_page", "--site", "beta", "--page", str(told["page"]), "--json").stdout)
    assert (shown["status"], shown["mode"], shown["version"], shown["pending_version"]) == (
        "in_review",
        "mirror",
        1,
        None,
    )
    again = verb(*words, "--as", "beta_editor", "--json")
    assert again.returncode == 3 and "已经转载" in json.loads(again.stdout)["refused"][0]
    stranger = verb(*words, "--as", "alpha_editor", "--json")
    assert stranger.returncode == 3 and "没有编辑角色" in json.loads(stranger.stdout)["refused"][0]
