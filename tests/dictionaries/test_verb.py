"""``dictionary import`` and ``dictionary export`` as processes."""

import json

from .files import csv_file


def test_the_verb_imports_refuses_and_exports(verb, tmp_path):
    good = csv_file(tmp_path, "测试词甲,错误表述,提示,好词,,,", "测试词乙,敏感词,必须处理,,,,", encoding="gb18030")
    trial = verb("dictionary", "import", str(good), "--dry-run", "--json")
    assert json.loads(trial.stdout) == {"added": 2, "changed": 0, "retired": 0, "unchanged": 0, "skipped": []}
    done = verb("dictionary", "import", str(good), "--site", "alpha", "--as", "alpha_content", "--json")
    assert (done.returncode, json.loads(done.stdout)["added"]) == (0, 2), done.stderr

    bad = csv_file(tmp_path, "测试词丙", ",敏感词,提示", name="bad.csv")
    refused = verb("dictionary", "import", str(bad), "--site", "alpha", "--json")
    answer = json.loads(refused.stdout)
    assert (refused.returncode, answer["added"]) == (3, 0)
    assert (answer["skipped"][0]["line"], answer["skipped"][0]["column"]) == (3, "词语")
    assert answer["skipped"][0]["reason"]
    skipped = verb("dictionary", "import", str(bad), "--site", "alpha", "--skip-bad", "--json")
    assert (skipped.returncode, json.loads(skipped.stdout)["added"]) == (0, 1)

    out = tmp_path / "out.xlsx"
    exported = verb("dictionary", "export", str(out), "--site", "alpha", "--json")
    assert json.loads(exported.stdout) == {"file": str(out), "words": 3}
    again = verb("dictionary", "import", str(out), "--site", "alpha", "--replace", "--json")
    assert json.loads(again.stdout) == {"added": 0, "changed": 0, "retired": 0, "unchanged": 3, "skipped": []}

    assert verb("dictionary", "import", str(good), "--as", "alpha_editor", "--json").returncode == 3
    assert verb("dictionary", "import", str(tmp_path / "none.csv"), "--json").returncode == 3
    assert verb("dictionary", "import", str(good), "--replace", "--skip-bad").returncode == 2
    assert verb("dictionary", "export", str(tmp_path / "out.txt")).returncode == 3
