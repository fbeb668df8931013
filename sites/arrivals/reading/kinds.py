"""What kind of page a page is: an article, a list, a frame, an error page or one that leads elsewhere."""

import re
from typing import Literal
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from sites.arrivals.reading.addresses import joined
from sites.documents_in.extraction.recognition.dates import find_written
from sites.documents_in.extraction.spacing import squeeze, tidy

PageKind = Literal["article", "list", "frame", "error", "redirect", "empty", "refused", "skip"]

#: More text than this is no page that only says that something is not there, or leads on.
FEW_CHARACTERS = 400
ROWS_OF_A_LIST = 3
_LONGEST_LINE = 200
_ERROR = re.compile(
    r"(?:^|\D)(?:404|403|500|502|503)(?:\D|$)|not\s*found|页面?不存在|頁面不存在|找不到(?:页面|网页|该页|您)|无法找到|"
    r"您(?:所)?(?:访问|请求|查看)的(?:页面|网页|地址|内容|信息|文章)[^。]{0,12}(?:不存在|已被?删除|已失效|出错)|"
    r"(?:文章|信息|内容)(?:不存在|已被?删除)|系统(?:错误|出错|繁忙|维护)|服务器(?:错误|内部错误)|runtime error|"
    r"server error|access denied|拒绝访问",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"(?:window\.|document\.|top\.|self\.|parent\.)?location(?:\.href)?\s*=\s*[\"']([^\"'<>\s]{1,500})[\"']|"
    r"location\.(?:replace|assign)\(\s*[\"']([^\"'<>\s]{1,500})[\"']"
)
_CONDITION = re.compile(r"\bif\s*+\(")
_REFRESH = re.compile(r"^\s*+(?:\d++\s*+)?(?:[;,]\s*+)?url\s*+=\s*+[\"']?([^\"'>\s]{1,500})", re.IGNORECASE)
_LIST_PATH = re.compile(
    r"/$|/(?:index|default|list|col|node|channel|lanmu|more)\d*+(?:[_-]\d++)*+\.\w{2,5}$|/(?:col|node)[_/]?\d+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"上一页|下一页|末页|尾页|共\s*+\d++\s*+页|(?<!\d)\d++\s*+/\s*+\d++\s*+页|下一頁|next\s*+page", re.IGNORECASE
)
_NOTHING = frozenset(("", "null", "none", "undefined", "nan", "无", "暂无", "空", "-", "--", "n/a", "标题", "栏目名称"))
_PLACEHOLDER = re.compile(r"\$\{|\{\{|<%|\{\$|#\{|【标题】|\[标题\]")


def metas_of(soup: BeautifulSoup) -> dict[str, str]:
    """Return what the mandated meta tags of a page say, by their names in small letters; the first of each counts."""
    found: dict[str, str] = {}
    for meta in soup.find_all("meta"):
        name = str(meta.get("name") or "").strip().lower()
        content = tidy(str(meta.get("content", "")))
        if name and name not in found:
            found[name] = content
    return found


def says_nothing(value: str) -> bool:
    """Whether the content of a meta tag is empty, `null` or a placeholder that the template did not fill."""
    return squeeze(value).lower() in _NOTHING or bool(_PLACEHOLDER.search(value))


def leads_to(soup: BeautifulSoup, address: str, text: str) -> str:
    """Return the address that a page sends its visitors on to, by refresh or script; "" for a page that has a text."""
    if len(text) > FEW_CHARACTERS:
        return ""
    for meta in soup.find_all("meta"):
        if str(meta.get("http-equiv", "")).lower() == "refresh":
            found = _REFRESH.search(str(meta.get("content", "")))
            target = joined(address, found[1]) if found else ""
            if target and target != address:
                return target
    if len(text) > FEW_CHARACTERS // 4:
        return ""
    for script in soup.find_all("script"):
        code = script.get_text()[:20_000]
        found = _LEADS.search(code)
        if found is None or _CONDITION.search(code, 0, found.start()):
            # Out of somebody else's frame, or to the version for phones: whoever comes in the ordinary way stays here.
            continue
        target = joined(address, found[1] or found[2])
        if target and target != address:
            return target
    return ""


def is_error(soup: BeautifulSoup, text: str) -> bool:
    """Whether a page only says that something is not there or broken, though its server answered 200."""
    if len(text) > FEW_CHARACTERS:
        return False
    heads = [soup.title, *soup.find_all(["h1", "h2"], limit=3)]
    if any(head is not None and _ERROR.search(tidy(head.get_text())) for head in heads):
        return True
    return len(text) < FEW_CHARACTERS // 2 and bool(_ERROR.search(text))


def frames_of(soup: BeautifulSoup, address: str) -> list[str]:
    """Return the addresses that a frameset frames, [] for any other page."""
    if soup.find("frameset") is None:
        return []
    return [target for frame in soup.find_all("frame") if (target := joined(address, str(frame.get("src", ""))))]


def rows_of_list(body: Tag) -> int:
    """Return how many lines of a page are a link with a day beside it, as in lists of articles."""
    count = 0
    for link in body.find_all("a", href=True):
        if len(squeeze(link.get_text())) < 6:
            continue
        holder = link.find_parent(["li", "tr", "dd", "dt", "p", "div"])
        if holder is None:
            continue
        line = _line_of(holder)
        if line and (find_written(line) or re.search(r"(?<!\d)\d{1,2}[-/]\d{1,2}(?!\d)", line)):
            count += 1
    return count


def _line_of(holder: Tag) -> str:
    """The text of a line of a list; '' for what is longer than one: read no further, for each link of it asks again."""
    parts, length = list[str](), -1
    for part in holder.stripped_strings:
        parts.append(part)
        length += 1 + len(part)
        if length >= _LONGEST_LINE:
            return ""
    return " ".join(parts)


def has_numbered_pages(body: Tag) -> bool:
    """Whether a page has the links of a list that goes over several pages."""
    return any(_NUMBERED.search(link.get_text()) for link in body.find_all(["a", "span"]))


def is_list_path(address: str) -> bool:
    """Whether an address is one that lists have: a folder, an index, a numbered page of one."""
    return bool(_LIST_PATH.search(urlsplit(address).path))
