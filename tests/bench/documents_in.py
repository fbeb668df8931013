"""``python -m tests.bench.documents_in FOLDER``: how much of other people's Word files an import loses.

Every .docx below FOLDER is read by the import and by LibreOffice, which writes it out as text. Told are the share of
LibreOffice's characters that the import does not have (deletions by revision and what the import names as left out are
discounted), numbers of paragraphs that differ, the slowest file and the highest memory of a reading process.

LibreOffice has to be installed; the files are the reader's own and nothing of them is kept.
"""

import argparse
import json
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from sites.documents_in.comparison import compare  # noqa: E402
from sites.documents_in.extraction import (  # noqa: E402
    ExtractedDocument,
    ExtractionRefused,
    RichTextBlock,
    TableBlock,
    extract_guarded,
)
from sites.documents_in.extraction.second_reading import Passage  # noqa: E402
from sites.documents_in.telling_characters import normal  # noqa: E402

#: LibreOffice converts so many files in one process.
_AT_ONCE = 40
_TAG = re.compile(r"<[^<>]+>")
_ITEM = re.compile(r"(<[ou]l[^<>]*>)|(</[ou]l>)|<li>")
_NUMBERED = re.compile(
    r"^[\s　]*((?:第?[\d一二三四五六七八九十百]+[.、)）章节条]|[(（][\da-z一二三四五六七八九十]+[)）])[\d.]*)"
)


@dataclass
class _Result:
    name: str
    characters: int = 0
    missing: int = 0
    numbers: int = 0
    other_numbers: int = 0
    seconds: float = 0.0
    refused: str = ""

    @property
    def share(self) -> float:
        return self.missing / self.characters if self.characters else 0.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.documents_in")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worst", type=int, default=10, help="name so many of the files that lose most")
    options = parser.parse_args()
    files = sorted(path for path in options.folder.rglob("*.docx") if path.is_file())
    read = [_read(path) for path in files]
    # LibreOffice, which needs more, has not run yet.
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    for few in range(0, len(files), _AT_ONCE):
        _compare(files[few : few + _AT_ONCE], read[few : few + _AT_ONCE])
    _tell([result for result, _document in read], memory, options.worst, as_json=options.json)
    return 0


def _read(path: Path) -> tuple[_Result, ExtractedDocument | None]:
    begun = time.perf_counter()
    try:
        document = extract_guarded(path, path.name)
    except ExtractionRefused as refusal:
        return _Result(path.name, refused=str(refusal.reason), seconds=time.perf_counter() - begun), None
    return _Result(path.name, seconds=time.perf_counter() - begun), document


def _compare(files: list[Path], read: list[tuple[_Result, ExtractedDocument | None]]) -> None:
    """Put into the results what LibreOffice's text has and the document has not."""
    with tempfile.TemporaryDirectory() as folder:
        given = []
        # Named by their place: two folders may have files of one name.
        for number, path in enumerate(files):
            if read[number][1] is not None:
                copy = Path(folder) / f"{number}.docx"
                copy.write_bytes(path.read_bytes())
                given.append(str(copy))
        _convert(given, folder)
        for number, (result, document) in enumerate(read):
            written = Path(folder) / f"{number}.txt"
            if document is not None and written.exists():
                _compare_one(result, document, written.read_text(encoding="utf-8", errors="replace").splitlines())


def _convert(given: list[str], folder: str) -> None:
    words = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to"]
    words += ["txt:Text (encoded):UTF8", "--outdir", folder]
    try:
        subprocess.run([*words, *given], capture_output=True, timeout=30 * len(given), check=False)
    except subprocess.TimeoutExpired:
        print("LibreOffice did not end", file=sys.stderr)


def _compare_one(result: _Result, document: ExtractedDocument, lines: list[str]) -> None:
    texts = list(_texts_of(document))
    shown = [document.issued_by, document.source, document.document_number, document.signature, document.addressee]
    passages = [Passage("line", number, line) for number, line in enumerate(lines, 1) if line.strip()]
    found = compare(passages, texts, left_out=[*document.left_out, *shown])
    result.characters, result.missing = found.characters, found.missing
    own = {_without_number(text): _number_of(text) for text in texts if _number_of(text)}
    for line in lines:
        number, words = _number_of(line), _without_number(line)
        if number and len(words) >= 4 and words in own:
            result.numbers += 1
            result.other_numbers += own[words] != number


def _texts_of(document: ExtractedDocument) -> Iterator[str]:
    yield document.title
    for block in document.blocks:
        if isinstance(block, RichTextBlock):
            yield from _lines_of(block.html)
        elif isinstance(block, TableBlock):
            yield block.caption
            yield from (cell for row in block.rows for cell in row)
        else:
            yield getattr(block, "text", "") or getattr(block, "caption", "")


def _lines_of(html: str) -> Iterator[str]:
    """Yield paragraphs and items, those of numbered lists with the numbers that a browser gives them."""
    counts: list[int] = []

    def numbered(found: re.Match[str]) -> str:
        if found[1]:
            counts.append(0 if found[1].startswith("<ol") else -1)
            return "\n"
        if found[2]:
            counts.pop()
            return "\n"
        if counts and counts[-1] >= 0:
            counts[-1] += 1
            return f"\n{counts[-1]}. "
        return "\n"

    text = _ITEM.sub(numbered, html).replace("</p>", "\n").replace("<br/>", "\n")
    yield from unescape(_TAG.sub("", text)).splitlines()


def _number_of(text: str) -> str:
    found = _NUMBERED.match(text)
    return normal(found[1]) if found else ""


def _without_number(text: str) -> str:
    return normal(_NUMBERED.sub("", text))


def _tell(results: list[_Result], memory: int, worst: int, *, as_json: bool) -> None:
    read = [result for result in results if not result.refused and result.characters]
    shares = sorted(result.share for result in read) or [0.0]
    told = {
        "files": len(results),
        "refused": sum(bool(result.refused) for result in results),
        "characters": sum(result.characters for result in read),
        "missing_median": statistics.median(shares),
        "missing_95": shares[min(int(len(shares) * 0.95), len(shares) - 1)],
        "numbers": sum(result.numbers for result in read),
        "other_numbers": sum(result.other_numbers for result in read),
        "slowest_seconds": max((result.seconds for result in results), default=0.0),
        "memory_mb": memory,
        "worst": [(r.name, r.missing, r.characters) for r in sorted(read, key=lambda r: -r.share)[:worst]],
    }
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        if name != "worst":
            print(f"{name:16} {value:.4f}" if isinstance(value, float) else f"{name:16} {value}")
    for name, missing, characters in told["worst"]:  # type: ignore[attr-defined]
        print(f"  {missing:6} of {characters:7}  {name}")


if __name__ == "__main__":
    sys.exit(main())
