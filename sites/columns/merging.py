"""What a merge of sites means for columns and the pages in them (``govplatform.lifecycle.merge``)."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Locale, Page

from govplatform.lifecycle.merge.parts import (
    Collision,
    ColumnFacts,
    Concern,
    Foreseen,
    Intended,
    Left,
    MergePart,
    NewColumn,
    all_stand_ins,
)
from govplatform.lifecycle.merge.staying import decided_again, unpublished_words
from govplatform.lifecycle.models import SiteNotice
from govplatform.review.frame.actions import clear_merged, record_set_up
from govplatform.review.frame.guard import words_are_cleared
from govplatform.review.transfers.waiting import UNPUBLISHED, begun_reviews, waiting_pages
from govplatform.tenancy.models import Tenant

from .models import Column, ColumnType

_STEP = Page.steplen
#: Types of columns that tell of the organ whose site it is. The catalogue is made of everything that a site has.
_OF_THE_ORGAN = frozenset(
    {
        ColumnType.OVERVIEW,
        ColumnType.INSTITUTIONS,
        ColumnType.LEADERS,
        ColumnType.DISCLOSURE_GUIDE,
        ColumnType.ANNUAL_REPORT,
        ColumnType.DISCLOSURE_REQUEST,
    }
)
_NODES = """
SELECT p.id, p.path, p.slug, p.title, p.first_published_at IS NULL, c.column_type
FROM wagtailcore_page p LEFT JOIN columns_column c ON c.page_ptr_id = p.id
WHERE p.depth > 2 ORDER BY p.path
"""
_REVISIONS = "SELECT object_id, count(*) FROM wagtailcore_revision WHERE base_content_type_id = %s GROUP BY object_id"
_LINKS = """
SELECT DISTINCT object_id, to_object_id FROM wagtailcore_referenceindex
WHERE base_content_type_id = %s AND to_content_type_id = %s
"""


@dataclass(frozen=True)
class _Node:
    """A page below the home page. ``column``: path of the column it is, or stands in; ``kind``: None for content."""

    pk: int
    slug: str
    title: str
    is_draft: bool
    kind: str | None
    column: str


class SiteColumns:
    """The columns of a site, with how much stands in each."""

    def columns_of(self, tenant: Tenant) -> list[ColumnFacts]:
        """Return all columns of the site in the order of its tree."""
        nodes = _nodes(tenant)
        pages = Counter(node.column for node in nodes if node.kind is None)
        drafts = Counter(node.column for node in nodes if node.kind is None and node.is_draft)
        return [
            ColumnFacts(
                node.column, node.title, node.kind, pages[node.column], drafts[node.column], node.kind in _OF_THE_ORGAN
            )
            for node in nodes
            if node.kind is not None
        ]

    def open_column(self, column: NewColumn) -> None:
        """Write a column into the current site at its place in the tree, shown, with its words as its title."""
        now = timezone.now()
        page = Page(
            pk=column.pk,
            title=column.title,
            draft_title=column.title,
            slug=column.slug,
            path=column.path,
            depth=column.depth,
            numchild=column.numchild,
            url_path=column.url_path,
            locale=Locale.get_default(),
            content_type=ContentType.objects.get_for_model(Column),
            show_in_menus=True,
            first_published_at=now,
            last_published_at=now,
        )
        Page.objects.bulk_create([page])
        row = Column(
            page_ptr_id=column.pk, column_type=ColumnType.NEWS, description=column.title, keywords=column.title
        )
        # Django's bulk_create refuses models with a parent table; the parent's row is there by now.
        query = models.sql.InsertQuery(Column)
        query.insert_values(list(Column._meta.local_concrete_fields), [row])
        query.get_compiler(connection=connection).execute_sql()

    def confirm_words(self, page_ids: list[int], *, made: list[int], numbers: Iterator[int]) -> None:
        """Write down that the words of these columns of the current site were cleared where they come from."""
        shown = Column.objects.filter(live=True)
        for column in shown.filter(pk__in=page_ids):
            clear_merged(column, acting_user=None, number=next(numbers))
        record_set_up(shown.filter(pk__in=made), verb="merge_site", numbers=numbers)

    def unconfirmed(self, tenant: Tenant, page_ids: list[int]) -> list[str]:
        """Return the titles of those shown columns whose words nobody has cleared."""
        with tenant_context(tenant):
            shown = Column.objects.filter(live=True, pk__in=page_ids).order_by("path")
            return [column.title for column in shown if not words_are_cleared(column)]


class PagesPart(MergePart):
    """Pages of content: how many are moved, which slugs and titles meet, which links lead to what stays."""

    def foresee(self, intended: Intended) -> Foreseen:
        """Return what becomes of the pages of the source, by the mapping of its columns."""
        here, there = _nodes(intended.source), _nodes(intended.destination)
        of_life = set(
            SiteNotice.objects.filter(site=intended.source, application__tenant=intended.source)
            .exclude(page_id=None)
            .values_list("page_id", flat=True)
        )
        # What shows a page of the destination is not carried: that page takes its place, and meets nothing.
        originals = all_stand_ins(intended.source, intended.destination)
        content = [node for node in here if node.kind is None and node.pk not in of_life and node.pk not in originals]
        within = [node for node in content if node.column in intended.columns]
        with tenant_context(intended.source):
            waiting = waiting_pages()
        staying = {
            node.pk: kind
            for node in within
            if node.is_draft and (kind := waiting.staying(node.pk, intended.drafts, intended.scheduled))
        }
        moved = [node for node in within if node.pk not in staying]
        ids = {node.pk for node in moved}
        with tenant_context(intended.source):
            revisions = _count_revisions(ids)
            dead = _count_dead_links(ids, originals.keys())
            begun = begun_reviews(ids & waiting.decided_on)
        kinds = Counter(staying.values())
        return Foreseen(
            counts={"pages": len(moved), "revisions": revisions},
            collisions=[*_collisions(intended, moved, there)],
            left=[
                *(
                    Left(words, kinds[kind], reason)
                    for kind in UNPUBLISHED
                    for words, reason in [unpublished_words(kind)]
                ),
                Left(_("栏目内的信息"), len(content) - len(within), _("所在的栏目不迁移。")),
                Left(_("本站事项公告"), len(of_life), _("只与原站有关，随站点的备份和归档保存。")),
                Left(_("首页"), 1, _("并入站点有自己的首页；原首页的地址跳转到并入的频道。")),
            ],
            concerns=[
                Concern(_("站内链接"), dead, _("指向不迁移的页面，迁移后改为指向原地址，由地址台账作答。")),
                Concern(
                    _("已审定、待发布的信息"), len(ids & waiting.scheduled), _("迁入后仍到预定时间在并入站点公开。")
                ),
                Concern(
                    _("审查中的信息"),
                    len(ids & (waiting.under_review - waiting.decided_on)),
                    _("还没有审查意见，迁入后由并入站点的审查人审查。"),
                ),
                Concern(_("已有审查意见、没有审完的信息"), len(ids & waiting.decided_on), decided_again(begun)),
            ],
        )


def _nodes(tenant: Tenant) -> list[_Node]:
    with tenant_context(tenant), connection.cursor() as cursor:
        cursor.execute(_NODES)
        rows = cursor.fetchall()
    columns: dict[str, str] = {}
    nodes = []
    for pk, path, slug, title, is_draft, kind in rows:
        # Columns stand above their pages, so the nearest one is known by the time that its pages come.
        above = next((columns[at] for at in _above(path) if at in columns), "")
        if kind is not None:
            columns[path] = f"{above}/{slug}" if above else slug
            above = columns[path]
        nodes.append(_Node(pk, slug, title, is_draft, kind, above))
    return nodes


def _above(path: str) -> Iterator[str]:
    while len(path) > _STEP:
        path = path[:-_STEP]
        yield path


def _collisions(intended: Intended, moved: list[_Node], there: list[_Node]) -> Iterator[Collision]:
    taken = {
        # A column's own slug is taken in the column above it.
        (node.column if node.kind is None else node.column.rpartition("/")[0], node.slug): node.title
        for node in there
    }
    titles = {(node.column, node.title) for node in there if node.kind is None}
    claimed: dict[tuple[str, str], str] = {}
    for node in moved:
        target = intended.columns[node.column]
        key = (target, node.slug)
        if key in taken or key in claimed:
            other = taken.get(key) or claimed[key]
            yield Collision(
                "slug",
                node.title,
                f"/{node.column}/{node.slug}/",
                f"/{target}/{node.slug}/",
                _("与“%(other)s”的地址相同；迁移后地址末段加上“-%(code)s”，原地址跳转到新地址。")
                % {"other": other, "code": intended.source.code},
            )
        claimed.setdefault(key, node.title)
        if (target, node.title) in titles:
            yield Collision(
                "title",
                node.title,
                f"/{node.column}/",
                f"/{target}/",
                _("并入的栏目已有同名信息；两条都保留，请核对是否重复。"),
            )


def _count_revisions(ids: set[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_REVISIONS, [ContentType.objects.get_for_model(Page).pk])
        return sum(count for object_id, count in cursor.fetchall() if int(object_id) in ids)


def _count_dead_links(ids: set[int], known: Collection[int]) -> int:
    """Return how many links of the pages ``ids`` lead to none of them, nor to one of ``known``."""
    page = ContentType.objects.get_for_model(Page).pk
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [page, page])
        return sum(
            int(origin) in ids and int(target) not in ids and int(target) not in known
            for origin, target in cursor.fetchall()
        )
