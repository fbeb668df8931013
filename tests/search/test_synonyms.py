"""Other words: kept by operators for all sites, asked together with the words that were typed, shown beforehand."""

import html
import json
import re

import pytest
from django.utils.module_loading import import_string
from django_tenants.utils import schema_context

from govplatform.audit.models import PLATFORM_CHAIN, Entry
from govplatform.refusals import Refused
from govplatform.settings import base
from search.asking.parsing import parse
from search.asking.synonyms import MOST_TOGETHER, MOST_WAYS, Synonyms, other_words
from search.models import SynonymGroup
from search.queries import search
from search.synonyms.actions import add_synonyms, change_synonyms, import_synonyms, remove_synonyms
from search.synonyms.shipped import load_shipped, shipped_groups
from search.synonyms.written import read_lines, write_lines
from tests import factories

from .conftest import titles

ONLINE = Synonyms(("一网通办", "在线办事", "网上办理"))


@pytest.fixture
def verb(verb_inside):
    return verb_inside


def ways(question: str, *groups: Synonyms) -> dict[str, tuple[str, ...]]:
    return other_words(parse(question), groups)


def test_a_word_is_replaced_by_the_others_of_its_group():
    assert ways("一网通办", ONLINE) == {"一网通办": ("在线办事", "网上办理")}
    assert ways("一網通辦", ONLINE) == {"一网通办": ("在线办事", "网上办理")}
    assert ways("在线办事", ONLINE) == {"在线办事": ("一网通办", "网上办理")}


def test_a_word_inside_of_a_longer_one_is_replaced_there():
    assert ways("一网通办平台", ONLINE) == {"一网通办平台": ("在线办事平台", "网上办理平台")}


def test_one_way_leads_from_the_first_word_to_the_others_alone():
    short = Synonyms(("省政府", "省人民政府"), one_way=True)
    assert ways("省政府", short) == {"省政府": ("省人民政府",)}
    assert ways("省人民政府", short) == {}


def test_groups_that_name_each_other_are_not_followed():
    assert ways("甲乙", Synonyms(("甲乙", "丙丁")), Synonyms(("丙丁", "戊己"))) == {"甲乙": ("丙丁",)}


def test_the_longest_word_counts_and_what_lies_in_it_does_not():
    assert ways("网上办理", ONLINE, Synonyms(("办理", "处理"))) == {"网上办理": ("一网通办", "在线办事")}


def test_ways_are_bounded_for_a_word_and_for_a_question():
    many = [
        Synonyms((f"词语{first}{second}", *(f"别的{n}号" for n in range(11))))
        for first in "甲乙丙"
        for second in "子丑寅"
    ]
    found = ways(" ".join(group.words[0] for group in many), *many)
    assert all(len(one) <= MOST_WAYS for one in found.values())
    assert sum(map(len, found.values())) == MOST_TOGETHER


@pytest.mark.parametrize("question", ['"一网通办"', "《一网通办》", "-一网通办", "〔2017〕47号"])
def test_what_is_quoted_or_excluded_is_asked_as_it_is(question):
    assert ways(question, ONLINE) == {}


def test_a_question_finds_what_says_it_in_other_words_behind_its_own(found, live):
    title = live("article").title
    assert titles("平常信息") == []
    group = add_synonyms(["平常", "普通"], acting_user=None)
    assert titles("平常信息") == [title]
    assert [segment.text for segment in search("平常信息").hits[0].title if segment.marked] == ["普通信息"]
    assert titles('"平常信息"') == []
    change_synonyms(group, ["平常", "普通"], one_way=False, enabled=False, note="", acting_user=None)
    assert titles("平常信息") == []
    change_synonyms(group, ["普通", "平常"], one_way=True, enabled=True, note="", acting_user=None)
    assert titles("平常信息") == []
    remove_synonyms(group, acting_user=None)
    with pytest.raises(Refused):
        remove_synonyms(group, acting_user=None)


