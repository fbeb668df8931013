"""The reading of many pages in one guarded process: starting one for each page would take longer than reading it."""

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from govplatform.guarded import guarded_target
from govplatform.sentences import packed
from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.reading.outline import MOST_LINES, outline_of, text_of
from sites.arrivals.reading.page import FoundPage, read_page
from sites.arrivals.reading.rules import TemplateRule, rule_for
from sites.documents_in.extraction.document import ExtractedDocument
from sites.documents_in.extraction.html.reader import open_page
from sites.documents_in.extraction.refusal import ExtractionRefused

_AT = re.compile(r"^at page ([0-9]{1,6})$", re.MULTILINE)


def page_told(detail: str) -> int | None:
    """Return the number of the page (from 0) that was being read when a process ended that said ``detail``, or None.

    ``detail``: ``GuardedFailure.detail`` of a run of the targets below; whoever asks checks that there is such a page.
    """
    told = _AT.findall(detail)
    return int(told[-1]) if told else None


@guarded_target
def read_pages_in_child(args: dict[str, Any]) -> dict[str, Any]:
    """Read pages in the guarded process; return {"pages": [{"found": {...}, "document": {...} or None}]} in order.

    args: pages as [{"file", "address", "pictures": {address: file}, "image_folder": "" for none}], rules, now (ISO),
    bounds, and documents: whether those are wanted.
    """
    bounds = CrawlBounds.from_json(args["bounds"])
    rules = [TemplateRule.from_json(rule) for rule in args["rules"]]
    now = datetime.fromisoformat(args["now"])
    answers = []
    for number, page in enumerate(args["pages"]):
        _tell(number)
        found, document = read_page(
            _bytes_of(page["file"], bounds),
            page["address"],
            now=now,
            bounds=bounds,
            rule=rule_for(rules, page["address"]),
            pictures=page.get("pictures"),
            image_folder=Path(page["image_folder"]) if page.get("image_folder") else None,
        )
        wanted = document if args["documents"] else None
        answers.append({"found": found.to_json(), "document": wanted.to_json() if wanted else None})
    return {"pages": answers}


@guarded_target
def try_rules_in_child(args: dict[str, Any]) -> dict[str, Any]:
    """Try rules on kept pages; return {"lines", "found", "body", "warnings", "sample"}.

    args: page as {"file", "address"}, rules, sample as [{"file", "address"}], now and bounds. lines: `outline_of` the
    page; found: what the rules make of it, body: its text as paragraphs; sample: what they make of the others.
    Where it is: the page is number 0, the sample begins with 1.
    """
    bounds = CrawlBounds.from_json(args["bounds"])
    rules = [TemplateRule.from_json(rule) for rule in args["rules"]]
    now = datetime.fromisoformat(args["now"])

    def read(page: dict[str, Any]) -> tuple[FoundPage, ExtractedDocument | None]:
        data, address = _bytes_of(page["file"], bounds), page["address"]
        return read_page(data, address, now=now, bounds=bounds, rule=rule_for(rules, address))

    _tell(0)
    try:
        lines = outline_of(open_page(_bytes_of(args["page"]["file"], bounds))[0])
    except (ExtractionRefused, RecursionError):
        lines = []
    found, document = read(args["page"])
    sample = []
    for number, page in enumerate(args["sample"], 1):
        _tell(number)
        sample.append(read(page)[0].to_json())
    return {
        "lines": lines,
        "found": found.to_json(),
        "body": text_of(document)[:MOST_LINES] if document is not None else [],
        "warnings": [packed(warning) for warning in document.warnings] if document is not None else [],
        "sample": sample,
    }


def _tell(number: int) -> None:
    """Say at which page this process is, for when it is stopped there."""
    sys.stderr.write(f"\nat page {number}\n")
    sys.stderr.flush()


def _bytes_of(file: str, bounds: CrawlBounds) -> bytes:
    with open(file, "rb") as stream:
        # One byte more than allowed says that there are too many.
        return stream.read(bounds.page_bytes + 1)
