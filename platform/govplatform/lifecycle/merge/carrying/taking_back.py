"""What would be lost if a merge were taken back: whatever people in the destination did to the pages since."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import Page, ReferenceIndex, Revision

from ...models import Merge
from .ground import Ground, model_of, quoted
from .sheet import NOBODY_MISSES

_CHANGED = """
SELECT d.id, d.title, d.latest_revision_id IS DISTINCT FROM s.latest_revision_id + {offset:wagtailcore.Revision},
 d.live <> s.live
FROM {destination}.wagtailcore_page d JOIN {source}.wagtailcore_page s ON s.id = d.id - {offset:wagtailcore.Page}
WHERE d.id BETWEEN %s AND %s ORDER BY d.id
"""
_BELOW = """
SELECT c.id, c.title FROM {destination}.wagtailcore_page c JOIN {destination}.wagtailcore_page p
 ON c.depth = p.depth + 1 AND p.path = left(c.path, -4)
WHERE p.id BETWEEN %(first)s AND %(last)s AND NOT c.id BETWEEN %(first)s AND %(last)s ORDER BY c.id
"""
_LINKING = """
SELECT DISTINCT p.id, p.title FROM {destination}.wagtailcore_referenceindex r
JOIN {destination}.wagtailcore_page p ON p.id::text = r.object_id
JOIN {destination}.django_content_type b ON b.id = r.base_content_type_id
JOIN {destination}.django_content_type t ON t.id = r.to_content_type_id
WHERE (b.app_label, b.model) = ('wagtailcore', 'page') AND (t.app_label, t.model) = (%(app)s, %(model)s)
 AND r.to_object_id ~ '^[0-9]+$' AND r.to_object_id::bigint BETWEEN %(first)s AND %(last)s
 AND NOT p.id BETWEEN %(pages_first)s AND %(pages_last)s ORDER BY p.id
"""
#: What the index of references names.
_REFERRED_TO = ("wagtailcore.Page", "media.SiteImage", "media.SiteDocument")
_VERSIONS = """
SELECT DISTINCT p.id, p.title FROM {destination}.wagtailcore_revision r
JOIN {destination}.wagtailcore_page p ON p.id::text = r.object_id
WHERE p.id BETWEEN %(pages_first)s AND %(pages_last)s AND NOT r.id BETWEEN %(first)s AND %(last)s ORDER BY p.id
"""


def reasons_against_taking_back(merge: Merge) -> list[dict[str, Any]]:
    """Return ``[{"page", "title", "what"}]``: what people have done since, which would be gone or lead nowhere.

    ``page``: its number in the destination, None for what is no page. Empty when the merge can be taken back whole.
    """
    ground = Ground.of(merge)
    first, last, _offset = merge.ranges[Page._meta.db_table]
    found: dict[tuple[int | None, str], dict[str, Any]] = {}

    def note(page: int | None, title: str, what: str) -> None:
        found.setdefault((page, what), {"page": page, "title": title, "what": what})

    for pk, title, edited, turned in ground.rows(_CHANGED, [first, last]):
        if edited:
            note(pk, title, _("有了新版本"))
        if turned:
            note(pk, title, _("发布状态有变化"))
    versions = merge.ranges[Revision._meta.db_table]
    span = {"pages_first": first, "pages_last": last}
    for pk, title in ground.rows(_VERSIONS, {**span, "first": versions[0], "last": versions[1]}):
        note(pk, title, _("有了新版本"))
    for pk, title in ground.rows(_BELOW, {"first": first, "last": last}):
        note(pk, title, _("新建在迁入的栏目下"))
    for label in _REFERRED_TO:
        model = model_of(label)
        low, high, _more = merge.ranges[model._meta.db_table]
        named = {"app": model._meta.app_label, "model": model._meta.model_name}
        for pk, title in ground.rows(_LINKING, {**span, **named, "first": low, "last": high}):
            note(pk, title, _("引用了迁入的页面或文件"))
    for model_name, count in _referring_rows(ground, merge):
        note(None, model_name, _("有 %(count)s 条新记录") % {"count": count})
    return list(found.values())


def _referring_rows(ground: Ground, merge: Merge) -> list[tuple[str, int]]:
    """Rows of the destination that are not of the merge and refer to rows that are, by the name of their table."""
    ranges = merge.ranges
    labels = {app.label for app in apps.get_app_configs() if app.name in settings.TENANT_APPS}
    result = []
    model: Any
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in labels or model in (Page, Revision, ReferenceIndex):
            continue
        if model._meta.label in NOBODY_MISSES:
            continue
        table, key = model._meta.db_table, model._meta.pk.column
        one: Any
        for one in model._meta.local_concrete_fields:
            target = ranges.get(one.related_model._meta.db_table) if isinstance(one, models.ForeignKey) else None
            if target is None or one.primary_key or not one.db_constraint:
                continue
            condition = f"{quoted(one.column)} BETWEEN {target[0]} AND {target[1]}"
            own = ranges.get(table)
            if own is not None:
                condition += f" AND NOT {key} BETWEEN {own[0]} AND {own[1]}"
            ((count,),) = ground.rows(f"SELECT count(*) FROM {{destination}}.{quoted(table)} WHERE {condition}")
            if count:
                result.append((str(model._meta.verbose_name), count))
    return result
