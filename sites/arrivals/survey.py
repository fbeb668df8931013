"""The survey of a crawl: which page becomes what, and why another does not. Nothing is written by it."""

import json
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.guarded import GuardedFailure, run_guarded
from govplatform.refusals import Refused
from govplatform.sentences import translated, unpacked
from sites.columns.models import Column

from .keeping import may_be_led_on
from .matching import ColumnChoice
from .reading.addresses import host_of, is_of_host, key_of
from .reading.bounds import CrawlBounds
from .reading.crawl import INDEX, Entry
from .reading.in_child import page_told
from .reading.page import FoundPage
from .reading.rules import TemplateRule, read_rules

UNPACK = "sites.arrivals.reading.crawl.unpack_in_child"
READ = "sites.arrivals.reading.in_child.read_pages_in_child"
#: Pages that one guarded process reads: its start takes as long as some thirty of them.
BATCH = 200

logger = logging.getLogger("sites.arrivals")
Progress = Callable[[int, int], None]


@dataclass
class PageRow:
    """A page that becomes a draft. address: its first old address; also: the others; column: of this site."""

    address: str
    file: str
    found: FoundPage
    column: Column
    also: list[str] = field(default_factory=list)
    page: int | None = None

    @property
    def reasons(self) -> list[str]:
        """What is doubtful, in the reader's language."""
        told = [translated(reason) for reason in self.found.reasons]
        if lost := [address for address in (self.address, *self.also) if not may_be_led_on(address)]:
            told.append(
                _("旧网址含有网址中不能有的字符，或者过长，迁入后不能从它跳转到这一页：%(addresses)s")
                % {"addresses": "、".join(lost)}
            )
        return told


@dataclass
class Survey:
    """What a crawl holds.

    skipped: [(address, reason)]; files: address of a picture or attachment to its bytes; contents: address of whatever
    was read as a page to (SHA-256 of its bytes, file).
    """

    pages: list[PageRow] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    contents: dict[str, tuple[str, str]] = field(default_factory=dict)


def rules_from(text: str) -> list[TemplateRule]:
    """Return the rules of a rules file. Raises Refused with every fault, each naming its template and field."""
    rules, faults = read_rules(text)
    if faults:
        raise Refused([translated(fault) for fault in faults])
    return rules


@contextmanager
def unpacked_crawl(source: Path, host: str, bounds: CrawlBounds) -> Iterator[list[Entry]]:
    """Yield the addresses of a crawl, whose files are there until the end. Raises Refused for what is no crawl."""
    if not source.exists():
        raise Refused(_("找不到抓取文件“%(source)s”，请核对路径。") % {"source": source})
    with tempfile.TemporaryDirectory(prefix="arrival-") as folder:
        try:
            answer = run_guarded(
                UNPACK,
                {"source": str(source.resolve()), "host": host, "folder": folder, "bounds": bounds.to_json()},
                seconds=bounds.unpack_seconds,
                memory_mb=bounds.memory_mb,
                # Also the bound of each file that it writes.
                output_mb=2 * bounds.file_bytes // (1 << 20),
            )
        except GuardedFailure as failure:
            logger.warning("unpacking a crawl failed: %s %s", failure.kind, failure.detail)
            raise Refused(_("抓取文件无法打开：%(reason)s") % {"reason": translated(failure.message)}) from failure
        if "refused" in answer:
            raise Refused(translated(unpacked(answer["refused"])))
        with (Path(folder) / INDEX).open(encoding="utf-8") as index:
            yield [Entry(**json.loads(line)) for line in index]


def survey(
    entries: list[Entry],
    *,
    host: str,
    rules: list[TemplateRule],
    columns: ColumnChoice,
    bounds: CrawlBounds,
    limit: int | None = None,
    progress: Progress = lambda done, total: None,
) -> Survey:
    """Read the pages of the old site and say of each address what it is.

    limit: no more than so many pages become drafts; the rest is told as skipped. Raises Refused for a crawl that holds
    nothing of the host.
    """
    result = Survey()
    order: dict[str, Entry] = {}
    for entry in entries:
        if not entry.page:
            if entry.file:
                result.files.setdefault(entry.address, entry.file)
            if entry.status == 200 or not is_of_host(entry.address, host):
                continue
        if is_of_host(entry.address, host):
            order.setdefault(entry.address, entry)
    if not order:
        raise Refused(_nothing_of_host(entries, host))
    readable = [entry for entry in order.values() if entry.page and entry.file]
    result.contents = {entry.address: (entry.sha256, entry.file) for entry in readable}
    found = read_all(readable, rules, bounds, progress)
    led: dict[str, list[str]] = {}
    by_key: dict[str, PageRow] = {}
    by_digest: dict[str, PageRow] = {}
    for entry in order.values():
        if entry.location:
            led.setdefault(key_of(entry.location), []).append(entry.address)
            continue
        page = found.get(entry.address)
        if page is None:
            result.skipped.append((entry.address, _status_reason(entry)))
            continue
        if page.kind == "redirect":
            led.setdefault(key_of(page.target), []).append(entry.address)
            continue
        if page.kind != "article":
            result.skipped.append((entry.address, translated(page.reason)))
            continue
        same = by_digest.get(page.digest) or by_key.get(key_of(entry.address))
        if same is not None:
            same.also.append(entry.address)
            by_key[key_of(entry.address)] = same
            continue
        column, reason = columns.choose(page)
        if column is None:
            result.skipped.append((entry.address, reason))
            continue
        if limit is not None and len(result.pages) >= limit:
            result.skipped.append((entry.address, _("超过本次导入的页数上限。")))
            continue
        row = PageRow(entry.address, entry.file, page, column)
        result.pages.append(row)
        by_key[key_of(entry.address)] = by_digest[page.digest] = row
    _follow(led, by_key, result)
    return result


