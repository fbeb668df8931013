"""``rule_pack show`` and ``rule_pack check``."""

import json

import pytest
from django.core.management import CommandError, call_command

from govplatform.rule_packs import queries
from govplatform.tenancy.models import Tenant

from .stated import HEAD, limit, state_packs


def said(capsys, *words, status=0):
    """What the verb printed; JSON is read."""
    try:
        call_command("rule_pack", *words)
        ended = 0
    except SystemExit as error:
        ended = error.code
    out = capsys.readouterr()
    assert ended == status, out
    return json.loads(out.out) if "--json" in words else out.out + out.err


def test_a_pack_is_shown_with_units_articles_and_sites(db, capsys):
    Tenant.objects.filter(code="beta").update(rule_pack="jiangsu")
    shown = said(capsys, "show", "jiangsu", "--json")
    assert (shown["name"], shown["stamp"], shown["extends"]) == ("jiangsu", f"jiangsu {shown['version']}", ["national"])
    assert shown["sites"] == ["beta"]
    limits = {row["name"]: row for row in shown["limits"]}
    repost = limits["repost_important_policy"]
    assert (repost["value"], repost["unit"], repost["words"], repost["verified"]) == (12, "hours", "12 小时", True)
    assert repost["article"].endswith("第二部分第（二）项")
    assert (limits["review_deadline"]["words"], limits["review_deadline"]["stated_by"]) == ("1 个工作日", "national")
    assert shown["working_time"]["day_ends"] == "24:00"
    assert "第二百零三条" in shown["working_time"]["article"]
    assert shown["checklists"]["confidentiality"][0]["article"] == "《中华人民共和国政府信息公开条例》第十四条"
    assert {row["label"] for row in shown["masking"]} >= {"身份证号码", "手机号码"}
    assert shown["calendar"]["until"].endswith("-12-31")


def test_levels_and_severities_are_shown_in_words(db, settings, tmp_path, capsys):
    text = '[scanning]\narticle = "平台约定"\n[scanning.severities]\nmobile = "block"\n'
    state_packs(settings, tmp_path, other=text)
    shown = said(capsys, "show", "other", "--json")
    assert [(row["label"], row["words"]) for row in shown["severities"]] == [("手机号码", "必须处理")]
    shown = said(capsys, "show", "hebei", "--json")
    assert {(row["label"], row["levels"]) for row in shown["review_levels"]} == {("政策文件", 2), ("政策解读", 2)}
    words = said(capsys, "show", "hebei")
    for part in (
        "河北规则",
        "沿用：national",
        "2 级",
        "24 小时",
        "《河北省政府网站管理办法》第二十条",
        "审查要点：保密审查",
    ):
        assert part in words
    assert "（待核）" in words


def test_a_person_reads_how_far_the_calendar_goes(db, capsys, monkeypatch):
    monkeypatch.setattr(queries, "calendar_warning", lambda today: "工作日历只到今年。")
    assert "注意：工作日历只到今年。" in said(capsys, "show", "national")
    assert "注意：工作日历只到今年。" in said(capsys, "check")
    assert said(capsys, "check", "--json")["calendar"]["warning"] == "工作日历只到今年。"


def test_an_unknown_pack_is_refused(db, capsys):
    assert "national" in said(capsys, "show", "atlantis", "--json", status=3)["refused"][0]


def test_wrong_use(db, tmp_path):
    for words in (("show",), ("show", "national", "hebei"), ("check", str(tmp_path / "missing.toml")), ("paint",)):
        with pytest.raises(CommandError):
            call_command("rule_pack", *words)


def test_all_shipped_packs_are_sound(capsys):
    checked = said(capsys, "check", "--json")
    assert [(pack["name"], pack["faults"]) for pack in checked["packs"]] == [
        ("hebei", []), ("jiangsu", []), ("national", []),
    ]  # fmt: skip
    assert "limits.notice_stale" in checked["packs"][2]["unverified"]


def test_files_that_are_to_become_packs_are_checked_too(tmp_path, capsys):
    good, bad = tmp_path / "yunjiang.toml", tmp_path / "odd.toml"
    good.write_text(HEAD + limit("claim", 6, "hours"), encoding="utf-8")
    bad.write_text(HEAD + limit("claim", 6, "persons"), encoding="utf-8")
    assert said(capsys, "check", str(good), "--json")["packs"][-1]["version"] == "1"
    checked = said(capsys, "check", str(good), str(bad), "--json", status=1)["packs"]
    assert [pack["name"] for pack in checked[-2:] if pack["faults"]] == ["odd"]
    assert "odd.toml：limits.claim.unit" in said(capsys, "check", str(bad), status=1)


def test_the_check_needs_no_database(verb):
    done = verb("rule_pack", "check", "--json", env={"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["packs"]) == 3
