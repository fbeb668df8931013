"""What the search asks a site about its pages (``search.registry``): pictures, guides to services, what those serve."""

from collections.abc import Collection, Mapping
from typing import Any

from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from search.registry import PageFacts
from sites.pages.content_page import content_models

from .models import Column, ColumnType


def page_facts(pages: Collection[int]) -> Mapping[int, PageFacts]:
    """Return lead picture, whether it is a guide and what it serves, of pages of the current site.

    A guide is a page in a column of services (办事服务); it serves the pages that its text leads to.
    """
    rows = _rows(pages)
    services = list(Column.objects.filter(column_type=ColumnType.SERVICES, live=True).values_list("path", flat=True))
    guides = {row["pk"] for row in rows if any(row["path"].startswith(path) for path in services)}
    leads_to = _references(guides)
    return {
        row["pk"]: PageFacts(
            image=row["picture_id"],
            alt=(row["picture__description"] or row["picture__title"] or "") if row["picture_id"] else "",
            guide=row["pk"] in guides,
            about=leads_to.get(row["pk"], ()),
        )
        for row in rows
    }


def _rows(pages: Collection[int]) -> list[dict[str, Any]]:
    wanted = ("pk", "path", "picture_id", "picture__description", "picture__title")
    first, *others = (
        model._default_manager.filter(pk__in=list(pages), live=True).order_by().values(*wanted)
        for model in content_models()
        # a repost has nothing of its own to show
        if model.library_kind
    )
    return list(first.union(*others, all=True))


def _references(pages: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return page -> pages of the site that its texts lead to, read from them: Wagtail's list of references is
    written by a job of its own, which may come after the search's.
    """
    found: dict[int, tuple[int, ...]] = {}
    for page in Page.objects.filter(pk__in=list(pages)).specific() if pages else ():
        named = {
            int(target)
            for field in page._meta.get_fields()
            if isinstance(field, RichTextField | StreamField)
            for model, target, _model_path, _content_path in field.extract_references(getattr(page, field.name))
            if issubclass(model, Page)
        }
        found[page.pk] = tuple(sorted(named))
    return found
