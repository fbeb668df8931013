"""The reader of a piece of HTML that somebody has copied: all of it is meant, so nothing is taken for a frame."""

import re
from collections.abc import Sequence

from bs4 import BeautifulSoup

from sites.documents_in.extraction.element import ReadFile, ReadImage
from sites.documents_in.extraction.html.lists import write_numbers_out
from sites.documents_in.extraction.html.office_lists import read_office_lists
from sites.documents_in.extraction.html.reader import IMAGE_SCHEME, Walker, drop_unused_images, open_page
from sites.documents_in.extraction.html.styles import StyleSheets
from sites.documents_in.extraction.html.unclosed import body_of, open_what_holds_the_page, refuse_too_deep
from sites.documents_in.extraction.html.visible import take_out_unseen
from sites.documents_in.extraction.limits import ExtractionLimits

#: How the sender names the pictures that it sends along: `src="pasted-picture:N"`, counted from 0.
PASTED_SCHEME = "pasted-picture:"
_BODY = re.compile(r"<body[\s>]", re.IGNORECASE)
_PASTED = re.compile(rf"{PASTED_SCHEME}(\d{{1,4}})")


def read_fragment(data: bytes, pictures: Sequence[bytes], limits: ExtractionLimits) -> ReadFile:
    """Read a copied piece of HTML (UTF-8) with the pictures that came along; merged cells stay merged.

    Raises ExtractionRefused for tags nested too deep, too many elements or too large a table.
    """
    markup, images = open_page(data)
    first = len(images)
    images += [ReadImage(picture) for picture in pictures]
    markup = _PASTED.sub(lambda found: f"{IMAGE_SCHEME}{first + int(found[1])}", markup)
    if not _BODY.search(markup):
        # What browsers copy begins with a `<meta>`, and the parser would put a `<section>` after it into the head.
        markup = f"<body>{markup}"
    soup = BeautifulSoup(markup, "lxml")
    result = ReadFile(images=images)
    sheets = StyleSheets(style.get_text() for style in soup.find_all("style"))
    body = body_of(soup)
    refuse_too_deep(body, limits)
    open_what_holds_the_page(body)
    notes, _left_out = take_out_unseen(body, [body], sheets)
    result.warnings += notes
    read_office_lists(body)
    write_numbers_out(body, sheets)
    Walker(result, limits, keep_merged=True).walk([body])
    drop_unused_images(result)
    return result
