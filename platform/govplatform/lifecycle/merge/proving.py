"""The proof of a merge: every page, version, file, date, number and address of the source is accounted for."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.addresses.canonical import stored_form
from govplatform.addresses.known import Kind, address_book
from govplatform.review.gate.digest import stored_sm3
from govplatform.review.queries import find_gate_faults
from govplatform.tenancy.database_roles import as_owner

from ..models import Merge
from .carrying.contents import PAGE_COLUMNS, Carrier
from .carrying.files import named_files
from .carrying.ground import Ground, copy_rows, make_table, model_of, own_key, prepare_names, quoted
from .carrying.places import paths_of, places_of_memory
from .carrying.rows import prepare_things
from .carrying.sheet import Carried, carried
from .carrying.switching import switch_of_memory
from .carrying.targets import MergeTargets
from .parts import parts

Fault = dict[str, Any]
#: ``(done, total)``
Progress = Callable[[int, int], None]
_MOST = 20
_BATCH = 2_000
#: What people in the destination may have changed since, which is their good right.
_WORDS_OF_PAGES = frozenset(
    {
        "title", "draft_title", "live", "has_unpublished_changes", "last_published_at", "latest_revision_created_at",
        "locked", "locked_at", "expired", "go_live_at", "expire_at", "seo_title", "search_description",
        "show_in_menus", "slug",
    }
)  # fmt: skip
_LOST_ADDRESSES = """
SELECT a.path FROM public.addresses_address a
WHERE a.tenant_id = %(source)s AND a.kind IN ('page', 'list', 'feed', 'file') AND a.state = 'public'
 AND a.object_id IS NOT NULL
 AND (a.object_id = ANY(%(pages)s::bigint[]) OR a.kind = 'file')
 AND NOT EXISTS (SELECT 1 FROM public.addresses_address d WHERE d.tenant_id = a.to_tenant_id AND d.host = ''
  AND d.kind = a.to_kind AND d.object_id = a.to_object)
 AND a.to_path = '' AND a.to_url = '' ORDER BY a.path LIMIT %(most)s
"""
#: Every picture goes along, whether a page there shows it or not; one that none shows is not public there.
_LOST_PICTURES = """
SELECT a.path FROM public.addresses_address a
WHERE a.tenant_id = %(source)s AND a.kind = 'image' AND a.state = 'public' AND a.object_id IS NOT NULL
 AND a.to_tenant_id IS NULL AND a.to_path = '' AND a.to_url = '' ORDER BY a.path LIMIT %(most)s
