"""A page whose reading never ends costs its own time, and not that of the pages beside it."""

import logging
import os

from django.utils import timezone

from govplatform.guarded.prepared import prepared_children
from sites.arrivals.reading.bounds import CrawlBounds
from sites.arrivals.survey import read_guarded

HTML = "<html><head><title>通知</title></head><body><h1>通知</h1><p>全文如下。</p></body></html>"


def test_a_page_that_never_ends_is_gone_straight_to(tmp_path, caplog):
    pages = []
    for number in range(8):
        file = tmp_path / f"{number}.html"
        if number == 5:
            # Whoever opens it waits for a writer who never comes.
            os.mkfifo(file)
        else:
            file.write_text(HTML)
        pages.append({"file": str(file), "address": f"http://www.old.example/{number}.html"})
    bounds = CrawlBounds(batch_seconds=4, page_seconds=4)
    with (
        prepared_children(["sites.arrivals.reading.in_child"]),
        caplog.at_level(logging.WARNING, "sites.arrivals"),
    ):
        answers = read_guarded(pages, [], bounds, now=timezone.now().isoformat(), documents=False)
    failed = [record.args[0] for record in caplog.records if record.name == "sites.arrivals"]
    assert failed == [8, 1]
    refused = [number for number, answer in enumerate(answers) if "处理时间超过上限" in str(answer["found"]["reason"])]
    assert refused == [5]
