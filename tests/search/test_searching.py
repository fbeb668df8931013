"""What is public is found, in the words that people use; what is not, is not."""

import pytest

from govplatform.refusals import Refused
from govplatform.tenancy.queries import get_tenant
from search.narrowing import Filters
from search.queries import search
from search.suggesting import offer_titles
from tests.reposts.conftest import live_at

from .conftest import run_jobs, titles


def test_a_word_of_two_characters_is_found_in_titles_and_texts(found, live):
    assert live("article").title in titles("普通")
    assert live("article").title in titles("测试正文")


def test_a_document_number_is_found_in_every_way_of_writing_it(found, live, subtests):
    number = live("policy").document_number
    for written in (
        number,
        number.replace("〔", "[").replace("〕", "]"),
        number.replace("〔", " (").replace("〕", ") "),
    ):
        with subtests.test(written):
            assert titles(written)[0] == live("policy").title


def test_traditional_characters_find_simplified_ones(found, live):
    assert titles("營商環境")


def test_a_repost_is_one_hit_that_names_its_sites(found, live):
    [hit] = [hit for hit in search("来源标题甲").hits if hit.kind == "article"]
    assert [shown.code for shown in hit.sites] == ["alpha", "beta"]
    [there] = search("来源标题甲", site=get_tenant("beta"), scope="site").hits
    assert there.site.code == "beta"
    assert there.url.endswith(live("mirror", "beta").url_path.split("/", 2)[2])


def test_words_are_marked_in_the_characters_of_the_original(found):
    [hit] = search("普通信息").hits
    assert next(segment for segment in hit.title if segment.marked).text == "普通信息"


def test_results_are_narrowed_and_counted(found):
    results = search("正文")
    counts = {facet.name: {value.value: value.count for value in facet.values} for facet in results.facets}
    assert sum(counts["kind"].values()) == results.total
    narrowed = search("正文", filters=Filters(site="beta"))
    assert narrowed.total == counts["site"]["beta"]


def test_phrases_exclude_and_hold_together(found):
    assert titles('"普通信息"') == ["普通信息"]
    assert titles("信息 -普通") and "普通信息" not in titles("信息 -普通")


def test_what_cannot_be_asked_is_refused_in_words(found):
    with pytest.raises(Refused):
        search("通知", scope="nowhere")
    with pytest.raises(Refused):
        search("通知", filters=Filters(kind="nothing"))
    with pytest.raises(Refused):
        search("通知", page=101)


def test_one_wrong_character_is_put_right(found):
    assert search("普同信息").suggestion == "普通信息"
    assert search("第三条信西").suggestion == "第三条信息"
    assert search("毫不相干的话").suggestion == ""


def text(words):
    return [{"type": "rich_text", "value": f"<p>{words}</p>"}]


def test_one_wrong_character_is_put_right_as_texts_have_it_where_no_title_does(found):
    assert titles("社会保险") == []
    live_at("alpha", title="高龄津贴怎么领", body=text("凭社会保险卡领取。社会保障另有规定，参加社会保险的先办。"))
    live_at("alpha", title="异地就医怎么办", body=text("社会保险参保地负责结算。"))
    run_jobs()
    assert search("社会保脸").suggestion == "社会保险"
    assert search("社会保脸卡").suggestion == "社会保险卡"
    # three characters have too many neighbours in sentences
    assert search("会保脸").suggestion == ""


def test_titles_are_offered_while_somebody_types(found, live):
    assert offer_titles("普通信") == ["普通信息"]
    assert offer_titles("第三")[0] == "第三条信息"
    assert {"第三条信息", "第二条信息", "县里的第二条信息"} <= set(offer_titles("条信息"))
    assert "县里的信息" not in offer_titles("县里的", site=get_tenant("alpha"), scope="site")
    assert offer_titles("%") == []


SIGNS = ("", " ", "''", "' | '", "a & b", "!!", ":*", "\\", "\x00", "😀", "\ud800", "%", "*", "(((", "字" * 10_000)


def test_nothing_that_is_typed_is_an_operator(found, subtests):
    for typed in SIGNS:
        with subtests.test(ascii(typed[:20])):
            assert search(typed).hits == ()
    assert titles("\u202e普通\x00信息") == ["普通信息"]