"""
_NOT_IN_THE_LEDGER = """
SELECT n.path FROM unnest(%s::uuid[], %s::text[]) AS n(key, path)
WHERE NOT EXISTS (SELECT 1 FROM public.addresses_address a WHERE a.tenant_id = %s AND a.host = '' AND a.key = n.key)
ORDER BY n.path LIMIT %s
"""
_STRAYS = """
SELECT s.id, s.title FROM {source}.wagtailcore_page s
WHERE s.depth > 1 AND NOT s.id = ANY(%s) ORDER BY s.path LIMIT %s
"""


def find_merge_faults(merge: Merge, progress: Progress | None = None) -> tuple[int, list[Fault]]:
    """Compare source and destination; return (number of things compared, faults).

    A fault: ``{"kind", "what", "problem"}``: "page", "row", "file", "address", "resource" or "gate", what it is about,
    a sentence.
    Reads both sites and changes nothing. The source's schema has to be there still.
    """
    tell = progress or (lambda _done, _total: None)
    ground = Ground.of(merge)
    faults: list[Fault] = []
    checked = 0
    checks: list[Callable[[Ground], Iterator[tuple[int, Fault | None]]]] = [
        _pages, _rows, _files, _addresses, _parts, _gate,
    ]  # fmt: skip
    for number, check in enumerate(checks):
        tell(number, len(checks))
        with as_owner(), transaction.atomic(), tenant_context(merge.destination):
            for count, fault in check(ground):
                checked += count
                if fault is not None:
                    faults.append(fault)
    tell(len(checks), len(checks))
    return checked, faults


def _fault(kind: str, what: str, problem: str) -> Fault:
    return {"kind": kind, "what": what, "problem": problem}


def _pages(ground: Ground) -> Iterator[tuple[int, Fault | None]]:
    """Every page of the source is somewhere, or among those that stay."""
    memory = ground.merge.memory
    known = [old for old, *_rest in memory["pages"]] + [pk for _kind, _reason, ids in memory["left"] for pk in ids]
    ((total,),) = ground.rows("SELECT count(*) FROM {source}.wagtailcore_page WHERE depth > 1")
    yield total, None
    for pk, title in ground.rows(_STRAYS, [known, _MOST]):
        yield 0, _fault("page", f"{title}（{pk}）", _("没有迁移，也没有列入不迁移的清单。"))
    there = [new for _old, new, is_row in memory["pages"] if is_row]
    ((found,),) = ground.rows("SELECT count(*) FROM {destination}.wagtailcore_page WHERE id = ANY(%s)", [there])
    if found != len(there):
        yield (
            0,
            _fault(
                "page", ground.destination.full_name, _("迁入的页面缺 %(count)s 条。") % {"count": len(there) - found}
            ),
        )


def _rows(ground: Ground) -> Iterator[tuple[int, Fault | None]]:
    """Each carried row is there, and what is no reference in it is as it was."""
    make_table(ground, "m_page", "old int PRIMARY KEY, new int NOT NULL, is_row boolean NOT NULL")
    copy_rows("m_page", ("old", "new", "is_row"), ground.merge.memory["pages"])
    prepare_names(ground, make=False)
    prepare_things(ground)
    for line in carried():
        model = model_of(line.model)
        if line.by_hand and not issubclass(model, Page):
            continue
        yield from _compared(ground, line, model)
    places = places_of_memory(ground.merge.memory)
    carrier = Carrier(ground, places, MergeTargets(ground, places.numbers(), paths_of(places), places.old_hosts), list)
    for count, other in carrier.compare_versions():
        yield count, None
        for pk in other:
            yield 0, _fault("row", _("版本 %(number)s") % {"number": pk}, _("内容不是由原站的版本换成新编号得来的。"))


def _compared(ground: Ground, line: Carried, model: Any) -> Iterator[tuple[int, Fault | None]]:
    table, key = quoted(model._meta.db_table), model._meta.pk.column
    offset = ground.offsets[line.model] if own_key(model) else ground.offset(Page)
    rows = f"s.{key} IN (SELECT old FROM pg_temp.m_page WHERE is_row)" if issubclass(model, Page) else line.rows
    plain = [
        quoted(one.column)
        for one in model._meta.local_concrete_fields
        if not one.primary_key
        and (one.remote_field is None or _names_a_person(one))
        and one.column not in line.columns
        and not (model is Page and (one.column in PAGE_COLUMNS or one.column in _WORDS_OF_PAGES))
        and not (issubclass(model, Page) and model is not Page and one.name not in _KEPT_OF_KINDS)
        and (model._meta.label, one.column) not in _MOVES_ON
    ]
    ours = ", ".join(f"s.{name}" for name in plain) or "1"
    theirs = ", ".join(_GIVEN_THERE.get(name, "d.{0}").format(name) for name in plain) or "1"
    ((total, missing, differing),) = ground.rows(
        f"SELECT count(*), count(*) FILTER (WHERE d.{key} IS NULL),"
        f" count(*) FILTER (WHERE d.{key} IS NOT NULL AND ROW({ours}) IS DISTINCT FROM ROW({theirs}))"
        f" FROM {{source}}.{table} s LEFT JOIN {{destination}}.{table} d ON d.{key} = s.{key} + {offset} WHERE {rows}"
    )
    yield total, None
    name = str(model._meta.verbose_name)
    if missing and not (line.model in _PEOPLE_REMOVE and ground.merge.verified_at is not None):
        yield 0, _fault("row", name, _("缺 %(count)s 条。") % {"count": missing})
    if differing:
        yield 0, _fault("row", name, _("%(count)s 条与原站不同。") % {"count": differing})


def _names_a_person(column: Any) -> bool:
    """Accounts are the platform's: their numbers are the same on both sites."""
    return column.related_model is not None and column.related_model._meta.label == settings.AUTH_USER_MODEL


