"""The reading of many pages in one guarded process: starting one for each page would take longer than reading it."""

from datetime import datetime
from pathlib import Path
from typing import Any

from govplatform.guarded import guarded_target
from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.reading.page import read_page
from sites.arrivals.reading.rules import TemplateRule, rule_for


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
    for page in args["pages"]:
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


def _bytes_of(file: str, bounds: CrawlBounds) -> bytes:
    with open(file, "rb") as stream:
        # One byte more than allowed says that there are too many.
        return stream.read(bounds.page_bytes + 1)
