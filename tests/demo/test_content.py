"""The demo province's content is complete, consistent and its own."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TypeVar, get_args

import pytest

from govplatform.confidentiality.scanning.rules.identity_numbers import checks
from sites.demo.content import (
    SITE_FILES,
    STAGES,
    Article,
    ContentFault,
    DemoSite,
    Disclosure,
    DocumentKind,
    Interpretation,
    InterpretationForm,
    Item,
    PolicyDocument,
    Province,
    TopicPage,
)
from sites.demo.pictures import MOTIFS
from sites.demo.reading import SECTIONS, load_province, read_site, text_blocks

COLUMN_TYPES = {
    "概况信息", "机构职能", "负责人信息", "工作动态", "政策文件", "信息公开指南", "信息公开目录", "信息公开年报",
    "依申请公开", "数据发布", "政策解读", "回应关切", "办事服务", "咨询投诉", "征集调查", "在线访谈",
}  # fmt: skip
PROVISIONED_COLUMNS = {"news", "notices", "policies", "interpretations"}
SUBJECT_CLASSES = {
    "国务院组织机构", "综合政务", "国民经济管理、国有资产监管", "财政、金融、审计", "国土资源、能源",
    "农业、林业、水利",
    "工业、交通", "商贸、海关、旅游", "市场监管、安全生产监管", "城乡建设、环境保护", "科技、教育",
    "文化、广电、新闻出版",
    "卫生、体育", "人口与计划生育、妇女儿童工作", "劳动、人事、监察",
    "公安、安全、司法", "民政、扶贫、救灾", "民族、宗教",
    "对外事务", "港澳台侨工作", "国防", "其他",
}  # fmt: skip
FOREIGN_DOCUMENTS = Path(__file__).resolve().parents[3] / "shared" / "documents"
LONGEST_SHARED_PHRASE = 25
Kind = TypeVar("Kind", bound=Item)
CITIZEN_SITES = tuple(code for code in SITE_FILES if code != "console")


@pytest.fixture(scope="module")
def province() -> Province:
    return load_province()


def everything(province: Province, kind: type[Kind]) -> list[Kind]:
    return [item for site in province.sites for item in site.items if isinstance(item, kind)]


def test_there_is_enough_to_look_at(province: Province) -> None:
    assert len(everything(province, Article)) >= 64
    assert len(everything(province, PolicyDocument)) == 12
    assert len(everything(province, Interpretation)) == 12
    assert len(everything(province, TopicPage)) == 3
    formats = {attachment.format for site in province.sites for item in site.items for attachment in item.attachments}
    assert formats == {"pdf", "docx", "xlsx"}


def test_every_stage_of_review_occurs_twice(province: Province) -> None:
    stages = Counter(item.stage for site in province.sites for item in site.items)
    assert all(stages[stage] >= 2 for stage in STAGES)


def test_stages_carry_what_they_need(province: Province) -> None:
    for site in province.sites:
        for item in site.items:
            assert (item.stage == "returned") == bool(item.opinion and item.returned_by), item.slug
            assert (item.stage == "withdrawn") == bool(item.reason), item.slug
            assert (item.stage == "scheduled") == (item.scheduled_in_days > 0), item.slug


def test_some_policies_are_no_longer_in_force_and_say_why(province: Province) -> None:
    policies = everything(province, PolicyDocument)
    assert {policy.validity for policy in policies} == {"in_force", "amended", "repealed", "lapsed"}
    for policy in policies:
        assert (policy.validity == "in_force") == (policy.validity_note == "")


def test_facts_of_sites(province: Province) -> None:
    assert [site.facts.code for site in province.sites] == list(SITE_FILES)
    seen: set[str] = set()
    for site in province.sites:
        facts = site.facts
        assert re.fullmatch(r"\d{10}|bm\d{8}", facts.identity_code)
        assert facts.identity_code.startswith("bm") == (facts.kind == "department")
        assert facts.parent is None or facts.parent in seen, "a parent comes before its children"
        assert re.fullmatch(r"0000-\d{7}", facts.contact_phone)
        seen.add(facts.code)
        if facts.headline:
            assert next(item for item in site.articles if item.slug == facts.headline).picture is not None
    codes = [site.facts.identity_code for site in province.sites]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("code", CITIZEN_SITES)
def test_columns(province: Province, code: str) -> None:
    site = province.site(code)
    slugs = [column.slug for column in site.columns]
    assert len(set(slugs)) == len(slugs)
    assert set(slugs) >= PROVISIONED_COLUMNS
    for place, column in enumerate(site.columns):
        assert column.type in COLUMN_TYPES
        assert column.keywords
        assert column.description
        assert column.unit
        assert (column.limit_days is None) == (column.duty == "adhoc")
        assert column.parent is None or column.parent in slugs[:place]


@pytest.mark.parametrize("code", CITIZEN_SITES)
def test_references_within_a_site(province: Province, code: str) -> None:
    site = province.site(code)
    slugs = [item.slug for item in site.items]
    assert len(set(slugs)) == len(slugs)
    columns = {column.slug for column in site.columns}
    for item in site.items:
        assert item.column in columns, item.slug
        assert all((item.title, item.summary, item.source, item.author, item.keywords)), item.slug
        assert item.picture is None or item.picture.alt
        for block in item.blocks:
            if block.kind == "image":
                assert block.motif in MOTIFS
            elif block.kind == "gallery":
                assert all(picture.motif in MOTIFS and picture.alt for picture in block.pictures)
            elif block.kind == "chart":
                assert len(block.labels) == len(block.values)
                assert block.alt
            elif block.kind in ("table", "attachment"):
                assert all(len(row) == len(block.head) for row in block.rows), item.slug
        assert item.picture is None or item.picture.motif in MOTIFS
    for topic in site.topics:
        assert set(topic.members) <= set(slugs)


def test_guides_rest_on_policies_of_their_own_site(province: Province) -> None:
    named = [(site, one) for site in province.sites for one in (*site.articles, *site.structured) if one.basis]
    assert len(named) >= 2
    for site, article in named:
        assert article.column == "services"
        assert article.basis in {policy.slug for policy in site.policies}


@pytest.mark.parametrize("code", CITIZEN_SITES)
def test_policies_and_interpretations_pair_up(province: Province, code: str) -> None:
    site = province.site(code)
    assert sorted(policy.slug for policy in site.policies) == sorted(item.policy for item in site.interpretations)
    for policy in site.policies:
        assert policy.subject[0] in SUBJECT_CLASSES
        assert re.fullmatch(r"\w+〔2026〕\d+号", policy.document_number)
        assert policy.document_kind in get_args(DocumentKind)
        assert policy.disclosure in get_args(Disclosure)
        assert site.interpretation_of(policy).stage == policy.stage, "published together"
    for item in site.interpretations:
        assert item.form in get_args(InterpretationForm)
        assert all(getattr(item, section) for section in SECTIONS)


def test_people_are_unique_and_may_do_what_the_items_say(province: Province) -> None:
    people = {person.username: person for person in province.people}
    assert len(people) == len(province.people) == len({person.full_name for person in province.people})
    for site in province.sites:
        for item in site.items:
            code = site.facts.code
            assert people[item.editor].holds(code, "editor"), item.slug
            assert people[item.content_reviewer].holds(code, "content-reviewer"), item.slug
            assert people[item.confidentiality_reviewer].holds(code, "confidentiality-reviewer"), item.slug


def test_cast_of_each_site(province: Province) -> None:
    for code in CITIZEN_SITES:
        roles = Counter(m.role for person in province.people for m in person.memberships if m.site == code)
        assert roles["editor"] == 2
        assert 1 <= roles["content-reviewer"] <= 2
        assert roles["confidentiality-reviewer"] == roles["site-admin"] == roles["auditor"] == 1
    console = Counter(m.role for person in province.people for m in person.memberships if m.site == "console")
    assert console == {"operator": 1, "supervisor": 1, "auditor": 1}


def test_nobody_holds_two_roles_on_one_site_and_some_review_on_several(province: Province) -> None:
    travelling: set[str] = set()
    for person in province.people:
        sites = [membership.site for membership in person.memberships]
        assert len(set(sites)) == len(sites)
        if len(sites) > 1:
            travelling |= {membership.role for membership in person.memberships}
    assert travelling == {"content-reviewer", "confidentiality-reviewer"}


def test_lengths(province: Province) -> None:
    for site in province.sites:
        for item in site.items:
            length = len(item.text)
            match item:
                case Article():
                    assert 280 <= length <= 900, (item.slug, length)
                case PolicyDocument():
                    assert 800 <= length <= 2000, (item.slug, length)
                case Interpretation():
                    assert 280 <= length <= 1500, (item.slug, length)
                case TopicPage():
                    assert length >= 100, (item.slug, length)


def test_no_two_items_share_a_paragraph(province: Province) -> None:
    lines: Counter[str] = Counter()
    for site in province.sites:
        for item in site.items:
            lines.update({line for line in item.text.splitlines() if len(line) > 30})
        titles = Counter(item.title for item in site.items)
        assert max(titles.values(), default=1) == 1
    assert [line for line, count in lines.items() if count > 1] == []


def test_nothing_like_personal_data_except_what_is_planted_for_the_reviewer(province: Province) -> None:
    numbers, phones = [], []
    for site in province.sites:
        allowed = {entry.value for entry in site.allowed}
        for item in site.items:
            texts = [item.text, *(block.comment for block in item.attachments)]
            for text in texts:
                for number in re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", text):
                    numbers.append((item.slug, item.stage))
                    assert valid_identity_number(number), "the scan finds it"
                    assert number[6:8] == "18", "nobody alive was born so long ago"
                found = set(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text))
                phones += [(item.slug, phone) for phone in sorted(found - allowed)]
    assert numbers == [
        ("draft-subsidy-list", "in_confidentiality_review"),
        ("visit-day-review", "in_confidentiality_review"),
    ]
    assert phones == [("visit-day-review", "13800000000")]


def test_words_and_allowed_values_occur_where_they_show_something(province: Province) -> None:
    console, yunjiang = province.site("console"), province.site("yunjiang")
    assert len(console.words) >= 5
    assert yunjiang.words
    texts = {item.slug: item.text for item in yunjiang.items}
    assert "13900000000" in texts["visit-day-review"]
    words = [entry.word for entry in (*console.words, *yunjiang.words)]
    hits = [(slug, word) for slug, text in texts.items() for word in words if word in text]
    assert {slug for slug, _word in hits} == {"visit-day-review"}
    assert all(item.emergency == "" or item.stage == "live" for item in yunjiang.items)


def test_no_phrase_comes_from_a_foreign_document(province: Province) -> None:
    """Where sample documents of others lie beside the checkout, nothing of them may be found in the content."""
    size = LONGEST_SHARED_PHRASE + 1
    foreign: set[str] = set()
    for path in sorted(FOREIGN_DOCUMENTS.glob("*.txt")):
        text = squeezed(path.read_text(encoding="utf-8"))
        foreign |= {text[start : start + size] for start in range(len(text) - size + 1)}
    for site in province.sites:
        for item in site.items:
            text = squeezed(item.text)
            assert not [
                text[at : at + size] for at in range(len(text) - size + 1) if text[at : at + size] in foreign
            ], item.slug


def valid_identity_number(number: str) -> bool:
    return checks(number)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_written_text_becomes_headings_and_paragraphs() -> None:
    blocks = text_blocks("甲\n乙\n\n## 一、丙\n丁\n")
    assert [block.kind for block in blocks] == ["paragraphs", "heading", "paragraphs"]


def test_faults_name_the_place(tmp_path: Path) -> None:
    with pytest.raises(ContentFault, match=r"people\.toml"):
        load_province(tmp_path)
    facts = dict.fromkeys(DemoSite.__slots__, "")
    with pytest.raises(ContentFault, match="site"):
        read_site({"site": {"code": "x", **facts}})
