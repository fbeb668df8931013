"""A pack that cannot be used says why: the file, the entry, and the way out. One test for each fault."""

import re
from datetime import date

import pytest
from django.core import checks

from govplatform.refusals import Refused
from govplatform.rule_packs import checks as our_checks
from govplatform.rule_packs import queries
from govplatform.rule_packs.files import RulePackError
from govplatform.rule_packs.packs import load_rule_pack
from govplatform.rule_packs.queries import pack_states, usable_rule_packs

from .stated import HEAD, limit, state_packs

pytestmark = pytest.mark.unit

CITED = 'article = "平台约定"\n'
ITEM = '[[checklists.content]]\ncode = "a"\ntext = "甲"\narticle = "平台约定"\n'


@pytest.mark.parametrize(
    ("text", "key", "way_out"),
    [
        ("colour = 1\n", "colour", "删去或改正"),
        ("limits = 3\n", "limits", "应当是一节"),
        (limit("coffee_break", 3, "hours"), "limits.coffee_break", "平台没有使用这一项"),
        ("[limits]\nclaim = 3\n", "limits.claim", "写明 value、unit 和 article"),
        (limit("claim", 3, "hours") + "colour = 1\n", "limits.claim.colour", "value、unit、article"),
        (limit("claim", 0, "hours"), "limits.claim.value", "不小于 1"),
        ('[limits.claim]\nvalue = "4"\nunit = "hours"\n' + CITED, "limits.claim.value", "整数，现在是 4"),
        ('[limits.claim]\nvalue = true\nunit = "hours"\n' + CITED, "limits.claim.value", "整数"),
        ('[limits.claim]\nunit = "hours"\n' + CITED, "limits.claim.value", "没有写"),
        (limit("claim", 3, "persons"), "limits.claim.unit", "working_days（个工作日）"),
        (limit("claim", 3, "fortnights"), "limits.claim.unit", "fortnights"),
        (limit("aggregation_persons", 3, "hours"), "limits.aggregation_persons.unit", "persons（人）"),
        ("[limits.claim]\nvalue = 4\n" + CITED, "limits.claim.unit", "没有写"),
        (limit("content_review_levels", 4, "reviews"), "limits.content_review_levels.value", "1 至 3"),
        ('[limits.claim]\nvalue = 4\nunit = "hours"\n', "limits.claim.article", "平台约定"),
        (limit("claim", 4, "hours", "H34"), "limits.claim.article", "《河北省政府网站管理办法》第三十四条"),
        (limit("claim", 4, "hours") + 'verified = "yes"\n', "limits.claim.verified", "true"),
        (limit("claim", 4, "hours") + "note = 7\n", "limits.claim.note", "加引号"),
        ("[checklists]\ncontent4 = []\n", "checklists.content4", "content3"),
        ("[checklists]\ncontent = []\n", "checklists.content", "至少一条"),
        ('[[checklists.content]]\ncode = "a"\n' + CITED, "checklists.content[1].text", "不能为空"),
        (ITEM.replace('"a"', '" "'), "checklists.content[1].code", "不能为空"),
        (ITEM + ITEM, "checklists.content[2].code", "两次"),
        (ITEM.replace("平台约定", "J 3.2"), "checklists.content[1].article", "第三十四条"),
        (ITEM + "colour = 1\n", "checklists.content[1].colour", "code、text、article"),
        ("[review_levels]\n[review_levels.column_types]\nnews = 2\n", "review_levels.article", "依据"),
        (f"[review_levels]\n{CITED}moods = 2\n", "review_levels.moods", "column_types、kinds"),
        (f"[review_levels]\n{CITED}kinds = 2\n", "review_levels.kinds", "应当是一节"),
        (f'[review_levels]\n{CITED}[review_levels.kinds]\n"articles.article" = 0\n',
         "review_levels.kinds.articles.article", "1 至 3"),
        (f'[review_levels]\n{CITED}[review_levels.kinds]\n"articles.poem" = 2\n',
         "review_levels.kinds.articles.poem", "policies.policydocument"),
        (f"[review_levels]\n{CITED}[review_levels.column_types]\npoems = 2\n",
         "review_levels.column_types.poems", "interpretations"),
        ('[scanning.severities]\nmobile = "block"\n', "scanning.article", "依据"),
        (f'[scanning]\n{CITED}[scanning.severities]\nmobile = "loud"\n', "scanning.severities.mobile", "block"),
        (f'[scanning]\n{CITED}[scanning.severities]\nhoroscope = "info"\n', "scanning.severities.horoscope", "id-card"),
        (f"[scanning]\n{CITED}severities = 3\n", "scanning.severities", "应当是一节"),
        ("[masking]\nmobile = { keep_first = 3, keep_last = 4 }\n", "masking.article", "依据"),
        (f"[masking]\n{CITED}nothing = {{ keep_first = 1, keep_last = 1 }}\n", "masking.nothing", "id-card"),
        (f"[masking]\n{CITED}mobile = 3\n", "masking.mobile", "keep_first"),
        (f"[masking]\n{CITED}mobile = {{ keep_first = -1, keep_last = 1 }}\n", "masking.mobile.keep_first", "不小于 0"),
        (f"[masking]\n{CITED}mobile = {{ keep_first = 1 }}\n", "masking.mobile.keep_last", "没有写"),
        (f"[masking]\n{CITED}mobile = {{ keep_first = 1, keep_last = 1, keep_all = 1 }}\n",
         "masking.mobile.keep_all", "keep_first、keep_last"),
        (f'[working_time]\n{CITED}day_ends = "26:00"\n', "working_time.day_ends", "24:00"),
        (f"[working_time]\n{CITED}", "working_time.day_ends", "18:00"),
        ('[working_time]\nday_ends = "18:00"\n', "working_time.article", "依据"),
        (f'[working_time]\n{CITED}day_ends = "18:00"\nlunch = 1\n', "working_time.lunch", "day_ends"),
    ],
)  # fmt: skip
def test_a_fault_names_file_entry_and_way_out(settings, tmp_path, text, key, way_out):
    state_packs(settings, tmp_path, odd=text)
    with pytest.raises(RulePackError) as error:
        load_rule_pack("odd")
    assert [
        reason for reason in error.value.reasons if reason.startswith(f"odd.toml：{key}：") and way_out in reason
    ], error.value.reasons


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('extends = "national"\nversion = "1"\n', "label"),
        ('extends = "national"\nlabel = "甲"\n', "version"),
        ('extends = "national"\nlabel = "甲"\nversion = "2026 一"\n', "version"),
        ('extends = "national"\nlabel = "甲"\nversion = 2026.1\n', "version"),
        ('extends = "national"\nlabel = "甲"\nversion = "2026.1-with-a-long-story"\n', "version"),
        ('extends = "atlantis"\nlabel = "甲"\nversion = "1"\n', "extends"),
        ('extends = "../national"\nlabel = "甲"\nversion = "1"\n', "extends"),
        ('extends = 7\nlabel = "甲"\nversion = "1"\n', "extends"),
    ],
)
def test_a_file_says_what_it_is(settings, tmp_path, text, key):
    state_packs(settings, tmp_path)
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RulePackError, match=f"^odd.toml：{key}："):
        load_rule_pack("odd")


