"""The walk over a site: every public address is asked for and written down, then what their pages show besides."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.addresses.canonical import location_of
from govplatform.addresses.known import Kind, KnownAddress
from govplatform.refusals import Refused
from govplatform.rendering.renderer import Rendered, Renderer
from govplatform.rendering.together import rendering_together
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from ..package.certificate import AddressTally, Tally
from ..package.descriptions import ITEM, PART, SERIES
from ..package.index import coarse_key, index_key, index_line
from ..package.layout import ADDRESSES, PAGES, SOFTWARE, Names
from ..package.warc_writing import Original, Warc
from ..package.written import line, moment, stamp
from . import described
from .reading import READING
from .shown_files import Seen
from .working import Working

_AT_ONCE = 200
_RANKS = {SERIES: 1, ITEM: 2, PART: 3}
_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}


@dataclass
class Captured:
    """What a walk came to. ``records``: in the WARC; ``answers``: status -> how many public addresses gave it."""

    public: AddressTally = field(default_factory=AddressTally)
    captured: Tally = field(default_factory=Tally)
    shown: int = 0
    records: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    first_page: str = ""
    published_from: str = ""
    published_until: str = ""


class Walk:
    """One capture into ``folder``. ``date``: of the state, as in records; ``within``: path of one column, or ''."""

    def __init__(self, tenant: Tenant, folder: Path, names: Names, date: str, working: Working, within: str) -> None:
        self.tenant = tenant
        self.folder = folder
        self.names = names
        self.date = date
        self.working = working
        self.within = within
        self.root = public_url(tenant, "").rstrip("/")
        self.renderer = Renderer(self.root, folder, READING, takes_kept=True)
        #: What the files begin with that belong to the pages which offer them.
        self._files = tuple(f"{self.root}{path}" for path in settings.ARCHIVED_FILES)
        self.done = Captured()
        #: A short way around the notes for what every page shows.
        self._met: set[str] = set()

    def run(
        self, addresses: Iterable[KnownAddress], tell: Callable[[int], None], *, state: str = "", helpers: int = 0
    ) -> Captured:
        """Write WARC, list of addresses and list of pages. ``tell`` hears how many addresses are done.

        ``state``: the database's, as ``one_state`` names it; ``helpers``: how many processes render besides this one.
        """
        with (
            translation.override(settings.LANGUAGE_CODE),
            (self.folder / self.names.warc).open("wb") as stream,
            (self.folder / ADDRESSES).open("wb") as listed,
            (self.folder / PAGES).open("wb") as pages,
            rendering_together(self.renderer, state, helpers) as together,
        ):
            self.warc = Warc(stream, self.names.name, self.date)
            self.listed, self.pages = listed, pages
            self.warc.write_info(self.names.warc_file, self._info())
            pages.write(line(_PAGES_HEAD))
            for (known, page, address), answer in together.answers(self._wanted(addresses)):
                self._public(known, page, address, answer)
                tell(self.done.captured.count)
            for address in self.working.waiting():
                self._besides(address)
                tell(self.done.captured.count)
            self.done.records = self.warc.records
        return self.done

    def _info(self) -> dict[str, str]:
        return {
            "software": SOFTWARE,
            "format": "WARC File Format 1.1",
            "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": self.names.name,
            "operator": self.tenant.organiser or self.tenant.full_name,
            "description": f"{self.tenant.full_name} {self.root}/ {self.date}",
        }

    def _with_pages(self, addresses: Iterable[KnownAddress]) -> Iterator[tuple[KnownAddress, Page | None]]:
        """Each address with the page that it leads to, asked of the database for many at once."""
        coming = iter(addresses)
        while True:
            # Their rows are read in public, the pages in the site's schema.
            chunk = list(itertools.islice(coming, _AT_ONCE))
            if not chunk:
                return
            with tenant_context(self.tenant):
                ids = {one.object_id for one in chunk if one.kind in (Kind.PAGE, Kind.LIST) and one.object_id}
                pages = described.pages_by_id(ids)
            for one in chunk:
                yield one, pages.get(one.object_id or 0) if one.kind in (Kind.PAGE, Kind.LIST) else None

    def _wanted(self, addresses: Iterable[KnownAddress]) -> Iterator[tuple[tuple[KnownAddress, Page | None, str], str]]:
        """Each address once, with its page, its whole form, and what is asked for."""
        for known, page in self._with_pages(addresses):
            target = location_of(known.path)
            if self.working.is_new(self.root + target):
                yield (known, page, self.root + target), target

    def _public(self, known: KnownAddress, page: Page | None, address: str, answer: Rendered) -> None:
        self.done.public.add(address)
        if answer.status >= 500 or answer.status == 429:
            raise Refused(
                _("网址 %(address)s 应答 %(status)s，没有留下任何文件。请先让这个网址正常应答，再重新归档。")
                % {"address": address, "status": answer.status}
            )
        seen: Seen = answer.made.seen
        title = known.title or (page.title if page is not None else seen.title)
        record = self._write(address, answer, "public", {"kind": str(known.kind), "title": title})
        if page is not None:
            with tenant_context(self.tenant):
                self._describe_page(known, page, address, answer, record)
        else:
            self._describe_part(address, answer, title, record)
        self.done.captured.add(address, answer.status, answer.made.digest)
        status = str(answer.status)
        self.done.answers[status] = self.done.answers.get(status, 0) + 1
        if answer.status == 200 and answer.type == "text/html":
            self._list_page(address, seen.title or title)
        self._note(seen)

    def _besides(self, address: str) -> None:
        with self.renderer.asked(address.removeprefix(self.root)) as answer:
            if answer.status >= 500:
                raise Refused(
                    _("网页引用的文件 %(address)s 应答 %(status)s，归档没有完成。请先让它正常应答，再重新归档。")
                    % {"address": address, "status": answer.status}
                )
            seen: Seen = answer.made.seen
            record = self._write(address, answer, "shown", {"kind": str(Kind.OTHER), "title": seen.title})
            self._describe_part(address, answer, seen.title, record)
            self.done.shown += 1
        self._note(seen)

    def _note(self, seen: Seen) -> None:
        """Whatever the page shows is asked for in the end, and so are the files that it offers."""
        files = (one for one in seen.linked if one.startswith(self._files))
        for address in itertools.chain(seen.shown, files):
            if address in self._met or not address.startswith(f"{self.root}/"):
                continue
            if len(self._met) < 5_000:
                self._met.add(address)
            self.working.wait(address)

    def _write(self, address: str, answer: Rendered, role: str, facts: dict[str, str]) -> str:
        """Write the record of an answer, its line in the index and in the list; return the record's id."""
        date = self._date_for(address)
        original = self.working.original_of(answer.made.digest.sha256) if _may_repeat(answer) else None
        if original is not None:
            written = self.warc.write_revisit(
                address, date, answer.reason, answer.headers, original, answer.made.digest
            )
        else:
            written = self.warc.write_response(
                address, date, answer.reason, answer.headers, _binary(answer), answer.made.digest
            )
            if _may_repeat(answer):
                self.working.keep_original(answer.made.digest.sha256, Original(address, date, written.record))
        entry = {
            "url": address,
            "mime": "warc/revisit" if original else (answer.type or "unk"),
            "status": str(answer.status),
            "digest": f"sha256:{answer.made.digest.sha256}",
            "length": str(written.length),
            "offset": str(written.offset),
            "filename": self.names.warc_file,
        }
        key = index_key(address)
        self.working.keep_line(key, stamp(date), address, index_line(key, stamp(date), entry))
        self.listed.write(
            line(
                {
                    "address": address,
                    "date": date,
                    "role": role,
                    "status": answer.status,
                    "type": answer.type,
                    "record": written.record,
                    "revisit": original is not None,
                    **facts,
                    **vars(answer.made.digest),
                }
            )
        )
        return written.record

    def _date_for(self, address: str) -> str:
        """The date of the state; of addresses that older viewers take for the same, each a second later."""
        times = self.working.times_met(coarse_key(address))
        return self.date if not times else moment(_later(self.date, times))

    def _list_page(self, address: str, title: str) -> None:
        if not self.done.first_page:
            self.done.first_page = address
        if address == f"{self.root}/":
            self.done.first_page = address
        facts = {"id": f"p{self.done.captured.count}", "url": address, "ts": self.date, "title": title or address}
        self.pages.write(line(facts))

    def _describe_part(self, address: str, answer: Rendered, title: str, record: str) -> None:
        if answer.status == 200:
            self.working.keep_entry(_RANKS[PART], self._entry(PART, address, answer, {"title": title}, record))

    def _describe_page(self, known: KnownAddress, page: Page, address: str, answer: Rendered, record: str) -> None:
        seen: Seen = answer.made.seen
        if answer.status != 200:
            return
        if described.is_column(page):
            if known.variant:
                level, values = PART, {"title": known.title or page.title}
            else:
                level, values = SERIES, described.metadata_of(page)
                self.working.keep_series(location_of(known.path), page.title)
        else:
            level, values = ITEM, described.metadata_of(page)
        if (published := values.get("published_at")) and level == ITEM:
            self.done.published_from = min(self.done.published_from or published, published)
            self.done.published_until = max(self.done.published_until, published)
        relations = [
            {"type": "hasPart", "address": one}
            for one in dict.fromkeys(itertools.chain(seen.shown, seen.linked))
            if one.startswith(self._files)
        ]
        if seen.language:
            values = {**values, "language": seen.language}
        self.working.keep_entry(_RANKS[level], self._entry(level, address, answer, values, record, relations))

    def _entry(
        self,
        level: str,
        address: str,
        answer: Rendered,
        values: dict[str, str],
        record: str,
        relations: list[dict[str, str]] | None = None,
    ) -> dict[str, Any]:
        return {
            **{name: value for name, value in values.items() if name != "url"},
            "level": level,
            "identifier": f"{self.names.name}/{self.done.public.count + self.done.shown:07d}",
            "archived_at": self.date,
            "address": address,
            "answer": answer.status,
            "format": answer.type,
            **vars(answer.made.digest),
            "file": self.names.warc_file,
            "record": record,
            "relations": relations or [],
        }


def _may_repeat(answer: Rendered) -> bool:
    """Whether a payload is worth a record of its own kind when it comes again: an empty one is not, errors are read."""
    return answer.status == 200 and answer.made.digest.bytes > 0


def _binary(answer: Rendered) -> BinaryIO:
    answer.body.seek(0)
    return answer.body  # type: ignore[return-value]


def _later(date: str, seconds: int) -> datetime:
    return datetime.fromisoformat(date) + timedelta(seconds=seconds)
