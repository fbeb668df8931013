"""What citizens ask for is counted without anybody who asked."""

import json
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from govplatform.review.submission.actions import withdraw_page
from govplatform.tenancy.queries import get_tenant
from search.models import AskedDay, AskedTerm
from search.queries import search
from search.statistics.actions import prune_statistics
from search.statistics.counting import KEPT, forget_waiting, note_question
from search.statistics.keepable import may_be_kept
from search.statistics.queries import LONGEST, asked_terms, read_statistics
from tests import factories

from .written import enter, write


@pytest.fixture
def verb(verb_inside):
    return verb_inside


@pytest.fixture(autouse=True)
def fresh():
    forget_waiting()
    caches["questions"].clear()


@pytest.fixture
def asked(found):
    """``asked("公积金", places=5)``: asked on alpha from so many different addresses."""

    def ask(text, *, places=1, first=1, site="alpha"):
        tenant = get_tenant(site)
        results = search(text, site=tenant, scope="site")
        for place in range(first, first + places):
            note_question(tenant, results, f"10.0.{place // 250}.{place % 250}")

    return ask


def terms():
    return {row.term: (row.asked, row.without) for row in AskedTerm.objects.all()}


def test_every_question_counts_and_a_term_when_enough_places_asked_it(asked):
    asked("普通信息", places=4)
    assert terms() == {}
    asked("普通信息", first=5)
    assert terms() == {"普通信息": (5, 0)}
    asked("普通信息", first=6, places=2)
    assert terms() == {"普通信息": (7, 0)}
    [day] = AskedDay.objects.all()
    assert (day.asked, day.without) == (7, 0)


def test_the_same_place_counts_once_for_a_term(asked):
    for _time in range(20):
        asked("普通信息")
    assert terms() == {}
    assert AskedDay.objects.get().asked == 20


def test_terms_without_results_are_told_apart(asked):
    asked("低空经济", places=6)
    figures = read_statistics(get_tenant("alpha"))
    assert [(one.term, one.asked, one.without) for one in figures.without] == [("低空经济", 6, 6)]
    assert figures.unanswered == 6


def test_what_was_called_so_and_is_not_public_any_more_stands_in_no_statistics(asked, live, alpha):
    asked("普通信息", places=5)
    asked("普通信息 正文", places=5)
    asked("低空经济", places=5)
    figures = read_statistics(get_tenant("alpha"))
    assert {one.term for one in figures.terms} == {"普通信息", "普通信息 正文", "低空经济"}
    withdraw_page(live("article"), acting_user=factories.user("alpha_content"), reason="测试撤回")
    # Whatever the index still holds: no job has run.
    figures = read_statistics(get_tenant("alpha"))
    assert {one.term for one in (*figures.terms, *figures.without)} == {"低空经济"}


def test_a_site_sees_its_own_questions_alone(asked):
    asked("普通信息", places=5)
    assert read_statistics(get_tenant("beta")).asked == 0


@pytest.mark.parametrize(
    "term",
    [
        "110105194912310021", "11010519491231002X", "13800138000", "138 0013 8000", "0755-12345678", "E12345678",
        "6222021234567890123", "abc@example.com", "粤B12345", "云江市人民路12号3单元401", "王小明", "欧阳娜娜",
        "王小明 低保", "王小明身份证", "申请人：李四", "买买提·吐尔逊",
        "我家邻居半夜施工已经三个月了请问应该找哪个部门反映这个情况",
    ],
)  # fmt: skip
def test_what_may_be_about_a_person_is_never_kept(asked, term):
    assert not may_be_kept(term, in_title=False)
    asked(term, places=10)
    assert terms() == {}


