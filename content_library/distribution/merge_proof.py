"""The proof that resources and reposts of a merged site are the destination's, where their pages are there."""

from django.db import connection
from django.utils.translation import gettext as _

from govplatform.lifecycle.merge.parts import Switch
from govplatform.tenancy.hosts import public_url

#: ``{schema}``: of the destination; the first part of ``url_path`` is the home page. Of what is live alone: what people
#: have taken down since may stand anywhere.
_PATH = "substr(p.url_path, strpos(substr(p.url_path, 2), '/') + 1)"
_RESOURCES = f"""
SELECT r.title, r.url, count(*) OVER () FROM public.content_library_resource r
JOIN {{schema}}.wagtailcore_page p ON p.id = r.page_id AND p.live
WHERE r.tenant_id = %(to)s AND r.page_id = ANY(%(news)s::bigint[]) AND r.url <> %(base)s || {_PATH}
ORDER BY r.id LIMIT %(most)s
"""
_REPOSTS = f"""
SELECT p.title, r.path, count(*) OVER () FROM public.content_library_repost r
JOIN {{schema}}.wagtailcore_page p ON p.id = r.page_id AND p.live
WHERE r.tenant_id = %(to)s AND r.page_id = ANY(%(news)s::bigint[]) AND r.state = 'live' AND r.path <> {_PATH}
ORDER BY r.id LIMIT %(most)s
"""
_LEFT = """
SELECT title, url, count(*) OVER () FROM public.content_library_resource
WHERE tenant_id = %(from)s AND page_id = ANY(%(olds)s::bigint[]) ORDER BY id LIMIT %(most)s
"""
_COUNT = """
SELECT (SELECT count(*) FROM public.content_library_resource
  WHERE tenant_id = %(to)s AND page_id = ANY(%(news)s::bigint[]))
 + (SELECT count(*) FROM public.content_library_repost
  WHERE tenant_id = %(to)s AND page_id = ANY(%(news)s::bigint[]))
"""
#: So many are named of each kind; the rest is a number.
_MOST = 20


def find_misled(switch: Switch) -> tuple[int, list[tuple[str, str, str]]]:
    """Return (number of rows compared, [("resource", which, a sentence)]): what names another place than its page."""
    values = {
        "from": switch.source.pk,
        "to": switch.destination.pk,
        "olds": sorted(switch.carried),
        "news": [switch.pages[old] for old in switch.carried],
        "base": public_url(switch.destination, ""),
        "most": _MOST,
    }
    schema = str(connection.ops.quote_name(switch.destination.schema_name))
    wrong: list[tuple[str, str, str]] = []
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        ((checked,),) = cursor.fetchall()
        for statement, problem in (
            (_RESOURCES, _("资源库里的网址不是页面现在的网址：%(address)s")),
            (_REPOSTS, _("转载登记的路径不是页面现在的路径：%(address)s")),
            (_LEFT, _("资源仍然登记在原站名下：%(address)s")),
        ):
            cursor.execute(statement.replace("{schema}", schema), values)
            rows = cursor.fetchall()
            wrong += [("resource", title, problem % {"address": address}) for title, address, _all in rows]
            if rows and (more := rows[0][2] - len(rows)):
                wrong.append(("resource", "", _("另有 %(count)d 处。") % {"count": more}))
    return checked, wrong
