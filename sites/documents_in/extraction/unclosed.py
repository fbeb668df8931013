"""Elements that a page did not close, so that the rest of the page lies in them: a browser shows it all the same."""

from bs4 import Tag

from sites.documents_in.extraction.link_texts import measure_text

_BLOCKS = ["p", "div", "table", "ul", "ol", "h1", "h2"]
_AROUND = ["nav", "aside", "footer"]
ENOUGH = 60


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
