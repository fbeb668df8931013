"""The reading of one page of an old site: what it is, what it says of itself, how sure that is, and its document."""

import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from govplatform.sentences import gettext_noop, packed, said
from govplatform.untrusted_files.encodings import ALIASES, decode_strictly
from sites.arrivals.reading.addresses import joined
from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.reading.kinds import (
    FEW_CHARACTERS,
    ROWS_OF_A_LIST,
    PageKind,
    frames_of,
    has_numbered_pages,
    is_error,
    is_list_path,
    leads_to,
    metas_of,
    rows_of_list,
    says_nothing,
)
from sites.arrivals.reading.refusals import in_words_of_a_crawl, leads_nowhere_but_on
from sites.arrivals.reading.rules import TemplateRule
from sites.arrivals.reading.sources import source_in
from sites.arrivals.reading.times import labelled_time, parse_time, time_in_address
from sites.documents_in.extraction.document import ExtractedDocument
from sites.documents_in.extraction.element import ReadFile, ReadImage
from sites.documents_in.extraction.html.area_choice import LINKS
from sites.documents_in.extraction.html.reader import IMAGE_SCHEME, LAZY, declared_encoding, open_page, read_tree
from sites.documents_in.extraction.html.unclosed import TOO_DEEP
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.one_reading import with_ordinary_characters
from sites.documents_in.extraction.recognition.recognise import recognise
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.spacing import squeeze, tidy

FILE_NAME = re.compile(r"\.(?:docx?|wps|pdf|ofd|xlsx?|et|pptx?|zip|rar|7z|txt|rtf|csv|mp4|mp3)$", re.IGNORECASE)
#: How sure each way of finding the text is. Of an unsure area it is the share of the text that it holds.
_SURE_OF_AREA = {"known": 1.0, "whole": 0.9, "sure": 0.95, "several": 0.4, "none": 0.3}
_LEAST_TEXT = 10
_UNSEEN = ("script", "style", "noscript", "template", "title")


