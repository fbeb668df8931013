"""``python -m tests.bench.main_area FOLDER``: how much of the main text of saved pages the import takes, and what else.

FOLDER holds a public set: ``ground-truth.json``, {name: {"articleBody": text}}, and ``html/NAME.html`` or
``html/NAME.html.gz``, as in scrapinghub/article-extraction-benchmark. Nothing of a set is kept here.

Text is compared in runs of four words (each Chinese character is one), counted as often as they stand there, and each
page weighs the same. Precision: the share of what was taken that is text of the article; recall: the share of the
article's text that was taken; F1: their harmonic mean, over the means. A page that is refused counts as empty.
"""

import argparse
import gzip
import json
import logging
import re
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from .sides import ROOT

sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from govplatform.sentences import unpacked  # noqa: E402
from sites.documents_in.extraction.html.reader import read_html  # noqa: E402
from sites.documents_in.extraction.limits import ExtractionLimits  # noqa: E402
from sites.documents_in.extraction.refusal import ExtractionRefused  # noqa: E402

_RUN = 4
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")
_GRADES = {"较有把握": "sure", "没有把握": "unsure", "没有找到": "none found"}


def ours(data: bytes) -> tuple[str, str]:
    """Return (text that the import takes besides the title, how sure it says it is)."""
    try:
        read = read_html(data, ExtractionLimits())
    except ExtractionRefused:
        return "", "refused"
    said = " ".join(str(unpacked(warning)) for warning in read.warnings)
    grade = next((name for word, name in _GRADES.items() if word in said), "read whole")
    return "\n".join(piece.text for piece in read.elements if (piece.kind, piece.level) != ("heading", 1)), grade


def bare(data: bytes) -> tuple[str, str]:
    """Return (text that the library alone takes, "")."""
    from lxml.html import fromstring
    from readability import Document

    return str(fromstring(Document(data.decode("utf-8", "replace")).summary()).text_content()), ""


def scores(true: str, taken: str) -> tuple[float, float, float]:
    """Return (shared, too much, missed) in parts of all runs of words of both texts."""
    wanted, found = _runs(true), _runs(taken)
    shared = sum((wanted & found).values())
    counts = (shared, sum(found.values()) - shared, sum(wanted.values()) - shared)
    whole = sum(counts) or 1
    return counts[0] / whole, counts[1] / whole, counts[2] / whole


def means(pages: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Return (F1, precision, recall) of pages as `scores` gives them."""
    precision = statistics.mean([s / (s + more) if s else 0.0 for s, more, _ in pages if s + more] or [0.0])
    recall = statistics.mean([s / (s + less) if s else 0.0 for s, _, less in pages if s + less] or [0.0])
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0, precision, recall


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)) if words)


def _data(folder: Path, name: str) -> bytes:
    packed = folder / "html" / f"{name}.html.gz"
    return gzip.decompress(packed.read_bytes()) if packed.exists() else packed.with_suffix("").read_bytes()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.main_area")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--worst", type=int, default=0, help="name so many pages with the lowest figures")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    truth = json.loads((options.folder / "ground-truth.json").read_text(encoding="utf-8"))
    sides: dict[str, Callable[[bytes], tuple[str, str]]] = {"import": ours, "library alone": bare}
    print(f"{len(truth)} pages\n{'':22}{'pages':>6}{'F1':>8}{'precision':>11}{'recall':>8}")
    for side, read in sides.items():
        pages: dict[str, list[tuple[float, float, float]]] = {}
        named: list[tuple[float, str, str]] = []
        began, longest = time.process_time(), 0.0
        for name, entry in truth.items():
            started = time.process_time()
            taken, grade = read(_data(options.folder, name))
            longest = max(longest, time.process_time() - started)
            counts = scores(entry.get("articleBody", ""), taken)
            pages.setdefault(grade, []).append(counts)
            named.append((means([counts])[0], grade, name))
        rows = {side: [each for group in pages.values() for each in group]}
        rows |= {f"  {grade}": group for grade, group in sorted(pages.items()) if grade}
        for label, group in rows.items():
            f1, precision, recall = means(group)
            print(f"{label:22}{len(group):>6}{f1:>8.3f}{precision:>11.3f}{recall:>8.3f}")
        print(f"  {time.process_time() - began:.0f} s of processor time, longest page {longest:.1f} s")
        for figure, grade, name in sorted(named)[: options.worst]:
            print(f"  {figure:.3f} {grade} {name}")
    print(f"highest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
