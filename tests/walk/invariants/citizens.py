"""What citizens get on the public hosts, asked for address by address and compared with what was cleared."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .. import product
from ..world import CONTENT, SITES, World
from . import Against, When, invariant

TOKEN = re.compile(r"TK[0-9a-f]{8}")
_RANKS = {"county": 1, "city": 2, "province": 3}
_LINK = re.compile(r'href="([^"#?]+)"')


def words_in(text: object) -> set[str]:
    """The words of the walk that stand in a text; each belongs to one text alone."""
    return set(TOKEN.findall(text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, default=str)))


@dataclass
class Expected:
    """What an address should give. ``title`` and ``words``: what must be there; ``location``: where a link leads."""

    page: int
    kind: str
    status: int
    title: str = ""
    words: set[str] = field(default_factory=set)
    location: str = ""


@dataclass
class Front:
    """Everything that a site shows: by address, and all words that may stand anywhere on it."""

    addresses: dict[str, Expected] = field(default_factory=dict)
    allowed: set[str] = field(default_factory=set)
    columns: list[str] = field(default_factory=list)

    @property
    def visible(self) -> dict[str, Expected]:
        return {path: one for path, one in self.addresses.items() if one.status in (200, 302)}


class Library:
    """The resources as rows, for comparison."""

    def __init__(self, world: World) -> None:
        rows = world.sql(
            "SELECT x.uuid::text, x.id, x.status, v.number, x.level, x.url, x.repostable, x.disclosure,"
            " x.origin::text, x.interprets::text, x.title, t.code, t.status FROM public.content_library_resource x"
            " JOIN public.content_library_resourceversion v ON v.id = x.current_id"
            " LEFT JOIN public.tenancy_tenant t ON t.id = x.tenant_id"
        )
        names = ("id", "status", "number", "level", "url", "repostable", "disclosure", "origin", "interprets", "title")
        self.by_uuid: dict[str, dict[str, Any]] = {
            row[0]: dict(zip((*names, "site", "site_status"), row[1:], strict=True)) for row in rows
        }
        rows = world.sql(
            "SELECT resource_id, number, title, html, metadata FROM public.content_library_resourceversion"
        )
        self.versions = {
            (resource, number): (title, words_in(title) | words_in(html) | words_in(metadata))
            for resource, number, title, html, metadata in rows
        }

    def is_withdrawn(self, uuid: str) -> bool:
        """Itself, or what it was copied from, at however many removes."""
        seen: set[str] = set()
        while uuid in self.by_uuid and uuid not in seen:
            seen.add(uuid)
            one = self.by_uuid[uuid]
            if one["status"] == "withdrawn":
                return True
            uuid = one["origin"]
        return False

    def around(self, uuid: str) -> set[str]:
        """Words of the titles that a page of the resource names: its interpretations, what it interprets."""
        named = set()
        for other, one in self.by_uuid.items():
            if one["status"] != "withdrawn" and (
                one["interprets"] == uuid or self.by_uuid[uuid]["interprets"] == other
            ):
                named |= words_in(one["title"])
        return named


def front_of(world: World, site: str, library: Library) -> Front:
    """What ``site`` should show, worked out from the rows and the cleared versions alone."""
    s, front = world.schema(site), Front()
    reposts = {
        page: (uuid, mode, version)
        for page, uuid, mode, version in world.sql(
            "SELECT r.page_id, x.uuid::text, r.mode, r.version FROM public.content_library_repost r"
            " JOIN public.content_library_resource x ON x.id = r.resource_id WHERE r.tenant_id = %s",
            [world.tenant(site).pk],
        )
    }
    own = dict(
        world.sql(
            "SELECT page_id, uuid::text FROM public.content_library_resource WHERE tenant_id = %s",
            [world.tenant(site).pk],
        )
    )
    rows = world.sql(
        "SELECT p.id, p.live, p.url_path, c.model, r.content, p.first_published_at IS NOT NULL"
        f" FROM {s}.wagtailcore_page p JOIN {s}.django_content_type c ON c.id = p.content_type_id"
        f" LEFT JOIN {s}.wagtailcore_revision r ON r.id = p.live_revision_id WHERE c.model = ANY(%s)",
        [list(CONTENT)],
    )
    for page, live, url_path, kind, stored, ever in rows:
        content = json.loads(stored) if isinstance(stored, str) else stored
        uuid, mode, version = reposts.get(page, ("", "", 0))
        # Words that were copied go with what they were copied from, at however many removes.
        if not live or library.is_withdrawn(uuid) or library.is_withdrawn(own.get(page, "")):
            expected = Expected(page, kind, 410 if ever else 404)
        elif kind == "repostpage":
            expected = _repost(world, site, library, page, uuid, mode, version, content)
            front.allowed |= words_in(content["title"]) | words_in(content.get("summary")) | library.around(uuid)
        else:
            texts = [content.get(name) for name in ("title", "body", "summary", *product.Interpretation.SECTIONS)]
            expected = Expected(page, kind, 200, content["title"], words_in(texts))
        front.addresses[_path(url_path)] = expected
        front.allowed |= expected.words
    front.columns = [
        _path(url_path)
        for (url_path,) in world.sql(
            f"SELECT p.url_path FROM {s}.wagtailcore_page p JOIN {s}.columns_column c ON c.page_ptr_id = p.id"
            " WHERE p.live ORDER BY p.path"
        )
    ]
    return front


def _repost(
    world: World, site: str, library: Library, page: int, uuid: str, mode: str, version: int, content: dict[str, Any]
) -> Expected:
    source = library.by_uuid[uuid]
    if mode == "link":
        title = library.versions[source["id"], source["number"]][0]
        return Expected(page, "link", 302, content["title"], words_in(title), source["url"])
    number = int(content["version"])
    superior = source["site"] is not None and _RANKS.get(source["level"], 0) > _RANKS[SITES[site][1]]
    if mode == "mirror" and superior and source["repostable"] and source["disclosure"] == "proactive":
        number = source["number"]
    elif mode == "mirror" and superior:
        # What must not be reposted any more is not shown in its newest version; an older one that was shown stays.
        number = max(number, min(version, _last_repostable(world, source["id"])))
    title, words = library.versions[source["id"], number]
    return Expected(page, f"{mode} of version {number}", 200, title, words)


def _last_repostable(world: World, resource: int) -> int:
    """The newest version of a resource that may be reposted; 0 when none may."""
    rows = world.sql(
        "SELECT max(number) FROM public.content_library_resourceversion WHERE resource_id = %s"
        " AND coalesce((metadata ->> 'repostable')::boolean, true)",
        [resource],
    )
    return int(rows[0][0] or 0)


def _path(url_path: str) -> str:
    return "/" + url_path.split("/", 2)[2]


def open_fronts(world: World) -> Iterator[tuple[str, Front]]:
    product.forget_hosts()
    library = Library(world)
    for site in SITES:
        if world.sites[site].status == "live":
            yield site, front_of(world, site, library)


@invariant(When.ASKED)
def pages_show_what_was_cleared(world: World) -> Iterator[Against]:
    """Each page answers with the title and every word of what was cleared and nothing that was not; what came down is
    gone (410), what never was public is not there (404)."""
    for site, front in open_fronts(world):
        for path, expected in world.sample(front.addresses):
            about = {"site": site, "page": expected.page}
            told = f"{site}: {expected.kind} {expected.page} at {path}"
            answer = world.get(site, path)
            if answer.status_code != expected.status:
                yield Against(f"{told}: {answer.status_code} instead of {expected.status}", about)
                continue
            if expected.status == 302:
                if answer["Location"] != expected.location:
                    yield Against(f"{told} leads to {answer['Location']}, not {expected.location}", about)
                continue
            text = answer.content.decode()
            if expected.title not in text or expected.words - words_in(text):
                yield Against(f"{told} lacks its title or {sorted(expected.words - words_in(text))}", about)
            if alien := words_in(text) - front.allowed:
                yield Against(f"{told} shows {sorted(alien)}, which nobody cleared here", about)


@invariant(When.ASKED)
def no_address_is_forgotten(world: World) -> Iterator[Against]:
    """What was public once is never “not found”, whatever became of the page or of the columns above it."""
    for site, front in open_fronts(world):
        known = world.memory.setdefault(("public", site), set())
        known |= set(front.visible)
        for path in sorted(known - set(front.addresses)):
            if (status := world.get(site, path).status_code) == 404:
                yield Against(f"{site}: {path} was public and gives {status}", {"site": site})


@invariant(When.ASKED)
def lists_lose_and_double_nothing(world: World) -> Iterator[Against]:
    """Each live page stands exactly once in the list of its column, over all pages of the list, and once in the map for
    machines; home page, feeds and lists name nothing that is not public."""
    for site, front in open_fronts(world):
        used = [column for column in front.columns if any(path.startswith(column) for path in front.addresses)]
        for path in ["/", "/sitemap/", *(f"{column}feed.xml" for column in used)]:
            yield from _only_public(world, site, path, front)
        text = yield from _only_public(world, site, "/sitemap.xml", front)
        listed = Counter(re.sub(r"^https?://[^/]+", "", place) for place in re.findall(r"<loc>([^<]+)</loc>", text))
        wanted = Counter([*front.visible, *front.columns, "/"])
        if listed != wanted:
            difference = {path: listed[path] - wanted[path] for path in sorted({*listed, *wanted})}
            yield Against(f"{site}: sitemap.xml: { ({p: n for p, n in difference.items() if n}) }", {"site": site})
        for column in used:
            found: Counter[str] = Counter()
            number, following = 1, True
            while following:
                path = f"{column}?page={number}" if number > 1 else column
                text = yield from _only_public(world, site, path, front)
                found.update(set(_LINK.findall(text)))
                number += 1
                following = f"?page={number}" in text
            below = {path for path in front.visible if path.startswith(column) and path != column}
            wrong = {path: found[path] for path in sorted(below) if found[path] != 1}
            wrong |= {path: 1 for path in found if path in front.addresses and path not in front.visible}
            if wrong:
                yield Against(f"{site}: list of {column}: {wrong}", {"site": site})


def _only_public(world: World, site: str, path: str, front: Front) -> Iterator[Any]:
    """Yields what it finds against the list at ``path``; returns its text."""
    answer = world.get(site, path)
    text = answer.content.decode()
    if answer.status_code != 200:
        yield Against(f"{site}: {path}: {answer.status_code}", {"site": site})
    elif alien := words_in(text) - front.allowed:
        yield Against(f"{site}: {path} names {sorted(alien)}", {"site": site})
    return text


@invariant(When.ASKED)
def files_go_with_their_pages(world: World) -> Iterator[Against]:
    """An attachment is given out while a live page shows it, and no longer; nothing of a recalled resource is."""
    for site, _front in open_fronts(world):
        s = world.schema(site)
        rows = world.sql(
            f"SELECT d.id, d.file, EXISTS (SELECT 1 FROM {s}.review_clearedfile f JOIN {s}.review_clearance c"
            f"   ON c.id = f.clearance_id AND c.status = 'valid' JOIN {s}.wagtailcore_page p"
            "   ON p.id = c.page_id AND p.live AND p.live_revision_id = c.revision_id"
            "   WHERE f.kind = 'document' AND f.object_id = d.id AND NOT EXISTS (SELECT 1"
            "     FROM public.content_library_repost r JOIN public.content_library_resource x ON x.id = r.resource_id"
            "     WHERE r.tenant_id = %s AND r.page_id = p.id AND x.status = 'withdrawn') AND NOT EXISTS (SELECT 1"
            "     FROM public.content_library_resource y JOIN public.content_library_resource o ON o.uuid = y.origin"
            "     WHERE y.tenant_id = %s AND y.page_id = p.id AND o.status = 'withdrawn'))"
            f" FROM {s}.media_sitedocument d ORDER BY d.id DESC LIMIT 30",
            [world.tenant(site).pk] * 2,
        )
        for number, stored, shown in rows:
            path = f"/documents/{number}/{stored.rsplit('/', 1)[-1]}"
            status = world.get(site, path).status_code
            if status not in ((200,) if shown else (404, 410)):
                yield Against(f"{site}: {path}: {status}, shown {shown}", {"site": site})
        rows = world.sql(
            "SELECT DISTINCT f.blob_id, f.name FROM public.content_library_resourcefile f"
            " JOIN public.content_library_resourceversion v ON v.id = f.version_id"
            " JOIN public.content_library_resource x ON x.id = v.resource_id"
            " GROUP BY 1, 2 HAVING bool_and(x.status = 'withdrawn')"
        )
        for sm3, name in rows:
            if (status := world.get(site, f"/library/files/{sm3}/{name}").status_code) not in (404, 410):
                yield Against(f"{site}: {name} of a recalled resource: {status}", {"site": site})


@invariant(When.ASKED)
def a_closed_site_says_so(world: World) -> Iterator[Against]:
    """A site that is offline answers 503 to everything."""
    for site in SITES:
        if world.sites[site].status == "offline":
            product.forget_hosts()
            for path in ("/", "/sitemap.xml", "/news/", "/api/library/"):
                if (status := world.get(site, path).status_code) != 503:
                    yield Against(f"{site}: offline, and {path} gives {status}", {"site": site})
