"""The judged corpus: some hundreds of documents of six invented sites, the same in every run.

Each topic of ``topics.toml`` has policies, their interpretations, guides to services, news and a column, spread over
the sites; news mention other topics in passing, so a word that occurs is not yet what a document is about.
"""

import random
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

#: Site code -> (name of the place, sign in document numbers, code of the site above it)
SITES: dict[str, tuple[str, str, str | None]] = {
    "yunjiang": ("云江省", "云", None),
    "chengzhou": ("澄州市", "澄", "yunjiang"),
    "linchuan": ("临川市", "临", "yunjiang"),
    "baishi": ("白石县", "白", "chengzhou"),
    "shiqiao": ("石桥区", "石", "chengzhou"),
    "nanpu": ("南浦县", "南浦", "linchuan"),
}
KINDS = ("policy", "interpretation", "service", "news", "column")
_COLUMNS = {
    "policy": "政策文件",
    "interpretation": "政策解读",
    "service": "办事服务",
    "news": "工作动态",
    "column": "专题专栏",
}
_MEANWHILE = (
    "各地各部门要提高站位，压实责任，把群众满意作为衡量工作的标准。",
    "县级人民政府负责统筹协调，乡镇街道抓好落实，村居做好宣传动员。",
    "工作中遇到的新情况新问题，应当及时报告上一级主管部门。",
    "有关资金实行专账核算，任何单位和个人不得截留、挪用。",
    "要利用广播、公告栏和村民微信群讲清楚办理条件和时限。",
    "纪检监察机关对落实情况开展监督检查，通报典型问题。",
    "下一步，将总结试点经验，逐步在全域推开。",
    "现场气氛热烈，大家纷纷表示受益匪浅。",
    "记者从新闻发布会上了解到，今年的目标任务已完成大半。",
    "咨询电话在工作日的上午九时至十二时、下午二时至五时三十分接听。",
)


@dataclass(frozen=True)
class Attachment:
    name: str
    text: str


@dataclass(frozen=True)
class CorpusDocument:
    """One document as citizens get it.

    ``topic``: what it is about ('' for the odd ones). ``explains``: key of the policy that it interprets.
    """

    key: str
    site: str
    kind: str
    topic: str
    subject: str
    organisation: str
    number: str
    issued_on: date | None
    published_at: datetime
    validity: str
    title: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    explains: str = ""

    @property
    def found_as(self) -> str:
        """Its kind as results are narrowed to it: guides to services and news are both ``article``."""
        return {"service": "article", "news": "article"}.get(self.kind, self.kind)

    @property
    def column(self) -> tuple[str, ...]:
        return (_COLUMNS[self.kind],)

    @property
    def address(self) -> str:
        return f"/{self.kind}/{self.key}/"

    @property
    def year(self) -> int:
        return self.published_at.year


def topics() -> list[dict[str, Any]]:
    """The topics in their order."""
    return list(tomllib.loads((Path(__file__).parent / "topics.toml").read_text(encoding="utf-8"))["topic"])


def region(site: str) -> frozenset[str]:
    """The site and all sites below it."""
    below = {site}
    for code, (_name, _sign, above) in SITES.items():
        if above in below:
            below.add(code)
    return frozenset(below)


@cache
def documents() -> tuple[CorpusDocument, ...]:
    """All documents, in the order of their keys."""
    made = [document for place, topic in enumerate(topics()) for document in _of_topic(place, topic)]
    return tuple(sorted([*made, *_odd_ones()], key=lambda document: document.key))


class _Writer:
    """Writes the documents of one topic."""

    def __init__(self, place: int, topic: dict[str, Any]) -> None:
        self.topic, self.place = topic, place
        self._chance = random.Random(f"judged corpus, {topic['key']}")
        everything = topics()
        self._others = [everything[(place + step) % len(everything)]["elsewhere"] for step in (5, 9, 14)]
        self._sites = list(SITES)

    def site(self, step: int) -> str:
        return self._sites[(self.place + step) % len(self._sites)]

    def _moment(self, year: int, turn: int) -> datetime:
        """A moment of its own for nearly every document; some few share one."""
        day = datetime(year, 1, 4, 1, 0, tzinfo=UTC) + timedelta(days=(self.place * 17 + turn * 41) % 350)
        return day + timedelta(minutes=(self.place * 7 + turn * 3) % 480)

    def _body(self, sentences: int, *, mention: str = "") -> str:
        says = list(self.topic["says"])
        paragraphs = [says[0]]
        for turn in range(sentences):
            paragraphs.append(self._chance.choice(_MEANWHILE if turn % 2 else says))
        if mention:
            paragraphs.insert(self._chance.randrange(1, len(paragraphs)), mention)
        return "\n".join(paragraphs)

    def document(
        self, name: str, site: str, kind: str, turn: int, year: int, title: str, text: str, **more: Any
    ) -> CorpusDocument:
        return CorpusDocument(
            key=f"{self.topic['key']}-{name}",
            site=site,
            kind=kind,
            topic=self.topic["key"],
            subject=self.topic["subject"],
            organisation=f"{SITES[site][0]}{self.topic['office']}",
            published_at=self._moment(year, turn),
            title=title,
            text=text,
            **{"number": "", "issued_on": None, "validity": "", **more},
        )

    def policy(self, name: str, site: str, turn: int, year: int, validity: str = "in_force") -> CorpusDocument:
        topic, (place, sign, _above) = self.topic, SITES[site]
        serial = 3 + (self.place * 7 + turn * 11) % 90
        written = f"{sign}{topic['mark']}〔{year}〕{serial}号"
        office = f"{place}{topic['office']}"
        return self.document(
            name, site, "policy", turn, year, f"{office}{topic['policy']}",
            f"{written}\n各有关单位：\n为做好{topic['name']}工作，现就有关事项明确如下。\n{self._body(7)}\n本通知自印发之日起施行，由{office}负责解释。",
            number=written, validity=validity,
            issued_on=self._moment(year, turn).date() - timedelta(days=5),
            attachments=(Attachment(*topic["attachment"]),),
        )  # fmt: skip

    def interpretation(self, name: str, turn: int, policy: CorpusDocument) -> CorpusDocument:
        return self.document(
            name, policy.site, "interpretation", turn, policy.year,
            f"《{policy.title.partition('关于')[2]}》政策解读",
            f"近日印发的文件（{policy.number}）为什么要出台？\n{self._body(4)}\n围绕{self.topic['name']}，文件的主要内容有三个方面。",
            explains=policy.key,
        )  # fmt: skip

    def service(self, name: str, site: str, turn: int, year: int) -> CorpusDocument:
        title = f"{SITES[site][0]}{self.topic['service']}"
        text = (
            f"办理条件、所需材料、办理时限和收费标准如下。\n{self._body(2)}\n办理地点：{SITES[site][0]}政务服务中心。"
        )
        return self.document(name, site, "service", turn, year, title, text)

    def news(self, name: str, site: str, turn: int, year: int, title: str, mention: str) -> CorpusDocument:
        text = f"本网讯　{self._body(4, mention=mention)}"
        return self.document(name, site, "news", turn, year, title, text)


