"""Pages whose elements do not close where they should: a browser shows their text all the same."""

from bs4 import BeautifulSoup, Tag

from govplatform.sentences import gettext_noop
from sites.documents_in.extraction.html.link_texts import measure_text
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.refusal import ExtractionRefused

TOO_DEEP = gettext_noop("网页的标签嵌套过深，无法处理。请在浏览器中复制正文，另存为 .docx 后上传。")
_BLOCKS = ["p", "div", "table", "ul", "ol", "h1", "h2"]
_AROUND = ["nav", "aside", "footer"]
ENOUGH = 60


def body_of(soup: BeautifulSoup) -> Tag:
    """Return the body of a page with all that comes after its end, which belongs to it.

    Pages that are put together from pieces have `</body></html>` in their middle (HTML Standard, 13.2.6.4.19 and
    13.2.6.4.22: what follows is read as part of the body); the parser sets what follows beside the body.
    """
    body = soup.body
    if body is None:
        return soup
    for level in (body, body.parent):
        for node in list(level.next_siblings) if level is not None else []:
            body.append(node.extract())
    return body


def refuse_too_deep(body: Tag, limits: ExtractionLimits) -> None:
    """Raise ExtractionRefused for tags nested too deep to be walked."""
    depths = {id(body): 0}
    for tag in body.find_all(True):
        depth = depths[id(tag)] = depths[id(tag.parent)] + 1
        if depth > limits.html_depth:
            raise ExtractionRefused(TOO_DEEP)


def open_what_holds_the_page(body: Tag) -> None:
    """Take away the tags of buttons with blocks in them, and of navigation that holds most of the page's text.

    `<button />` is no closed element in HTML (HTML Standard, 13.1.2.1: only void and foreign elements close
    themselves), and stands in the heads of many government sites.
    """
    for button in body.find_all("button"):
        if button.find(_BLOCKS) is not None:
            button.unwrap()
    for tag in body.find_all(_AROUND):
        within, _ = measure_text([tag])
        if within >= ENOUGH and within > measure_text([body])[0] and tag.find_parent(_AROUND) is None:
            tag.unwrap()
