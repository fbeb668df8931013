"""The words in the headers and footers of a Word document, which are not part of its text."""

import re

from sites.documents_in.extraction.word.blocks import LeftOut
from sites.documents_in.extraction.word.names import text_in
from sites.documents_in.extraction.word.package import Package

# Numbers of pages with what stands around them: "- 3 -", "第 3 页 共 12 页", "Page 3 of 12".
_PAGE_NUMBER = re.compile(r"[\d\W_]|第|页|頁|共|page|of", re.IGNORECASE)


def count_margins(package: Package, main: str, left_out: LeftOut) -> None:
    """Count the headers and footers that say more than the number of a page."""
    seen: set[str] = set()
    for kind in ("header", "footer"):
        for part in package.related(main, kind):
            root = package.tree(part)
            if root is None:
                continue
            text = text_in(root).strip()
            if _PAGE_NUMBER.sub("", text) and text not in seen:
                seen.add(text)
                left_out.add("margins", text)
