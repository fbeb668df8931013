"""The choice of what is read of a page: its main area, how sure that is, and what to say of it."""

from dataclasses import dataclass, field

from bs4 import Tag

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import AreaGrade
from sites.documents_in.extraction.html.elements import UNREAD
from sites.documents_in.extraction.html.link_texts import is_link, measure_text, share_in_links
from sites.documents_in.extraction.html.main_area import MainArea, find_main_area
from sites.documents_in.extraction.html.main_content import NAMED, find_containers
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.spacing import shortened, tidy

#: A page with fewer links, and less of its text in them, has no navigation: it is a document, and read whole.
FEW_LINKS = 8
LITTLE_LINKED = 0.15
#: An area with more of its text in links is a list of other pages.
MOSTLY_LINKS = 0.5
#: The share of all text outside of links that an area must hold to be sure of it, and text that makes a page.
SURE = 0.5
LEAST = 10
#: The share of an area that an article within it holds when there are several.
A_SHARE = 0.15
MOST_SHOWN = 30
_BLOCKS = ["p", "div", "section", "td", "li", "article", "blockquote", "pre", "table"]


@dataclass
class Choice:
    """What is read of a page. roots, left_out: as in `MainArea`; whole: nothing was chosen. warnings: what to say.

    grade: how the area was found; share (0 to 1): what it holds of the text outside of links.
    """

    roots: list[Tag]
    left_out: list[Tag] = field(default_factory=list)
    whole: bool = False
    warnings: list[str] = field(default_factory=list)
    grade: AreaGrade = "known"
    share: float = 1.0


def choose_area(body: Tag, known: list[Tag], *, is_document: bool = False) -> Choice:
    """Choose what is read of a page, whose unseen text has been taken out before.

    known: the containers of a page builder, if there are any. is_document: a word processor saved it, so there is no
    navigation. Raises ExtractionRefused for a page of navigation alone
    and for one that only frames others.
    """
    if known:
        return Choice(known, warnings=[_SURE])
    if is_document:
        return Choice([body], whole=True, grade="whole")
    plain, linked = measure_text([body])
    if plain + linked < LEAST and body.find(["iframe", "frame"]) is not None:
        raise ExtractionRefused(FRAMES)
    links = sum(is_link(tag) for tag in body.find_all("a"))
    if links < FEW_LINKS and linked <= LITTLE_LINKED * (plain + linked):
        return Choice([body], whole=True, grade="whole")
    area = _find(body)
    if area is None:
        return _without_links(body)
    taken, _ = measure_text(area.roots, without=area.left_out)
    articles = _articles(area, taken)
    if articles > 1:
        return Choice(area.roots, area.left_out, warnings=[said(_SEVERAL, count=articles)], grade="several")
    if taken >= SURE * plain:
        return Choice(area.roots, area.left_out, warnings=[_SURE], grade="sure")
    warnings = [said(_UNSURE, share=round(100 * taken / max(1, plain)))]
    missed = _longest_outside(body, area)
    if missed:
        warnings.append(said(_MISSED, shown=shortened(missed, MOST_SHOWN)))
    return Choice(area.roots, area.left_out, warnings=warnings, grade="unsure", share=taken / max(1, plain))


_SURE = gettext_noop("正文区域识别：较有把握。")
_UNSURE = gettext_noop(
    "正文区域识别：没有把握，取到的文字只占网页上链接以外文字的 %(share)s%%。请对照原网页核对有无遗漏。"
)
_SEVERAL = gettext_noop(
    "正文区域识别：没有把握，网页上并列着 %(count)s 篇文章，已全部取入。请对照原网页核对，删去不要的部分。"
)
_MISSED = gettext_noop("未取的文字中最长的一段：“%(shown)s”。")
_NONE = gettext_noop("没有找到网页的正文区域：导航和链接列表未取，其余文字全部取入。请对照原网页核对，删去多余的内容。")
LINKS = gettext_noop(
    "没有找到网页的正文区域：这个网页上几乎只有导航和链接。请打开其中要用的文章，另存后上传；"
    "确要导入这些链接，请复制到 .docx 文件后上传。"
)
FRAMES = gettext_noop(
    "这个网页的正文在内嵌框架里，没有随网页一起保存。请在框架内点击右键，选择在新窗口中打开，再另存后上传。"
)


def _find(body: Tag) -> MainArea | None:
    """Return the main area: what the library says, or the container that names itself where the library takes less
    than half of it."""
    area = find_main_area(body)
    if area is not None and share_in_links(area.roots, without=area.left_out) > MOSTLY_LINKS:
        area = None
    named = find_containers(body, NAMED)
    if len(named) != 1 or share_in_links(named) > MOSTLY_LINKS:
        return area
    within = {id(tag) for each in named for tag in each.descendants}
    if area is None:
        return MainArea(named)
    if all(id(root) in within for root in area.roots):
        taken, _ = measure_text(area.roots, without=area.left_out)
        if taken < 0.5 * measure_text(named)[0]:
            return MainArea(named)
    return area


def _articles(area: MainArea, taken: int) -> int:
    """Return how many articles stand side by side in an area, none much shorter than the others."""
    found = [tag for root in area.roots for tag in (root, *root.find_all("article")) if tag.name == "article"]
    ids = {id(tag) for tag in found}
    outer = [tag for tag in found if not any(id(around) in ids for around in tag.parents)]
    return sum(measure_text([tag])[0] >= A_SHARE * taken for tag in outer)


def _without_links(body: Tag) -> Choice:
    """Take everything but what is links; nothing tells which part of it is the text."""
    left_out: list[Tag] = []

    def look(tag: Tag) -> None:
        for child in tag.children:
            if not isinstance(child, Tag) or child.name in UNREAD:
                continue
            plain, linked = measure_text([child])
            if child.name != "a" and linked > MOSTLY_LINKS * (plain + linked):
                left_out.append(child)
            elif linked:
                look(child)

    look(body)
    plain, _ = measure_text([body], without=left_out)
    if plain < LEAST:
        raise ExtractionRefused(LINKS)
    return Choice([body], left_out, warnings=[_NONE], grade="none")


def _longest_outside(body: Tag, area: MainArea) -> str:
    """Return the longest paragraph that was not taken."""
    taken = {id(node) for root in area.roots for node in (root, *root.descendants)}
    taken |= {id(node) for root in area.roots for node in root.parents}
    longest, most = "", LEAST
    for tag in body.find_all(_BLOCKS):
        if id(tag) in taken or tag.find(_BLOCKS) is not None or tag.find_parent(list(UNREAD)) is not None:
            continue
        plain, _ = measure_text([tag])
        if plain > most:
            longest, most = tidy(tag.get_text()), plain
    return longest