def _of_topic(place: int, topic: dict[str, Any]) -> list[CorpusDocument]:
    writer = _Writer(place, topic)
    year = 2021 + place % 4
    province = writer.policy("policy-1", "yunjiang", 1, year)
    city = writer.policy("policy-2", ("chengzhou", "linchuan")[place % 2], 2, year + 1)
    county = writer.policy("policy-3", ("baishi", "shiqiao", "nanpu")[place % 3], 3, year + 1)
    made = [province, city, county]
    if place % 3 == 0:
        made.append(
            writer.policy("policy-0", "yunjiang", 0, year - 3, ("lapsed", "repealed", "amended")[place // 3 % 3])
        )
    made += [writer.interpretation("interpretation-1", 4, province), writer.interpretation("interpretation-2", 5, city)]
    made += [writer.service(f"service-{turn}", writer.site(turn), 5 + turn, 2023 + turn) for turn in (1, 2)]
    for turn, title in enumerate(topic["news"], start=1):
        mention = writer._others[turn - 1]
        made.append(writer.news(f"news-{turn}", writer.site(turn), 10 + turn, 2022 + turn, title, mention))
    for turn, shape in enumerate(("召开{}工作推进会", "{}工作取得新进展", "专题调研{}工作"), start=4):
        site = writer.site(turn)
        title = SITES[site][0] + shape.format(topic["name"])
        made.append(writer.news(f"news-{turn}", site, 10 + turn, 2018 + turn, title, writer._others[turn - 4]))
    about = f"{topic['name']}的文件、解读和办事指南汇总。"
    made.append(writer.document("column", writer.site(3), "column", 20, 2023, f"{topic['name']}专栏", about))
    return made


def _odd_ones() -> list[CorpusDocument]:
    """Documents that are written in unusual ways."""
    shapes = (
        ("traditional-news", "chengzhou", "news", "臺商座談會聚焦數位經濟與資訊產業",
         "本網訊　座談會上，與會臺商就資訊軟體、網路安全、晶片設計提出建議，並參觀了高齡津貼發放窗口。"),
        ("traditional-story", "baishi", "news", "看著老街變了樣", "老街的牆面刷新了，裏弄裡的路燈亮了，乾淨整齊。"),
        ("full-width", "shiqiao", "news", "ＷｉＦｉ覆盖公园　５Ｇ基站达到１２００座",
         "市民连接ＷｉＦｉ时无需密码，咨询请拨１２３４５热线。"),
        ("latin", "linchuan", "news", "AI+政务：DeepSeek 类大模型在 12345 热线试用",
         "Covid-19 之后，e-CNY 红包也能缴费。"),
        ("one-sign", "nanpu", "news", "溇", "地名用字“溇”读作 lóu，见于溇水。"),
        ("astral", "nanpu", "news", "古籍用字𠮷与𡈼入库", "公安机关为姓名中含𠮷字的群众办理身份证😀。"),
        ("numbers", "yunjiang", "news", "二〇二四年国民经济和社会发展统计公报",
         "全年地区生产总值32145.67亿元，比上年增长5.2%；第三产业占比52.1%。"),
        ("brackets", "yunjiang", "news", "关于转发国发[2023]5号文件的说明（附件：一）",
         "云政办发 (2022) 18 号、云政发﹝2021﹞9号同时废止。"),
        ("repeated", "chengzhou", "news", "好好好好好：市民为窗口点赞", "好好好好好好好好，一连八个好。"),
    )  # fmt: skip
    return [
        CorpusDocument(
            key=f"odd-{key}",
            site=site,
            kind=kind,
            topic="",
            subject="综合政务",
            organisation=f"{SITES[site][0]}人民政府办公室",
            number="",
            issued_on=None,
            published_at=datetime(2024, 3, 1, 2, 0, tzinfo=UTC) + timedelta(days=number),
            validity="",
            title=title,
            text=text,
        )
        for number, (key, site, kind, title, text) in enumerate(shapes)
    ]