def read_all(
    entries: list[Entry], rules: list[TemplateRule], bounds: CrawlBounds, progress: Progress = lambda done, total: None
) -> dict[str, FoundPage]:
    """Read pages in guarded processes; return {address: what it is}. What breaks its process is refused alone."""
    found: dict[str, FoundPage] = {}
    now = timezone.now().isoformat()
    for start in range(0, len(entries), BATCH):
        batch = entries[start : start + BATCH]
        pages = [{"file": entry.file, "address": entry.address} for entry in batch]
        for entry, answer in zip(batch, read_guarded(pages, rules, bounds, now=now, documents=False), strict=True):
            found[entry.address] = found_from(answer["found"])
        progress(min(start + BATCH, len(entries)), len(entries))
    return found


def read_guarded(
    pages: list[dict[str, Any]], rules: list[TemplateRule], bounds: CrawlBounds, *, now: str, documents: bool
) -> list[dict[str, Any]]:
    """Return the answers for pages (see `read_pages_in_child`).

    Of what takes too long the page that was being read is tried alone; whatever fails otherwise is halved until the one
    page is found.
    """
    try:
        answer = run_guarded(
            READ,
            {
                "pages": pages,
                "rules": [rule.to_json() for rule in rules],
                "now": now,
                "bounds": bounds.to_json(),
                "documents": documents,
            },
            seconds=min(bounds.batch_seconds, bounds.page_seconds * (len(pages) + 1)),
            memory_mb=bounds.memory_mb,
            output_mb=bounds.output_mb,
        )
    except GuardedFailure as failure:
        logger.warning("reading %s pages failed: %s %s", len(pages), failure.kind, failure.detail)
        if len(pages) == 1:
            return [{"found": FoundPage("refused", failure.message).to_json(), "document": None}]
        at = page_told(failure.detail) if failure.kind == "timeout" else None
        half = len(pages) // 2
        parts = [pages[:half], pages[half:]]
        if at is not None and at < len(pages):
            parts = [part for part in (pages[:at], pages[at : at + 1], pages[at + 1 :]) if part]
        return [one for part in parts for one in read_guarded(part, rules, bounds, now=now, documents=documents)]
    return list(answer["pages"])


def found_from(data: dict[str, Any]) -> FoundPage:
    """Return the page that `FoundPage.to_json` made `data` of."""
    return FoundPage(
        **{**data, "reason": unpacked(data["reason"]), "reasons": [unpacked(reason) for reason in data["reasons"]]}
    )


def _nothing_of_host(entries: list[Entry], host: str) -> str:
    others = list(dict.fromkeys(name for entry in entries if entry.page and (name := host_of(entry.address))))
    if not others:
        return _("抓取文件里没有任何网页，请核对抓取是否完整。")
    return _("抓取文件里没有“%(host)s”的网页，只有：%(others)s。请核对“原网站域名”。") % {
        "host": host,
        "others": "、".join(others[:5]),
    }


def _status_reason(entry: Entry) -> str:
    if entry.status == 200:
        return _("没有抓到网页的内容，或超过大小上限。")
    return _("原服务器答 %(status)s，没有内容。") % {"status": entry.status}


def _follow(led: dict[str, list[str]], by_key: dict[str, PageRow], result: Survey) -> None:
    """Give the addresses that lead on to the pages that they lead to, over several steps where there are."""
    leading = {key_of(address): target for target, addresses in led.items() for address in addresses}
    for first, addresses in led.items():
        target = first
        seen = {target}
        while target not in by_key and target in leading and leading[target] not in seen:
            target = leading[target]
            seen.add(target)
        row = by_key.get(target)
        for address in addresses:
            if row is not None:
                row.also.append(address)
            else:
                result.skipped.append((address, _("跳转的目标不在导入的网页之中：%(target)s") % {"target": target}))
