"""The source of a page, told from the line in which it stands beside other things."""

import re

from sites.documents_in.extraction.recognition.dates import DATE
from sites.documents_in.extraction.spacing import tidy

_SOURCE_LABEL = re.compile(r"(?:来源|來源|来自)\s*[:：]\s*")
_NEXT_LABEL = re.compile(r"(?<![\s|｜])[\s|｜]++[^\s:：|｜]{2,6}\s*+[:：]")
_TIME_OF_DAY = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)")


def source_in(line: str) -> str:
    """Return the source that a line below a title names; it also holds the day, and how often the page was read."""
    labelled = _SOURCE_LABEL.search(line)
    rest = line[labelled.end() :] if labelled else line
    following = _NEXT_LABEL.search(rest)
    if labelled and following:
        rest = rest[: following.start()]
    rest = _TIME_OF_DAY.sub(" ", re.sub(DATE, " ", rest))
    return tidy(rest).strip("|｜ ") or tidy(line)