def test_every_act_is_recorded_in_the_platforms_chain(db):
    group = add_synonyms(["甲乙", "丙丁"], acting_user=factories.user("operator"))
    change_synonyms(group, ["甲乙", "丙丁", "戊己"], one_way=False, enabled=True, note="新", acting_user=None)
    remove_synonyms(group, acting_user=None)
    acts = Entry.objects.filter(chain=PLATFORM_CHAIN, act__startswith="synonyms.").order_by("number")
    assert [entry.act for entry in acts] == ["synonyms.add", "synonyms.change", "synonyms.remove"]
    assert acts[1].detail["before"]["words"] == ["甲乙", "丙丁"] and acts[1].detail["after"]["note"] == "新"


@pytest.mark.parametrize(
    "words", [["甲乙"], ["甲乙", "甲乙"], ["資訊", "资讯"], ["甲", "乙丙"], ["甲乙", "。"], ["甲" * 41, "乙丙"],
              ["甲乙", "丙\x00丁"], [f"词{n}" for n in range(13)], ["甲。乙", "丙丁"]]
)  # fmt: skip
def test_words_that_make_no_group_are_refused(db, words):
    with pytest.raises(Refused):
        add_synonyms(words, acting_user=None)
    assert not SynonymGroup.objects.exists()


def test_the_same_group_is_not_added_twice_in_any_order_or_writing(db):
    add_synonyms(["资讯", "信息"], acting_user=None)
    with pytest.raises(Refused, match="已经有"):
        add_synonyms(["信息", "資訊"], acting_user=None)
    add_synonyms(["资讯", "信息"], one_way=True, acting_user=None)


def test_lines_are_read_and_written_alike(db):
    text = "一网通办 = 在线办事 = 网上办事\n# 只有说明\n\n- 省政府 => 省人民政府  # 简称\n一致＝同样\n"
    groups, faults = read_lines(text)
    assert faults == []
    assert import_synonyms(groups, acting_user=None) == {"groups": 3, "added": 3, "changed": 0}
    written = "".join(write_lines(SynonymGroup.objects.order_by("pk")))
    assert written == "一网通办 = 在线办事 = 网上办事\n- 省政府 => 省人民政府  # 简称\n一致 = 同样\n"
    again, _faults = read_lines(written.replace("- 省", "省"))
    assert import_synonyms(again, acting_user=None) == {"groups": 3, "added": 0, "changed": 1}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("只有一个", "至少要有两个"),
        ("甲乙 = ", "没有词语"),
        ("甲乙 = 丙丁 => 戊己", "前面只能有一个"),
        ("甲乙 => 丙丁 => 戊己", "前面只能有一个"),
        ("甲 = 乙丙", "只有一个字"),
        ("甲乙 = 甲乙", "同一个词语"),
        ("在线办事 = 一网通办", "与第 1 行是同一组"),
    ],
)
def test_a_bad_line_is_told_by_its_number(line, said):
    _groups, faults = read_lines(f"一网通办 = 在线办事\n\n{line}\n")
    assert [(fault.line, said in fault.reason) for fault in faults] == [(3, True)]


def test_the_list_that_comes_along_is_without_fault():
    from pathlib import Path

    import search.synonyms

    path = Path(search.synonyms.__file__).parent / "lists" / "government.list"
    groups, faults = read_lines(path.read_text(encoding="utf-8"))
    assert faults == [] and len(groups) > 50


def test_those_that_come_along_are_there_when_a_platform_is_set_up(db):
    for path in base.FIRST_DATA:
        import_string(path)()
        # Broken off and done again it adds nothing.
        import_string(path)()
    assert SynonymGroup.objects.count() == len(shipped_groups()) > 100
    asked = {word for group in SynonymGroup.objects.all() for word in group.forms}
    assert {"职教", "非遗", "低保", "医保", "公积金", "高新区"} <= asked


def test_what_somebody_changed_of_them_stays_and_what_is_new_is_added(db):
    first, second, *_others = shipped_groups()
    load_shipped(acting_user=None)
    SynonymGroup.objects.filter(key=first.key).update(enabled=False, note="不用")
    SynonymGroup.objects.filter(key=second.key).delete()
    assert load_shipped(acting_user=None)["added"] == 1
    kept = SynonymGroup.objects.get(key=first.key)
    assert (kept.enabled, kept.note) == (False, "不用")


