"""Who may keep a dictionary, and what a scan is told afterwards."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.dictionaries.actions import (
    add_word,
    allow_value,
    change_word,
    export_words,
    heed_word,
    ignore_word,
    import_words,
    retire_word,
    revoke_value,
)
from govplatform.dictionaries.models import AllowedValue, Word, WordChange
from govplatform.dictionaries.queries import words_and_allowed_values, words_for
from govplatform.dictionaries.word_table import Fault, WordRow
from govplatform.refusals import Refused


def told(tenant, on=None):
    return {word.word: word for word in words_for(tenant, on)[0]}


def version(tenant):
    return words_for(tenant)[1]


def row(word, line=2, **values):
    usual = {
        "kind": "wrong",
        "severity": "warn",
        "suggestion": "",
        "effective_from": "",
        "effective_until": "",
        "note": "",
    }
    return WordRow(line=line, word=word, **{**usual, **values})


@pytest.mark.parametrize(
    "who", ["alpha_editor", "alpha_admin", "alpha_auditor", "beta_content", "operator", "outsider"]
)
def test_a_site_s_dictionary_is_kept_by_its_reviewers_alone(site, person, who):
    with pytest.raises(Refused, match="内容审核或保密审查"):
        add_word(site("alpha"), word="测试词甲", acting_user=person(who))
    with pytest.raises(Refused):
        allow_value(site("alpha"), "0000-12345678", kind="number", reason="热线", acting_user=person(who))
    with pytest.raises(Refused):
        import_words(site("alpha"), [row("测试词甲")], acting_user=person(who))
    with pytest.raises(Refused):
        export_words(site("alpha"), "csv", acting_user=person(who))
    assert not Word.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"), [("operator", True), ("supervisor", True), ("alpha_secret", False), ("alpha_admin", False)]
)
def test_the_platform_s_dictionary_is_kept_in_the_console(site, person, who, may):
    if not may:
        with pytest.raises(Refused, match="平台运维或监管员"):
            add_word(None, word="测试词甲", acting_user=person(who))
        return
    word = add_word(None, word="测试词甲", acting_user=person(who))
    entry = Entry.objects.filter(chain=PLATFORM_CHAIN).order_by("-number").first()
    assert (entry.act, entry.object_id, entry.actor_id) == ("dictionary.add", str(word.pk), person(who).pk)


def test_a_word_of_one_site_is_told_there_alone(site, person):
    add_word(site("alpha"), word="测试词甲", suggestion="好词", severity="block", acting_user=person("alpha_secret"))
    add_word(None, word="平台词语", acting_user=person("operator"))
    assert told(site("alpha")).keys() == {"测试词甲", "平台词语"}
    assert told(site("beta")).keys() == told(None).keys() == {"平台词语"}
    word = told(site("alpha"))["测试词甲"]
    assert (word.kind, word.severity, word.suggestion) == ("wrong", "block", "好词")
    assert Entry.objects.filter(chain=site("alpha").schema_name, act="dictionary.add").count() == 1


def test_days_are_included_at_both_ends(site, person):
    first, last = datetime.date(2026, 3, 1), datetime.date(2026, 3, 31)
    add_word(
        None, word="三月词语", effective_from=str(first), effective_until=str(last), acting_user=person("operator")
    )
    one = datetime.timedelta(days=1)
    said = ["三月词语" in told(site("alpha"), day) for day in (first - one, first, last, last + one)]
    assert said == [False, True, True, False]


def test_the_same_word_again_is_refused_unless_the_days_are_apart(site, person):
    who = person("operator")
    add_word(None, word="ＡＢ词语", effective_until="2026-03-31", acting_user=who)
    with pytest.raises(Refused, match="日期重叠"):
        add_word(None, word="ab 词语", acting_user=who)
    later = add_word(None, word="AB词语", effective_from="2026-04-01", acting_user=who)
    with pytest.raises(Refused, match="日期重叠"):
        change_word(later, effective_from="2026-03-31", acting_user=who)
    add_word(site("alpha"), word="AB词语", acting_user=person("alpha_content"))


def test_the_stricter_severity_counts_where_both_hold_a_word(site, person):
    add_word(None, word="测试词甲", severity="block", suggestion="平台建议", acting_user=person("operator"))
    add_word(site("alpha"), word="测试词甲", severity="info", suggestion="本站建议", acting_user=person("alpha_secret"))
    word = told(site("alpha"))["测试词甲"]
    assert (word.severity, word.suggestion) == ("block", "本站建议")


def test_the_version_is_another_whenever_the_words_are(site, person):
    alpha, who = site("alpha"), person("alpha_secret")
    seen = [version(alpha)]
    word = add_word(alpha, word="测试词甲", acting_user=who)
    seen.append(version(alpha))
    word = change_word(word, severity="block", acting_user=who)
    seen.append(version(alpha))
    platform = add_word(None, word="平台词语", acting_user=person("operator"))
    seen.append(version(alpha))
    value = allow_value(alpha, "0000-12345678", kind="number", reason="公开热线", acting_user=who)
    seen.append(version(alpha))
    assert len(set(seen)) == len(seen)
    revoke_value(value, reason="停用", acting_user=who)
    assert version(alpha) == seen[3]
    ignore_word(platform, alpha, reason="本站专名", acting_user=who)
    assert version(alpha) == seen[2]
    retire_word(word, reason="不再需要", acting_user=who)
    assert version(alpha) == seen[0]
    assert version(site("beta")) != seen[0]


def test_a_note_alone_leaves_the_version_as_it_was(site, person):
    word = add_word(None, word="测试词甲", acting_user=person("operator"))
    before = version(site("alpha"))
    change_word(word, note="新备注", acting_user=person("operator"))
    assert version(site("alpha")) == before


def test_words_cost_one_statement_while_nothing_changes(site, person, django_assert_num_queries):
    add_word(None, word="测试词甲", acting_user=person("operator"))
    alpha = site("alpha")
    words_for(alpha)
    with django_assert_num_queries(1):
        words_for(alpha)
    with django_assert_num_queries(1):
        words_and_allowed_values(alpha)


def test_what_was_rolled_back_is_never_told(site, person):
    alpha = site("alpha")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add_word(alpha, word="测试词甲", acting_user=person("alpha_secret"))
        assert "测试词甲" in told(alpha)
        raise ZeroDivisionError
    assert "测试词甲" not in told(alpha)
    add_word(alpha, word="测试词乙", acting_user=person("alpha_secret"))
    assert told(alpha).keys() == {"测试词乙"}


def test_an_ignored_word_needs_a_reason_and_is_heeded_again(site, person):
    alpha, who = site("alpha"), person("alpha_content")
    word = add_word(None, word="平台词语", acting_user=person("operator"))
    with pytest.raises(Refused, match="理由"):
        ignore_word(word, alpha, reason=" ", acting_user=who)
    with pytest.raises(Refused):
        ignore_word(word, alpha, reason="不要", acting_user=person("alpha_editor"))
    ignore_word(word, alpha, reason="本站专名", acting_user=who)
    with pytest.raises(Refused, match="已经忽略"):
        ignore_word(word, alpha, reason="再一次", acting_user=who)
    assert "平台词语" not in told(alpha)
    assert "平台词语" in told(site("beta"))
    heed_word(word, alpha, acting_user=who)
    assert "平台词语" in told(alpha)
    acts = list(WordChange.objects.filter(word=word).order_by("pk").values_list("act", "site", "reason"))
    assert acts == [("added", "", ""), ("ignored", "alpha", "本站专名"), ("heeded", "alpha", "")]


def test_a_site_ignores_words_of_the_platform_only(site, person):
    word = add_word(site("alpha"), word="测试词甲", acting_user=person("alpha_content"))
    for code, who in (("alpha", "alpha_content"), ("beta", "beta_content")):
        with pytest.raises(Refused, match="只能忽略平台词库"):
            ignore_word(word, site(code), reason="不要", acting_user=person(who))


def test_allowed_values_are_the_site_s_own_and_the_platform_s(site, person):
    allow_value(
        site("alpha"), "（0000）1234 5678", kind="number", reason="政务热线", acting_user=person("alpha_secret")
    )
    allow_value(None, "www.Example.org", kind="host", reason="国家级平台", acting_user=person("supervisor"))
    assert words_and_allowed_values(site("alpha"))[1] == {"000012345678", "www.example.org"}
    assert words_and_allowed_values(site("beta"))[1] == {"www.example.org"}
    with pytest.raises(Refused, match="已在白名单"):
        allow_value(site("alpha"), "0000-12345678", kind="number", reason="重复", acting_user=person("alpha_secret"))
    value = AllowedValue.objects.get(tenant=site("alpha"))
    with pytest.raises(Refused):
        revoke_value(value, reason="", acting_user=person("alpha_secret"))
    revoke_value(value, reason="号码停用", acting_user=person("alpha_secret"))
    assert words_and_allowed_values(site("alpha"))[1] == {"www.example.org"}
    with pytest.raises(Refused, match="已经撤销"):
        revoke_value(value, reason="号码停用", acting_user=person("alpha_secret"))


def test_a_retired_word_stays_as_it_was_and_may_be_added_again(site, person):
    who = person("operator")
    word = add_word(None, word="测试词甲", acting_user=who)
    retire_word(word, reason="误加", acting_user=who)
    with pytest.raises(Refused, match="已停用"):
        change_word(word, note="x", acting_user=who)
    add_word(None, word="测试词甲", acting_user=who)


def test_the_history_of_a_word_cannot_be_rewritten(site, person):
    add_word(None, word="测试词甲", acting_user=person("operator"))
    for statement in (
        "UPDATE public.dictionaries_wordchange SET reason = 'x'",
        "DELETE FROM public.dictionaries_wordchange",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_import_adds_changes_and_leaves(site, person):
    alpha, who = site("alpha"), person("alpha_content")
    rows = [row("测试词甲", 2), row("测试词乙", 3, suggestion="乙的建议"), row("测试词丙", 4)]
    assert import_words(alpha, rows, acting_user=who).counts() == {
        "added": 3,
        "changed": 0,
        "retired": 0,
        "unchanged": 0,
    }
    rows = [row("测试词甲", 2), row("测试词乙", 3, suggestion="新建议"), row("测试词丁", 4)]
    trial = import_words(alpha, rows, acting_user=who, replace=True, dry_run=True)
    expected = {"added": 1, "changed": 1, "retired": 1, "unchanged": 1}
    assert trial.counts() == expected
    assert "测试词丁" not in told(alpha)
    before = Entry.objects.filter(chain=alpha.schema_name).count()
    assert import_words(alpha, rows, acting_user=who, replace=True, filename="表.csv").counts() == expected
    assert told(alpha).keys() == {"测试词甲", "测试词乙", "测试词丁"}
    assert told(alpha)["测试词乙"].suggestion == "新建议"
    entry = Entry.objects.filter(chain=alpha.schema_name).order_by("-number").first()
    assert entry.number == before + 1
    assert entry.detail["file"] == "表.csv"
    assert WordChange.objects.filter(word__word="测试词丙", act="retired").exists()


def test_one_bad_row_keeps_all_out_unless_it_is_to_be_skipped(site, person):
    alpha, who = site("alpha"), person("alpha_content")
    faults = [Fault(3, "词语", "没有填写词语。")]
    plan = import_words(alpha, [row("测试词甲")], faults, acting_user=who)
    assert plan.as_result()["skipped"] == [{"line": 3, "column": "词语", "reason": "没有填写词语。"}]
    assert not told(alpha)
    with pytest.raises(Refused, match="整体替换"):
        import_words(alpha, [row("测试词甲")], faults, acting_user=who, skip_bad=True, replace=True)
    import_words(alpha, [row("测试词甲")], faults, acting_user=who, skip_bad=True)
    assert told(alpha).keys() == {"测试词甲"}


def test_rows_that_say_the_same_or_share_days_are_faults(site, person):
    alpha, who = site("alpha"), person("alpha_content")
    add_word(alpha, word="旧有词语", effective_until="2026-03-31", acting_user=who)
    add_word(alpha, word="旧有词语", effective_from="2026-04-01", acting_user=who)
    rows = [row("测试词甲", 2), row("测试 词甲", 3), row("旧有词语", 4, effective_from="2026-01-01")]
    plan = import_words(alpha, rows, acting_user=who, dry_run=True)
    assert [(fault.line, fault.column) for fault in plan.faults] == [(3, "词语"), (4, "词语")]
    assert "第 2 行" in plan.faults[0].reason


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_changes_nothing_when_it_comes_back(site, person, kind, tmp_path):
    from govplatform.dictionaries.actions import read_words

    alpha, who = site("alpha"), person("alpha_content")
    add_word(alpha, word="=1+1词", severity="block", kind="sensitive", acting_user=who)
    add_word(alpha, word="分期词语", effective_until="2026-03-31", acting_user=who)
    add_word(alpha, word="分期词语", effective_from="2026-04-01", suggestion="建议", note="注", acting_user=who)
    content, count = export_words(alpha, kind, acting_user=who)
    path = tmp_path / f"out.{kind}"
    path.write_bytes(content)
    rows, faults, _notes = read_words(path, path.name)
    assert count == 3
    plan = import_words(alpha, rows, faults, acting_user=who, replace=True)
    assert (plan.counts(), plan.faults) == ({"added": 0, "changed": 0, "retired": 0, "unchanged": 3}, [])