def test_a_file_that_no_site_could_name_is_a_fault(settings, tmp_path):
    state_packs(settings, tmp_path)
    (tmp_path / "My Pack.toml").write_text(HEAD, encoding="utf-8")
    (state,) = [state for state in pack_states() if state.faults]
    assert state.faults == [fault for fault in state.faults if fault.startswith("My Pack.toml：文件名：")]


def test_a_pack_on_its_own_has_to_state_everything(settings, tmp_path):
    state_packs(settings, tmp_path)
    (tmp_path / "odd.toml").write_text('label = "甲"\nversion = "1"\n' + limit("claim", 4, "hours"), encoding="utf-8")
    with pytest.raises(RulePackError) as error:
        load_rule_pack("odd")
    said = "\n".join(error.value.reasons)
    for key in ("limits.review_deadline", "checklists.content", "checklists.confidentiality", "working_time"):
        assert f"odd.toml：{key}：缺少" in said
    assert "limits.claim" not in said
    assert "extends" in said


def test_everything_wrong_is_said_at_once(settings, tmp_path):
    state_packs(settings, tmp_path, odd=limit("claim", 0, "persons") + limit("coffee_break", 1, "hours"))
    with pytest.raises(RulePackError) as error:
        load_rule_pack("odd")
    assert len(error.value.reasons) == 3


def test_a_fault_of_an_ancestor_is_said_of_the_ancestor(settings, tmp_path):
    state_packs(settings, tmp_path, near=limit("claim", 0, "hours"))
    (tmp_path / "nearer.toml").write_text(HEAD.replace("national", "near"), encoding="utf-8")
    with pytest.raises(RulePackError, match=r"^near.toml：limits.claim.value"):
        load_rule_pack("nearer")


def test_packs_that_extend_each_other_in_a_circle(settings, tmp_path):
    state_packs(settings, tmp_path)
    for one, other in (("near", "far"), ("far", "near")):
        (tmp_path / f"{one}.toml").write_text(HEAD.replace("national", other), encoding="utf-8")
    with pytest.raises(RulePackError, match=re.escape("near → far → near")):
        load_rule_pack("near")


@pytest.mark.parametrize("content", [b"label = \n", b'label = "\xff"\n'])
def test_a_file_that_is_no_toml(settings, tmp_path, content):
    state_packs(settings, tmp_path)
    (tmp_path / "odd.toml").write_bytes(content)
    with pytest.raises(RulePackError, match=r"^odd.toml：不是有效的 TOML.*national.toml"):
        load_rule_pack("odd")


def test_a_faulty_pack_is_a_refusal_and_cannot_be_chosen(settings, tmp_path):
    state_packs(settings, tmp_path, odd="colour = 1\n")
    with pytest.raises(Refused):
        load_rule_pack("odd")
    assert [pack.code for pack in usable_rule_packs()] == ["hebei", "jiangsu", "national"]
    assert [(state.code, len(state.faults)) for state in pack_states()][-1] == ("odd", 1)


def test_the_system_check_says_what_is_wrong(settings, tmp_path):
    assert our_checks.check_rule_packs() == []
    state_packs(settings, tmp_path, odd="colour = 1\n")
    said = [message for message in checks.run_checks(tags=[our_checks.TAG]) if message.id == "rule_packs.E001"]
    assert [message.msg.split("：")[:2] for message in said] == [["odd.toml", "colour"]]


def test_the_system_check_warns_before_the_calendar_ends(monkeypatch):
    monkeypatch.setattr(queries.timezone, "localdate", lambda: date(queries.KNOWN_YEARS[1], 12, 30))
    assert [message.id for message in our_checks.check_calendar()] == ["rule_packs.W001"]
    monkeypatch.setattr(queries.timezone, "localdate", lambda: date(queries.KNOWN_YEARS[1], 5, 1))
    assert our_checks.check_calendar() == []