def test_an_operator_reads_those_that_come_along_before_they_are_added(db, console):
    client = console("operator", "console")
    assert "还没有载入" in client.get("/admin/synonyms/").content.decode()
    page = client.get("/admin/synonyms/?shipped=1").content.decode()
    [lines] = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert "非遗 = 非物质文化遗产" in lines
    client.post("/admin/synonyms/", {"lines": html.unescape(lines)})
    assert SynonymGroup.objects.count() == len(shipped_groups())
    assert "还没有载入" not in client.get("/admin/synonyms/").content.decode()


def test_the_verb_loads_those_that_come_along(verb):
    assert json.loads(verb("synonyms", "load", "--json").stdout)["added"] == len(shipped_groups())
    assert json.loads(verb("synonyms", "load", "--json").stdout)["added"] == 0


def test_the_verb_imports_lists_and_exports(verb, tmp_path):
    file = tmp_path / "groups.txt"
    file.write_text("一网通办 = 在线办事\n省政府 => 省人民政府 # 简称\n", encoding="utf-8")
    done = json.loads(verb("synonyms", "import", str(file), "--json").stdout)
    assert (done["added"], len(done["groups"])) == (2, 2)
    listed = json.loads(verb("synonyms", "list", "--json").stdout)
    assert listed["groups"][1] == {"words": ["省政府", "省人民政府"], "one_way": True, "enabled": True, "note": "简称"}
    out = tmp_path / "out.txt"
    assert verb("synonyms", "export", str(out)).returncode == 0
    assert out.read_text(encoding="utf-8") == "一网通办 = 在线办事\n省政府 => 省人民政府  # 简称\n"


def test_the_verb_names_bad_lines_and_imports_nothing(verb, tmp_path):
    file = tmp_path / "groups.txt"
    file.write_text("甲乙 = 丙丁\n坏行\n", encoding="utf-8")
    told = verb("synonyms", "import", str(file), "--json")
    assert told.returncode == 3
    assert any("第 2 行" in reason for reason in json.loads(told.stdout)["refused"])
    file.write_bytes("甲乙 = 丙丁\n".encode() + b"\xff\xfe\n")
    assert "第 2 行" in json.loads(verb("synonyms", "import", str(file), "--json").stdout)["refused"][0]
    assert json.loads(verb("synonyms", "list", "--json").stdout) == {"groups": []}
    assert verb("synonyms", "import", str(tmp_path / "none.txt")).returncode == 2
    assert verb("synonyms", "list", str(file)).returncode == 2


def test_the_console_shows_what_a_group_does_before_it_is_kept(found, live, console):
    client = console("operator", "console")
    given = {"words": "平常\n普通", "enabled": "on", "note": "", "tried": "平常信息", "act": "preview"}
    text = client.post("/admin/synonyms/add/", given).content.decode()
    assert live("article").title in text and 'class="w-status"' in text
    with schema_context("public"):
        assert not SynonymGroup.objects.exists()
    assert client.post("/admin/synonyms/add/", {**given, "act": "change"}).status_code == 302
    group = SynonymGroup.objects.get()
    assert "平常 = 普通" in client.get("/admin/synonyms/", {"q": "普通", "state": "on"}).content.decode()
    assert "平常 = 普通" not in client.get("/admin/synonyms/", {"q": "防汛"}).content.decode()
    page = f"/admin/synonyms/{group.pk}/"
    assert "平常" in client.get(page).content.decode()
    assert "一行" not in client.post(page, {**given, "words": "平常"}).content.decode()
    assert client.post(page, {"act": "remove"}).status_code == 302
    assert not SynonymGroup.objects.exists()
    refused = client.post("/admin/synonyms/", {"lines": "甲乙 = 丙丁\n坏行"}).content.decode()
    assert "第 2 行" in refused and "甲乙 = 丙丁" in refused


def test_nobody_else_opens_the_screens(db, console):
    for person, site in (("alpha_admin", "alpha"), ("alpha_editor", "alpha")):
        assert console(person, site).get("/admin/synonyms/").status_code in (403, 404)
