"""The verbs as processes."""

import json


def test_vocabulary_lists_adds_merges_retires_and_exports(verb, tmp_path):
    listed = json.loads(verb("vocabulary", "list", "subject", "--json").stdout)
    assert listed["terms"][0] == {
        "code": "01", "label": "国务院组织机构", "parent": "", "aliases": [], "order": 1, "status": "active",
        "merged_into": "", "note": "", "used": 0,
    } | {"order": listed["terms"][0]["order"]}  # fmt: skip
    added = verb("vocabulary", "add", "subject", "--label", "低空经济", "--parent", "07", "--json")
    assert json.loads(added.stdout)["code"] == "0708"
    merged = verb("vocabulary", "merge", "subject", "--code", "0708", "--into", "0706", "--json")
    assert json.loads(merged.stdout)["answers_as"] == "0706"
    assert verb("vocabulary", "retire", "subject", "--code", "02", "--json").returncode == 3
    out = tmp_path / "terms.csv"
    assert verb("vocabulary", "export", "kind", "--out", str(out), "--json").returncode == 0
    taken = verb("vocabulary", "import", "kind", "--file", str(out), "--json")
    assert (taken.returncode, json.loads(taken.stdout)["added"]) == (0, [])
    assert verb("vocabulary", "import", "kind").returncode == 2


def test_reclassify_says_what_it_would_do_and_refuses_what_is_not_there(verb):
    seen = verb("reclassify", "--from", "0201", "--to", "0202", "--preview", "--json")
    assert json.loads(seen.stdout) == {"total": 0, "sites": {}, "samples": []}
    assert verb("reclassify", "--from", "0201", "--to", "0202", "--json").returncode == 3
    assert verb("reclassify", "--from", "0201").returncode == 2
    assert verb("reclassify", "--undo", "77", "--json").returncode == 3
