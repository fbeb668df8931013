"""``dictionary import`` and ``dictionary export`` as processes."""

import json

from openpyxl import load_workbook

from .files import csv_file, xlsx_file


def test_the_verb_imports_refuses_and_exports(verb, tmp_path):
    good = csv_file(tmp_path, "测试词甲,错误表述,提示,好词,,,", "测试词乙,敏感词,必须处理,,,,", encoding="gb18030")
    trial = verb("dictionary", "import", str(good), "--dry-run", "--json")
    usual = {"added": 0, "changed": 0, "retired": 0, "unchanged": 0, "skipped": [], "notes": []}
    assert json.loads(trial.stdout) == {**usual, "added": 2}
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
    assert json.loads(again.stdout) == {**usual, "unchanged": 3}

    assert verb("dictionary", "import", str(good), "--as", "alpha_editor", "--json").returncode == 3
    assert verb("dictionary", "import", str(tmp_path / "none.csv"), "--json").returncode == 3
    assert verb("dictionary", "import", str(good), "--replace", "--skip-bad").returncode == 2
    assert verb("dictionary", "export", str(tmp_path / "out.txt")).returncode == 3


def test_the_verb_names_hidden_rows(verb, tmp_path):
    path = xlsx_file(tmp_path, ["测试词甲"], ["测试词乙"])
    book = load_workbook(path)
    book.active.row_dimensions[3].hidden = True
    book.save(path)
    said = verb("dictionary", "import", str(path), "--dry-run")
    assert said.returncode == 0 and "第 3 行" in said.stdout, said.stdout