DISGUISED = (
    "１３８００１３８０００", "138.0013.8000", "138、0013、8000", "138/0013/8000", "1 3 8 0 0 1 3 8 0 0 0",

    "幺三八零零一三八零零零", "壹叁捌零零壹叁捌零零零", "110105 19491231 002X", "wxid_abc123456", "qq123456",
    "微信 abc12345", "a b c @ example . com", "人民路12号", "幸福小区3栋502", "王小明的房子", "王小明低保",
    "李四低保金", "举报张三丰", "我叫王小明", "我是李四", "张三离婚", "王·小明", "王 小明", "王小明女士",
    "欧阳娜娜的工资", "受害人王小明", "邻居老王", "刘德华诈骗", "小王 出轨", "阿卜杜拉",
    "普通王小明", "王小明 普通信息",
)  # fmt: skip


def test_what_may_be_about_a_person_is_not_kept_in_any_disguise(asked):
    """Numbers in other signs, accounts, houses, and names in the middle of other words."""
    for term in DISGUISED:
        asked(term, places=6)
    assert terms() == {}
    assert AskedDay.objects.get().asked > 0


def test_words_of_public_titles_are_kept_with_others_beside_them(asked):
    ordinary = ("低空经济", "普通信息 在哪里", "养老", "测试粤府〔2017〕47号", "80岁补贴")
    for term in ordinary:
        asked(term, places=6)
    assert {term: places for term, (places, _without) in terms().items()} == dict.fromkeys(ordinary, 6)


@pytest.mark.parametrize("term", ["公积金提取", "低空经济", "粤府〔2017〕47号", "营商环境 2026", "养老"])
def test_ordinary_words_are_kept(term):
    assert may_be_kept(term, in_title=False)


def test_a_word_that_looks_like_a_name_is_kept_when_something_public_is_called_so():
    assert not may_be_kept("高考", in_title=False)
    assert may_be_kept("高考", in_title=True)


def test_what_few_asked_is_in_no_cache_in_words(asked):
    asked("普通信息", places=3)
    held = " ".join(map(str, caches["questions"]._cache))
    assert "普通信息" not in held and "10.0.0" not in held


def test_rows_of_a_day_are_bounded(asked):
    tenant, today = get_tenant("alpha"), timezone.localdate()
    AskedTerm.objects.bulk_create(
        AskedTerm(tenant=tenant, day=today, term=f"词{number}", asked=number + 1) for number in range(KEPT + 30)
    )
    asked("普通信息", places=400)
    assert AskedTerm.objects.count() <= KEPT + 20
    assert not AskedTerm.objects.filter(term="词0").exists()


def test_what_nobody_can_look_back_to_is_deleted(asked):
    tenant = get_tenant("alpha")
    for days in (0, LONGEST - 1, LONGEST + 1):
        day = timezone.localdate() - timedelta(days=days)
        AskedTerm.objects.create(tenant=tenant, day=day, term="公积金", asked=9)
        AskedDay.objects.create(tenant=tenant, day=day, asked=9)
    assert prune_statistics() == 2
    assert AskedTerm.objects.count() == AskedDay.objects.count() == 2


def test_terms_with_results_are_remembered_for_suggestions(asked):
    asked("普通信息", places=5)
    asked("普通没有", places=5)
    assert asked_terms([get_tenant("alpha").pk], "普通", 5) == ["普通信息"]
    assert asked_terms([get_tenant("beta").pk], "普通", 5) == []
    assert asked_terms(None, "普", 5) == ["普通信息"]


def test_the_verb_prints_the_figures(verb):
    with_rows = get_tenant("alpha")
    enter([write(with_rows, "公积金提取指南")])
    AskedDay.objects.create(tenant=with_rows, day=timezone.localdate(), asked=9, without=2)
    AskedTerm.objects.create(tenant=with_rows, day=timezone.localdate(), term="公积金", asked=7, without=0)
    ran = verb("search_statistics", "--site", "alpha", "--json")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["asked"], told["without"]) == (9, 2)
    assert told["terms"] == [{"term": "公积金", "asked": 7, "without": 0}]
    assert verb("search_statistics", "--site", "alpha", "--days", "0").returncode == 2