#: What a page's own table has to keep, whatever is edited later.
_KEPT_OF_KINDS = frozenset({"index_number", "original_published_at", "copied_from"})
#: What a page gets with its first publication, which for some is still to come.
_GIVEN_THERE = {
    '"first_published_at"': "CASE WHEN s.{0} IS NULL THEN s.{0} ELSE d.{0} END",
    '"index_number"': "CASE WHEN s.{0} = '' THEN s.{0} ELSE d.{0} END",
}
#: Rows that people remove with their daily work; the first proof, which follows the switch, asks for all of them.
_PEOPLE_REMOVE = frozenset(
    {
        "wagtailcore.Comment", "wagtailcore.CommentReply", "review.Claim", "taggit.TaggedItem", "media.SiteRendition",
        "wagtailcore.ReferenceIndex", "wagtailsearch.IndexEntry", "wagtailembeds.Embed",
        "surveys.SurveySalt", "surveys.SurveySender",
    }
)  # fmt: skip
#: States that go on after the switch, as on any site.
_MOVES_ON = frozenset(
    {
        ("review.Clearance", "status"), ("review.AfterReview", "verdict"), ("review.AfterReview", "opinion"),
        ("review.AfterReview", "reviewer_name"), ("review.AfterReview", "decided_at"),
        ("wagtailcore.WorkflowState", "status"), ("wagtailcore.TaskState", "status"),
        ("wagtailcore.TaskState", "finished_at"), ("wagtailcore.TaskState", "comment"),
        ("review.RescanRun", "state"), ("review.RescanFinding", "outcome"), ("review.RescanFinding", "note"),
        ("review.RescanFinding", "asked_by_name"), ("review.RescanFinding", "asked_at"),
        ("review.RescanFinding", "closed_by_name"), ("review.RescanFinding", "closed_at"),
        ("wagtailcore.Revision", "approved_go_live_at"), ("media.SiteRendition", "sm3"),
        ("media.SiteImage", "file_hash"), ("media.SiteImage", "file_size"), ("media.SiteDocument", "file_hash"),
        ("media.SiteDocument", "file_size"), ("wagtailcore.Comment", "text"), ("wagtailcore.Comment", "resolved_at"),
        ("wagtailcore.CommentReply", "text"), ("wagtailcore.Page", "locked_by_id"),
        ("wagtailcore.TaskState", "finished_by_id"), ("wagtailcore.Comment", "resolved_by_id"),
        ("review.Claim", "person_id"), ("review.Claim", "handed_by_id"), ("review.AfterReview", "reviewer_id"),
        ("wagtailsearch.IndexEntry", "title_norm"),
        ("wagtailsearch.IndexEntry", "autocomplete"), ("wagtailsearch.IndexEntry", "title"),
        ("wagtailsearch.IndexEntry", "body"), ("wagtailsearch.IndexEntry", "title_text"),
        ("wagtailsearch.IndexEntry", "body_text"), ("surveys.SurveySender", "count"),
    }
)  # fmt: skip


def _files(ground: Ground) -> Iterator[tuple[int, Fault | None]]:
    """Each file has the same bytes under its name there."""
    with tenant_context(ground.source):
        jobs = list(named_files(f"m{ground.merge.pk}"))
    for field, old, new in jobs:
        with tenant_context(ground.source):
            before = stored_sm3(field.storage, old)
        with tenant_context(ground.destination):
            after = stored_sm3(field.storage, new)
        problem = None if before == after else _fault("file", old, _("与原站的文件不同，或者不见了。"))
        yield 1, problem


def _addresses(ground: Ground) -> Iterator[tuple[int, Fault | None]]:
    """Each address that the source shows is in the ledger, and each of what was carried leads to where it is."""
    values = {
        "source": ground.source.pk,
        "pages": [old for old, *_rest in ground.merge.memory["pages"]],
        "most": _MOST,
    }
    ((total,),) = ground.rows(
        "SELECT count(*) FROM public.addresses_address WHERE tenant_id = %(source)s", {"source": ground.source.pk}
    )
    yield total, None
    for query in (_LOST_ADDRESSES, _LOST_PICTURES):
        for (path,) in ground.rows(query, values):
            yield 0, _fault("address", path, _("迁移后没有去处。"))
    with tenant_context(ground.source):
        # Sizes of pictures are entered when they are made, after whatever asked for them.
        known = (one for one in address_book().public_addresses() if one.kind != Kind.IMAGE)
        shown = [form for one in known if (form := stored_form(one.path))]
    for start in range(0, len(shown), _BATCH):
        part = shown[start : start + _BATCH]
        asked = [[form.key for form in part], [form.path for form in part], ground.source.pk, _MOST]
        for (path,) in ground.rows(_NOT_IN_THE_LEDGER, asked):
            yield 0, _fault("address", path, _("公开过的网址没有登记在网址台账。"))


def _parts(ground: Ground) -> Iterator[tuple[int, Fault | None]]:
    """What lies outside of the two schemas names things where they are now."""
    switch = switch_of_memory(ground)
    for part in parts():
        checked, wrong = part.prove(switch)
        yield checked, None
        for one in wrong:
            yield 0, _fault(*one)


def _gate(ground: Ground) -> Iterator[tuple[int, Fault | None]]:
    """What is live there is what was cleared on the source, byte for byte."""
    pages = [new for _old, new, is_row in ground.merge.memory["pages"] if is_row]
    checked, faults = find_gate_faults(pages)
    yield checked, None
    for fault in faults:
        yield 0, _fault("gate", f"{fault['title']}（{fault['page']}）", fault["problem"])
