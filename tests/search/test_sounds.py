"""Titles are found by how they sound: zhengce, zc, 政ce; words of letters stay words of letters."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from content_library.models import Resource
from govplatform.tenancy.queries import get_tenant
from search.asking.sounds import cuts, sounding_ways
from search.indexing.actions import index_resources
from search.models import AskedTerm
from search.offering import Origin, suggest
from search.queries import search
from search.suggesting import offer_titles
from search.text.folding import fold
from search.text.sounds import sound_lexemes, sound_lines
from tests import factories
from tests.layers import layered

from .conftest import titles

TITLE = "关于印发绿色建筑扶持政策的通知"
OTHER = "重庆银行支持GDP核算工作"


@layered
def sounding():
    """Two live articles; the text of a third one has letters in it."""
    with tenant_context(get_tenant("alpha")):
        body = [{"type": "rich_text", "value": "<p>全年 GDP 增长，见 www.example.com/zhengce/。</p>"}]
        for title in (TITLE, OTHER):
            factories.live_article(title=title)
        factories.live_article(title="年度公报", body=body)
    index_resources(Resource.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("政策文件", ["zhengcewenjian", "zcwj"]),
        ("重庆银行", ["chongqingyinhang", "cqyh"]),
        ("绿色发展", ["lvsefazhan", "lsfz"]),
        ("2024年政策", ["2024nianzhengce", "2024nzc"]),
        ("GDP", []),
        ("", []),
    ],
)
def test_a_title_sounds_as_its_words_are_read(title, lines):
    assert sound_lines(fold(title))[: len(lines)] == lines and bool(sound_lines(fold(title))) == bool(lines)


def test_readings_are_two_at_most_and_one_where_a_word_decides():
    assert {"~hang", "~zhang"} <= sound_lexemes(fold("行长"))
    assert "~xing" not in sound_lexemes(fold("银行"))
    assert {"~chang", "~zhang"} <= sound_lexemes(fold("甲长甲"))
    assert len(sound_lines(fold("行长" * 100))) <= 4


@pytest.mark.parametrize(
    ("letters", "cut"),
    [("zhengce", ("zheng", "ce")), ("lueduo", ("lve", "duo")), ("gdp", None), ("zhengc", None), ("q" * 40, None)],
)
def test_letters_are_cut_into_whole_syllables(letters, cut):
    assert (cuts(letters) or [None])[0] == cut


def test_letters_that_can_be_cut_in_two_ways_are_asked_in_both_and_few():
    assert [parts for _needs, parts in sounding_ways("fangan")] == [("fangan",), ("fangan",)]
    assert len(cuts("xian" * 10)) <= 3


@pytest.mark.parametrize(
    "typed",
    ["lvsejianzhu", "ZhengCe", "ｚｈｅｎｇｃｅ", "fuchizhengce", "lsjz", "fczc", "zc", "绿se", "lvse建筑", "扶chi政策"],
)
def test_pinyin_initials_and_mixtures_find_a_title(sounding, typed):
    assert TITLE in titles(typed)


def test_other_words_narrow_what_a_sound_finds(sounding):
    assert titles("zhengce 建筑") == [TITLE]
    assert TITLE not in titles("zhengce 银行")
    assert TITLE not in titles("zhengce -建筑")


def test_a_title_by_its_sound_comes_before_a_text_with_the_letters(sounding):
    assert titles("zhengce") == [TITLE, "年度公报"]


def test_letters_that_stand_in_a_text_are_no_initials(sounding):
    with tenant_context(get_tenant("alpha")):
        factories.live_article(title="工党派员")
    index_resources(Resource.objects.values_list("pk", flat=True))
    assert titles("GDP") == [OTHER, "年度公报"]


@pytest.mark.parametrize("typed", ['"zhengce"', "《zc》", "zhengceju", "zhengcehua", "cezheng", "jianzhulvse"])
def test_what_is_quoted_or_sounds_otherwise_does_not_find_it(sounding, typed):
    assert TITLE not in titles(typed)


def test_syllables_of_a_title_that_stand_apart_are_no_sound_of_a_word(db):
    with tenant_context(get_tenant("alpha")):
        factories.live_article(title="政策甲策文乙文件")
    index_resources(Resource.objects.values_list("pk", flat=True))
    assert titles("zhengcewenjian") == []
    assert titles("cewen") == ["政策甲策文乙文件"]


def test_titles_are_offered_while_a_syllable_is_being_typed(sounding):
    for typed in ("lvs", "lvsej", "zhengc", "lsj", "fuchizh"):
        assert TITLE in offer_titles(typed), typed


def test_citizens_are_offered_titles_by_their_sound_and_nobody_s_letters(sounding):
    """By the door that they use: what others asked in letters is no title, even where one sounds so."""
    for typed in ("zhengc", "fczc", "绿se"):
        assert [one.text for one in suggest(typed)] == [TITLE], typed
    AskedTerm.objects.create(tenant=get_tenant("alpha"), day=timezone.localdate(), term="fczcdtz", asked=50)
    assert [(one.text, one.origin) for one in suggest("fcz")] == [(TITLE, Origin.TITLE)]


def test_totals_and_pages_agree_for_initials(sounding):
    assert search("fczc").total == len(search("fczc").hits) == 1
    assert search("fczc", order="newest").total == 1
