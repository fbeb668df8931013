"""Where each page of the source stands in the tree of the destination, and the collections of its files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Collection, Page

from govplatform.addresses.queries import old_hosts_of
from govplatform.refusals import Refused
from govplatform.review.gate.requirements import structural_types
from govplatform.review.transfers.waiting import UNPUBLISHED, waiting_pages

from ...models import SiteNotice
from ..mapping import Move
from ..staying import unpublished_words
from .ground import NEW_PAGES, Ground, copy_rows, new_numbers

#: So many children may be made by editors of the destination, below one page, while a merge runs.
_GAP = 1_000
_LONGEST_SLUG = 240
_DEPTH_OF_HOME = 2

_NODES = """
SELECT p.id, p.path, p.depth, p.slug, p.title, p.url_path, p.first_published_at IS NULL, p.content_type_id
FROM {}.wagtailcore_page p WHERE p.depth > 1 ORDER BY p.path
"""


@dataclass(frozen=True)
class Node:
    """A page in the tree of a site. ``is_draft``: it was never public."""

    pk: int
    path: str
    depth: int
    slug: str
    title: str
    url_path: str
    is_draft: bool
    content_type: int

    @property
    def above(self) -> str:
        """The path in the tree of the page above it."""
        return self.path[: -Page.steplen]


@dataclass
class Place:
    """A page of the source in the destination. ``is_row``: its row is carried; else ``new`` was there before."""

    old: int
    new: int
    is_row: bool
    path: str = ""
    depth: int = 0
    numchild: int = 0
    url_path: str = ""
    slug: str = ""
    old_slug: str = ""


@dataclass
class Places:
    """All of them. ``by_old``: id in the source -> place; ``made``: columns that the source does not have.

    ``children``: id of a page that was there before -> number of pages that are new below it. ``left``: (kind in
    words, reason, ids) of pages that stay. ``standing``: id of a column that was there before -> its ``url_path``.
    ``old_hosts``: hosts from outside whose addresses the source answers.
    """

    by_old: dict[int, Place] = field(default_factory=dict)
    made: list[Place] = field(default_factory=list)
    children: dict[int, int] = field(default_factory=dict)
    left: list[tuple[str, str, list[int]]] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    standing: dict[int, str] = field(default_factory=dict)
    old_hosts: list[str] = field(default_factory=list)

    def numbers(self) -> dict[int, int]:
        """Id in the source -> id in the destination, of every page that has one."""
        return {old: place.new for old, place in self.by_old.items()}

    def carried(self) -> list[Place]:
        """The places whose rows are carried, those above first."""
        return [place for place in self.by_old.values() if place.is_row]


def find_places(
    ground: Ground,
    moves: Iterable[Move],
    stand_ins: Mapping[int, int],
    *,
    drafts: bool,
    scheduled: bool,
    channel: str,
) -> Places:
    """Say where every page goes. ``moves``: of the plan; ``stand_ins``: page of the source -> page that has been there.

    ``drafts``: those that were never public are carried; ``scheduled``: those of them are that are cleared for a later
    day. ``channel``: path of the column that takes what goes nowhere else. Raises Refused for a target whose columns
    above it do not exist.
    """
    return _Finder(ground, list(moves), stand_ins, drafts, scheduled, channel).find()


def write_places(places: Places) -> None:
    """Make the temporary table ``m_page`` of them."""
    copy_rows(
        "m_page",
        ("old", "new", "is_row", "path", "depth", "numchild", "url_path", "slug"),
        ((p.old, p.new, p.is_row, p.path, p.depth, p.numchild, p.url_path, p.slug) for p in places.by_old.values()),
    )


def paths_of(places: Places) -> dict[int, str]:
    """Id of a carried page, or of a column that others met -> its path on the host of the destination."""
    stored = {**places.standing, **{place.new: place.url_path for place in places.carried()}}
    return {new: "/" + "/".join(url_path.split("/")[2:]) for new, url_path in stored.items()}


def places_of_memory(memory: dict[str, Any]) -> Places:
    """The places as a merge has kept them (``Merge.memory``)."""
    # A merge that is older than this knowledge has no links of that kind.
    places = Places(standing=dict(memory.get("standing", [])), old_hosts=memory.get("old_hosts", []))
    rows = {row[0]: row[1:] for row in memory["places"]}
    for old, new, is_row in memory["pages"]:
        if is_row:
            path, depth, numchild, url_path, slug, old_slug = rows[old]
            places.by_old[old] = Place(old, new, True, path, depth, numchild, url_path, slug, old_slug)
        else:
            places.by_old[old] = Place(old, new, False)
    return places


def carry_collections(ground: Ground) -> None:
    """Write the collections of the source below one that bears its name. The root goes with them, as that one."""
    with tenant_context(ground.destination):
        root = Collection.get_first_root_node()
        last = root.get_last_child()
        number = (Collection._str2int(last.path[-Collection.steplen :]) if last is not None else 0) + _GAP
        top = Collection._get_path(root.path, 2, number)
    offset = ground.offset(Collection)
    ground.execute(
        "INSERT INTO {destination}.wagtailcore_collection (id, path, depth, numchild, name)"
        " SELECT s.id + %s, %s || substr(s.path, %s), s.depth + 1, s.numchild,"
        " CASE WHEN s.depth = 1 THEN %s ELSE s.name END FROM {source}.wagtailcore_collection s",
        [offset, top, Collection.steplen + 1, ground.source.full_name],
    )


class _Finder:
    def __init__(
        self,
        ground: Ground,
        moves: list[Move],
        stand_ins: Mapping[int, int],
        drafts: bool,
        scheduled: bool,
        channel: str,
    ) -> None:
        self.ground, self.moves, self.stand_ins, self.channel = ground, moves, stand_ins, channel
        self.drafts, self.scheduled = drafts, scheduled
        self.places = Places(old_hosts=old_hosts_of([ground.source]).get(ground.source.pk, []))
        self.offset = ground.offset(Page)
        self.here = _nodes(ground, "source")
        self.there = _nodes(ground, "destination")
        with tenant_context(ground.source):
            self.structural = frozenset(structural_types())
            self.waiting = waiting_pages()
        with tenant_context(ground.destination):
            structural = frozenset(structural_types())
        self.home = next(node for node in self.there if node.depth == _DEPTH_OF_HOME)
        #: Path of a column there -> its place; '' is the home page.
        self.known = {"": _standing(self.home)}
        self.known |= {
            _slugs(node.url_path): _standing(node)
            for node in self.there
            if node.content_type in structural and node.depth > _DEPTH_OF_HOME
        }
        self.own = {_slugs(node.url_path): node for node in self.here if node.content_type in self.structural}
        self.taken = {(_parent_url(node.url_path), node.slug) for node in self.there}
        self.last_child: dict[str, int] = {}
        for node in self.there:
            self.last_child[node.above] = max(self.last_child.get(node.above, 0), _number(node.path))
        self.spare = iter(new_numbers(ground, Page, NEW_PAGES))
        #: Paths in the tree below which a child was placed already.
        self.begun: set[str] = set()
        self.staying: list[int] = []

    def find(self) -> Places:
        self._place_columns()
        self._place_pages()
        home = next(node for node in self.here if node.depth == _DEPTH_OF_HOME)
        stands_for_home = self.known.get(self.channel, self.known[""])
        self.places.by_old[home.pk] = Place(home.pk, stands_for_home.new, False)
        return self.places

    def _place_columns(self) -> None:
        wanted = [move for move in self.moves if move.to]
        self.staying = [self.own[move.column.path].pk for move in self.moves if not move.to]
        for move in sorted(wanted, key=lambda move: move.to.count("/")):
            node = self.own[move.column.path]
            if move.to in self.known:
                there = self.known[move.to]
                self.places.by_old[node.pk] = Place(node.pk, there.new, False)
                if not there.is_row:
                    self.places.standing[there.new] = there.url_path
                continue
            above, _slash, slug = move.to.rpartition("/")
            parent = self._parent(above)
            place = self._below(parent, node.pk, slug, node.slug)
            self.known[move.to] = place
            self.places.by_old[node.pk] = place
            self.places.columns.append(place.new)

    def _parent(self, path: str) -> Place:
        if path in self.known:
            return self.known[path]
        if path != self.channel:
            raise Refused(
                _("并入站点没有栏目“%(path)s”，不能在它下面新建；请先建好这个栏目，或改选其他去处。") % {"path": path}
            )
        place = self._below(self.known[""], 0, path, path, number=next(self.spare))
        self.known[path] = place
        self.places.made.append(place)
        return place

    def _place_pages(self) -> None:
        notices = set(
            SiteNotice.objects.filter(site=self.ground.source, application__tenant=self.ground.source)
            .exclude(page_id=None)
            .values_list("page_id", flat=True)
        )
        never_public: dict[str, list[int]] = {kind: [] for kind in UNPUBLISHED}
        elsewhere: list[int] = []
        of_life: list[int] = []
        by_path = {node.path: node for node in self.here}
        standing = {place.new: place for place in self.known.values()}
        for node in self.here:
            if node.content_type in self.structural or node.depth <= _DEPTH_OF_HOME:
                continue
            above = by_path[node.above]
            parent = self.places.by_old.get(above.pk)
            if node.pk in self.stand_ins:
                self.places.by_old[node.pk] = Place(node.pk, self.stand_ins[node.pk], False)
            elif node.pk in notices:
                of_life.append(node.pk)
            elif parent is None or above.depth <= _DEPTH_OF_HOME:
                elsewhere.append(node.pk)
            elif node.is_draft and (kind := self.waiting.staying(node.pk, self.drafts, self.scheduled)):
                never_public[kind].append(node.pk)
            else:
                # A column that was there before has its place in the tree under its new number alone.
                full = parent if parent.is_row else standing[parent.new]
                self.places.by_old[node.pk] = self._below(full, node.pk, node.slug, node.slug)
        self.places.left = [
            (kind, reason, pages)
            for kind, reason, pages in (
                (_("栏目"), _("对照表写明不迁移。"), self.staying),
                *((*unpublished_words(kind), pages) for kind, pages in never_public.items()),
                (_("栏目内的信息"), _("所在的栏目不迁移。"), elsewhere),
                (_("本站事项公告"), _("只与原站有关，随站点的备份和归档保存。"), of_life),
            )
            if pages
        ]

    def _below(self, parent: Place, old: int, slug: str, old_slug: str, *, number: int | None = None) -> Place:
        slug = self._free_slug(parent.url_path, slug)
        standing = self.last_child.get(parent.path)
        if standing is None:
            child = 1 if parent.is_row else _GAP
        else:
            child = standing + (1 if parent.is_row or parent.path in self.begun else _GAP)
        self.begun.add(parent.path)
        self.last_child[parent.path] = child
        if parent.is_row:
            parent.numchild += 1
        else:
            self.places.children[parent.new] = self.places.children.get(parent.new, 0) + 1
        self.taken.add((parent.url_path, slug))
        return Place(
            old,
            number if number is not None else old + self.offset,
            True,
            Page._get_path(parent.path, parent.depth + 1, child),
            parent.depth + 1,
            0,
            f"{parent.url_path}{slug}/",
            slug,
            old_slug,
        )

    def _free_slug(self, url: str, slug: str) -> str:
        if (url, slug) not in self.taken:
            return slug
        base = f"{slug[:_LONGEST_SLUG]}-{self.ground.source.code}"
        candidate, more = base, 1
        while (url, candidate) in self.taken:
            more += 1
            candidate = f"{base}-{more}"
        return candidate


def _nodes(ground: Ground, side: str) -> list[Node]:
    return [Node(*row) for row in ground.rows(_NODES.format(f"{{{side}}}"))]


def _standing(node: Node) -> Place:
    return Place(0, node.pk, False, node.path, node.depth, 0, node.url_path, node.slug)


def _slugs(url_path: str) -> str:
    """``/home/news/towns/`` -> ``news/towns``."""
    return "/".join(url_path.strip("/").split("/")[1:])


def _parent_url(url_path: str) -> str:
    return url_path.rstrip("/").rpartition("/")[0] + "/"


def _number(path: str) -> int:
    return int(Page._str2int(path[-Page.steplen :]))