@dataclass
class FoundPage:
    """What one page is and says. Sentences are packed when it goes to JSON.

    kind: only an article has the rest; reason: why it is none; target: where a redirect leads, or "" ; title,
    published_at (ISO 8601 with zone, "" for none; timed: with a time of day), source, column (as the page calls it);
    to_column: slug that a rule gives; confidence: 0 to 1; reasons: what is doubtful; digest: of title and text, the
    same for the same article at another address; assets: addresses of its pictures and attachments.
    """

    kind: PageKind
    reason: str = ""
    target: str = ""
    title: str = ""
    published_at: str = ""
    timed: bool = False
    source: str = ""
    column: str = ""
    to_column: str = ""
    confidence: float = 0.0
    reasons: list[str] = field(default_factory=list)
    digest: str = ""
    assets: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the page for JSON."""
        return {**asdict(self), "reason": packed(self.reason), "reasons": [packed(one) for one in self.reasons]}


def read_page(
    data: bytes,
    address: str,
    *,
    now: datetime,
    bounds: CrawlBounds,
    rule: TemplateRule | None = None,
    pictures: dict[str, str] | None = None,
    image_folder: Path | None = None,
) -> tuple[FoundPage, ExtractedDocument | None]:
    """Read the page at `address`; return (what it is, its document where it is an article).

    pictures: address of a picture to the path of its bytes; image_folder: where the document's pictures go, None: they
    are not wanted. Never raises for anything that a page may hold.
    """
    if rule is not None and rule.skip:
        return FoundPage("skip", said(gettext_noop("按规则不导入：%(reason)s"), reason=rule.skip)), None
    if len(data) > bounds.page_bytes:
        return FoundPage("refused", gettext_noop("网页过大，不像一篇文章。")), None
    try:
        return _Page(data, address, now, bounds, rule).read(pictures or {}, image_folder)
    except ExtractionRefused as refusal:
        return FoundPage("refused", in_words_of_a_crawl(refusal.reason)), None
    except RecursionError:
        return FoundPage("refused", in_words_of_a_crawl(TOO_DEEP)), None


class _Page:
    def __init__(
        self, data: bytes, address: str, now: datetime, bounds: CrawlBounds, rule: TemplateRule | None
    ) -> None:
        self.address, self.now, self.bounds, self.rule = address, now, bounds, rule
        self.limits = ExtractionLimits()
        markup, self.images = open_page(data)
        self.soup = BeautifulSoup(markup, "lxml")
        self.found = FoundPage("article")
        self.metas = metas_of(self.soup)
        self.labelled: tuple[datetime, bool] | None = None
        self._compare_encoding(data, markup)

    def read(self, pictures: dict[str, str], image_folder: Path | None) -> tuple[FoundPage, ExtractedDocument | None]:
        soup, found = self.soup, self.found
        body = soup.body or soup
        if frames := frames_of(soup, self.address):
            shown = "、".join(frames[:5])
            return FoundPage("frame", said(gettext_noop("框架页，只把别的网页拼在一起：%(shown)s"), shown=shown)), None
        text = _seen_text(body)
        if target := leads_to(soup, self.address, text):
            reason = said(gettext_noop("跳转页，转到 %(target)s"), target=target)
            return FoundPage("redirect", reason, target=target), None
        if is_error(soup, text):
            return FoundPage("error", gettext_noop("错误页：服务器答“成功”，页面却说内容不存在或出错。")), None
        title, published = self._title_of_metas(), self._time_of_metas()
        self._forget_empty()
        stated = bool(title and published)
        rows = 0 if stated and not is_list_path(self.address) else rows_of_list(body)
        numbered = rows >= ROWS_OF_A_LIST and has_numbered_pages(body)
        values = {name: self._text_by_rule(name) for name in ("title", "date", "source", "column")}
        # The reading below takes parts out of the page.
        self.labelled = None if published else labelled_time(body.get_text("\n"), now=self.now)
        left_out = self._leave_out()
        main = self._by_rule("body", several=True)
        self._take_assets(body, pictures)
        try:
            read = read_tree(soup, self.images, self.limits, main=main)
        except ExtractionRefused as refusal:
            if rows >= ROWS_OF_A_LIST or not stated:
                return self._list_or(refusal.reason, rows), None
            raise
        if self._is_list(read, stated=stated or bool(main), rows=rows, numbered=numbered):
            return self._list_or("", rows), None
        told = [element.text for element in read.elements if (element.kind, element.level) != ("heading", 1)]
        text = squeeze("".join(told))
        if len(text) < _LEAST_TEXT and not read.images and not found.assets:
            return FoundPage("empty", gettext_noop("没有正文：除标题和导航外几乎没有文字。")), None
        document = recognise(
            with_ordinary_characters(read),
            filename=self.address.rpartition("/")[2] or "index.html",
            image_folder=image_folder,
            limits=self.limits,
        )
        document.warnings += left_out
        self._fill(document, read, values, title, published)
        found.digest = sha256(f"{squeeze(found.title)}\n{text}".encode("utf-8", "replace")).hexdigest()
        return found, document

    # --- what it is ----------------------------------------------------------------------

    def _is_list(self, read: ReadFile, *, stated: bool, rows: int, numbered: bool) -> bool:
        if rows < ROWS_OF_A_LIST:
            return False
        length = sum(len(element.text) for element in read.elements if element.kind != "list")
        if stated:
            return numbered and read.area in ("none", "unsure")
        if read.area == "known" and length >= 200:
            return False
        return read.area in ("none", "unsure", "whole") or length < 200 or (numbered and is_list_path(self.address))

    def _list_or(self, reason: str, rows: int) -> FoundPage:
        if rows >= ROWS_OF_A_LIST:
            return FoundPage("list", said(gettext_noop("列表页：有 %(rows)s 行带日期的链接。"), rows=rows))
        if is_list_path(self.address) or leads_nowhere_but_on(reason):
            return FoundPage("list", in_words_of_a_crawl(LINKS))
        return FoundPage("refused", in_words_of_a_crawl(reason))

    # --- what it says --------------------------------------------------------------------

    def _title_of_metas(self) -> str:
        title = self.metas.get("articletitle", "")
        if "articletitle" not in self.metas:
            wrong = gettext_noop("没有 ArticleTitle 标签，标题取自正文。")
        elif says_nothing(title):
            wrong = gettext_noop("ArticleTitle 标签是空的，标题取自正文。")
        elif squeeze(title) == squeeze(self.metas.get("sitename", "")):
            wrong = gettext_noop("ArticleTitle 标签写的是网站名称，标题取自正文。")
        elif squeeze(title) == squeeze(self.metas.get("columnname", "")):
            wrong = gettext_noop("ArticleTitle 标签写的是栏目名称，标题取自正文。")
        else:
            return _without_site(title, self.metas.get("sitename", ""))
        self.found.reasons.append(wrong)
        self._forget_meta("articletitle")
        return ""

    def _time_of_metas(self) -> tuple[datetime, bool] | None:
        written = self.metas.get("pubdate", "")
        if says_nothing(written):
            self._forget_meta("pubdate")
            return None
        parsed = parse_time(written, now=self.now)
        if parsed is None:
            self._forget_meta("pubdate")
            self.found.reasons.append(
                said(gettext_noop("PubDate 标签写的“%(written)s”不是可用的日期。"), written=written[:40])
            )
        return parsed

    def _forget_empty(self) -> None:
        """Take out what says nothing where nobody else looks whether it does."""
        for name in ("contentsource", "columnname"):
            if says_nothing(self.metas.get(name, "")):
                self._forget_meta(name)

    def _forget_meta(self, name: str) -> None:
        """Take a tag that says something wrong out of the page, so that no later step believes it."""
        for meta in self.soup.find_all("meta"):
            if str(meta.get("name") or "").strip().lower() == name:
                meta.decompose()

    def _fill(
        self,
        document: ExtractedDocument,
        read: ReadFile,
        values: dict[str, str],
        title: str,
        published: tuple[datetime, bool] | None,
    ) -> None:
        found = self.found
        area = "known" if self.rule is not None and self.rule.body and read.area == "known" else read.area
        if area == "unsure":
            sure = max(0.3, min(0.8, read.share))
            found.reasons.append(
                said(gettext_noop("正文区域没有把握，只占页面文字的 %(share)s%%。"), share=round(100 * read.share))
            )
        else:
            sure = _SURE_OF_AREA[area]
        if area == "none":
            found.reasons.append(gettext_noop("没有找到正文区域，导航以外的文字全部取入。"))
        elif area == "several":
            found.reasons.append(gettext_noop("一个网页上并列着几篇文章，已全部取入。"))
        found.title = values["title"] or title or document.title
        if not (values["title"] or title):
            page_title = read.hints.get("page_title", "")
            by_name = not page_title and found.title == self.address.rpartition("/")[2].rpartition(".")[0]
            sure *= 0.4 if by_name else 0.75 if found.title == page_title else 0.9
        document.title = found.title
        # Source, day and name of the site stand in fields, not in the text: excused there, their words would be missed.
        document.put_in = [*read.put_in] if found.title in read.put_in else [*read.put_in, found.title]
        sure *= self._fill_time(document, values["date"], published)
        source = self.metas.get("contentsource", "")
        found.source = values["source"] or ("" if says_nothing(source) else source) or document.source
        document.source = found.source
        column = self.metas.get("columnname", "")
        found.column = values["column"] or ("" if says_nothing(column) else column)
        found.to_column = self.rule.to_column if self.rule is not None else ""
        found.confidence = round(sure, 2)

    def _fill_time(self, document: ExtractedDocument, ruled: str, published: tuple[datetime, bool] | None) -> float:
        """Fill the publish time; return how sure it is."""
        found = self.found
        chosen = (parse_time(ruled, now=self.now) if ruled else None) or published
        sure = 1.0
        if chosen is None and document.published_on is not None:
            chosen, sure = parse_time(document.published_on.isoformat(), now=self.now), 0.9
            found.reasons.append(gettext_noop("没有可用的 PubDate 标签，发布日期取自正文。"))
        if chosen is None and self.labelled is not None:
            chosen, sure = self.labelled, 0.9
            found.reasons.append(gettext_noop("没有可用的 PubDate 标签，发布日期取自正文。"))
        if chosen is None and (day := time_in_address(self.address, now=self.now)) is not None:
            chosen, sure = (day, False), 0.7
            found.reasons.append(gettext_noop("页面没有写发布日期，按网址中的日期。"))
        if chosen is None:
            found.reasons.append(gettext_noop("没有找到发布日期。"))
            return 0.6
        found.published_at, found.timed = chosen[0].isoformat(), chosen[1]
        document.published_on = chosen[0].date()
        return sure

    # --- rules, pictures and attachments -------------------------------------------------

    def _by_rule(self, name: str, *, several: bool = False) -> list[Tag]:
        selector = getattr(self.rule, name) if self.rule is not None else ""
        if not selector:
            return []
        tags = self.soup.select(selector, limit=0 if several else 1)
        chosen = {id(tag) for tag in tags}
        outer = [tag for tag in tags if not any(id(parent) in chosen for parent in tag.parents)]
        if not outer:
            self.found.reasons.append(
                said(gettext_noop("规则的 %(field)s（%(selector)s）在本页没有找到。"), field=name, selector=selector)
            )
        return outer

    def _leave_out(self) -> list[str]:
        """Take what a rule leaves out from the page; return, as a sentence, how much that was."""
        selector = self.rule.leave_out if self.rule is not None else ""
        if not selector:
            return []
        tags = [tag for tag in self.soup.select(selector) if tag.name not in ("html", "body")]
        outer = [tag for tag in tags if not any(parent in tags for parent in tag.parents)]
        count = sum(len(squeeze(tag.get_text())) for tag in outer)
        for tag in outer:
            tag.decompose()
        if not count:
            return []
        return [
            said(
                gettext_noop("按规则的 leave_out 略去 %(places)s 处，共 %(count)s 字。"), places=len(outer), count=count
            )
        ]

    def _text_by_rule(self, name: str) -> str:
        tags = self._by_rule(name)
        if not tags:
            return ""
        if tags[0].name == "meta":
            return tidy(str(tags[0].get("content", "")))
        text = tidy(tags[0].get_text(" "))
        return (source_in(text) if name == "source" else text)[:255]

    def _take_assets(self, body: Tag, pictures: dict[str, str]) -> None:
        """Make links whole, note pictures and attachments, and put the pictures that came along in their places."""
        base = str(tag.get("href", "")) if (tag := self.soup.find("base")) is not None else ""
        base = joined(self.address, base) or self.address
        assets: dict[str, None] = {}
        for link in body.find_all("a", href=True):
            target = joined(base, str(link["href"]))
            if target:
                link["href"] = target
                if FILE_NAME.search(target.partition("?")[0]):
                    assets[target] = None
        for image in body.find_all("img"):
            source = next((str(image[name]).strip() for name in LAZY if image.get(name)), "")
            if source.startswith(IMAGE_SCHEME):
                continue
            target = joined(base, source)
            if not target:
                continue
            assets[target] = None
            if target in pictures:
                self.images.append(ReadImage(Path(pictures[target]).read_bytes()))
                alt = str(image.get("alt", ""))
                image.attrs = {"src": f"{IMAGE_SCHEME}{len(self.images) - 1}", "alt": alt}
        self.found.assets = list(assets)[: self.bounds.assets_of_page]

    def _compare_encoding(self, data: bytes, markup: str) -> None:
        declared = declared_encoding(data)
        if not declared or (declared.lower() in ("utf-8", "utf8") and data.isascii()):
            return
        if not self.images and decode_strictly(data, ALIASES.get(declared.lower(), declared)) != markup:
            self.found.reasons.append(
                said(gettext_noop("网页声明的编码是 %(declared)s，实际不是，已按实际编码读取。"), declared=declared)
            )


def _without_site(title: str, site: str) -> str:
    """A title without the name of its site, which templates put behind it as they do for the browser's tab."""
    if not site.strip() or not title.endswith(site):
        return title
    rest = title[: -len(site)].rstrip()
    return rest.rstrip("_-—－|").rstrip() or title if rest.endswith(("_", "-", "—", "－", "|")) else title


def _seen_text(body: Tag) -> str:
    """The beginning of the text that a page shows: as much as tells one with a text from one without."""
    seen = ""
    for text in body.descendants:
        if isinstance(text, NavigableString) and not isinstance(text, PreformattedString):
            if text.parent is not None and text.parent.name in _UNSEEN:
                continue
            seen += squeeze(str(text))
            if len(seen) > FEW_CHARACTERS:
                break
    return seen
