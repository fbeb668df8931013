"""The columns of the current site, read with one query, as channels, breadcrumb and tree."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from .rows import column_rows, path_of


@dataclass
class ColumnNode:
    """A live column. ``path``: its path on the public host; ``tree_path``: its place in Wagtail's tree.

    ``children`` is filled in by ``Navigation.tree`` only.
    """

    pk: int
    tree_path: str
    title: str
    slug: str
    path: str
    column_type: str
    column_type_label: str
    description: str
    keywords: str
    in_menu: bool
    children: list["ColumnNode"] = field(default_factory=list)

    def metadata_values(self) -> dict[str, str]:
        """Return the column's metadata by the codes of ``content_library.metadata``; none is empty (docs/rules.md)."""
        return {
            "column_name": self.title,
            "column_description": self.description or self.title,
            "column_keywords": self.keywords or self.title,
            "column_type": self.column_type_label,
        }

    def link(self, current: bool = False) -> dict[str, Any]:
        return {"title": self.title, "url": self.path, "current": current}


@dataclass
class Navigation:
    """All live columns in tree order (``nodes``), and the one that the current page is or stands in (``column``).

    ``column`` is None on the home page.
    """

    nodes: list[ColumnNode]
    column: ColumnNode | None
    home_depth: int = 2

    def roots(self) -> list[ColumnNode]:
        paths = {node.tree_path for node in self.nodes}
        return [node for node in self.nodes if node.tree_path[:-4] not in paths]

    def by_slug(self, slug: str) -> ColumnNode | None:
        return next((node for node in self.nodes if node.slug == slug), None)

    def first_of_type(self, column_type: str) -> ColumnNode | None:
        return next((node for node in self.nodes if node.column_type == column_type), None)

    def children_of(self, parent: ColumnNode) -> list[ColumnNode]:
        return [node for node in self.nodes if node.tree_path[:-4] == parent.tree_path]

    def holding(self, tree_path: str) -> ColumnNode | None:
        """Return the innermost column that the page at ``tree_path`` is or stands in; None if there is none."""
        return next((node for node in reversed(self.nodes) if tree_path.startswith(node.tree_path)), None)

    def channels(self) -> list[dict[str, Any]]:
        here = self.column.tree_path if self.column else ""
        return [node.link(here.startswith(node.tree_path)) for node in self.roots() if node.in_menu]

    def siblings(self) -> list[dict[str, Any]]:
        """Return links to the columns with the same parent as the current one, which is among them and marked."""
        if self.column is None:
            return []
        parent = self.column.tree_path[:-4]
        return [node.link(node.pk == self.column.pk) for node in self.nodes if node.tree_path[:-4] == parent]

    def breadcrumb(self, page: Page) -> list[dict[str, str]]:
        trail = [{"title": _("首页"), "url": "/"}]
        if page.depth <= self.home_depth:
            return []
        for node in self.nodes:
            if page.path.startswith(node.tree_path) and node.pk != page.pk:
                trail.append({"title": node.title, "url": node.path})
        return [*trail, {"title": page.title, "url": ""}]

    def tree(self) -> list[ColumnNode]:
        """Return the topmost columns, with ``children`` filled in all the way down."""
        by_path = {node.tree_path: node for node in self.nodes}
        for node in self.nodes:
            node.children = []
        for node in self.nodes:
            if parent := by_path.get(node.tree_path[:-4]):
                parent.children.append(node)
        return self.roots()


def load_navigation(page: Page) -> Navigation:
    """Return the navigation of the current site as seen from ``page``, with one query for all columns."""
    labels = _type_labels(get_language())
    nodes = [
        ColumnNode(
            pk=row.pk,
            tree_path=row.tree_path,
            title=row.title,
            slug=row.slug,
            path=path_of(row.url_path),
            column_type=row.column_type,
            column_type_label=labels.get(row.column_type, row.column_type),
            description=row.description,
            keywords=row.keywords,
            in_menu=row.in_menu,
        )
        for row in column_rows()
    ]
    here = None
    for node in nodes:
        if page.path.startswith(node.tree_path):
            here = node
    return Navigation(nodes, here)


@cache
def _type_labels(language: str | None) -> dict[str, str]:
    # Translating sixteen labels for every column of every request took a third of its time.
    field = apps.get_model("columns", "Column")._meta.get_field("column_type")
    return {str(value): str(label) for value, label in field.flatchoices}
