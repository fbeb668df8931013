"""Pages and their versions: the words with every reference leading where the things are now."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, ReferenceIndex

from govplatform.review.gate.digest import Numbers, ReferredFile, digest_elsewhere
from govplatform.review.transfers.rewriting import Trail, rewrite

from .files import Moved
from .ground import Ground, copy_rows, make_table, model_of, quoted
from .places import Place, Places
from .rows import carry_rows, line_of, value_of
from .sheet import carried
from .targets import MergeTargets

_BATCH = 500
_WHICH = line_of("wagtailcore.Revision").rows
_REVISIONS = f"""
SELECT s.id, s.object_id::bigint, s.content::text FROM {{source}}.wagtailcore_revision s
WHERE {_WHICH}
"""
_BOTH_REVISIONS = f"""
SELECT s.id, s.object_id::bigint, s.content::text, d.content::text FROM {{source}}.wagtailcore_revision s
JOIN {{destination}}.wagtailcore_revision d ON d.id = s.id + {{offset:wagtailcore.Revision}}
WHERE {_WHICH}
"""
_VALID = """
SELECT c.id, c.page_id, c.revision_id, c.digest FROM {source}.review_clearance c
WHERE c.status = 'valid' AND c.page_id IN (SELECT old FROM pg_temp.m_page WHERE is_row)
"""
_KINDS_OF_PAGES = """
SELECT p.id, k.kind, k.new FROM {source}.wagtailcore_page p JOIN pg_temp.m_kind k ON k.old = p.content_type_id
WHERE p.id IN (SELECT old FROM pg_temp.m_page WHERE is_row)
"""
_PARENTS = """
SELECT p.id, a.id FROM {source}.wagtailcore_page p JOIN {source}.wagtailcore_page a ON a.path = left(p.path, -4)
WHERE p.id IN (SELECT old FROM pg_temp.m_page WHERE is_row)
"""
_NEW_PARENTS = (
    "SELECT c.new, coalesce(a.id, b.new) FROM pg_temp.m_page c"
    " LEFT JOIN {destination}.wagtailcore_page a ON a.path = left(c.path, -4)"
    " LEFT JOIN pg_temp.m_page b ON b.is_row AND b.path = left(c.path, -4) WHERE c.is_row"
)
_FILES = """
SELECT 'image', s.id + {offset:media.SiteImage}, s.file, s.uploaded_by_user_id, s.title, s.description, s.map_number
FROM {source}.media_siteimage s
UNION ALL
SELECT 'document', s.id + {offset:media.SiteDocument}, s.file, s.uploaded_by_user_id, s.title, '', ''
FROM {source}.media_sitedocument s
"""
#: Columns of Wagtail's own table that a page gets anew.
PAGE_COLUMNS = {
    "id": "m.new",
    "path": "m.path",
    "depth": "m.depth",
    "numchild": "m.numchild",
    "url_path": "m.url_path",
    "slug": "m.slug",
    "translation_key": "CASE WHEN EXISTS (SELECT 1 FROM {destination}.wagtailcore_page d"
    " WHERE d.translation_key = s.translation_key) THEN gen_random_uuid() ELSE s.translation_key END",
    "alias_of_id": "NULL",
}


@dataclass(frozen=True)
class Transfer:
    """A clearance that goes on being valid. ``clearance``, ``page``, ``parent``: numbers in the source."""

    clearance: int
    page: int
    parent: int
    source_digest: str
    digest: str
    trail: Trail


@dataclass
class Carrier:
    """Carries the words of all pages of a merge."""

    ground: Ground
    places: Places
    targets: MergeTargets
    #: Asked when the versions are carried: the files are copied meanwhile.
    files: Callable[[], list[Moved]]
    transfers: list[Transfer] = field(default_factory=list)
    #: Pages whose links lead elsewhere in another way than by a number: the index of references is made anew for them.
    relinked: set[int] = field(default_factory=set)

    def carry_versions(self, progress: Callable[[int, int], None]) -> int:
        """Rewrite all versions into ``m_revision`` and note the clearances that are transferred; return how many."""
        ground = self.ground
        kinds = {pk: (model_of(kind), new) for pk, kind, new in ground.rows(_KINDS_OF_PAGES)}
        valid: dict[int, list[tuple[int, str]]] = {}
        for clearance, _page, revision, digest in ground.rows(_VALID):
            valid.setdefault(revision, []).append((clearance, digest))
        parents, new_parents = dict(ground.rows(_PARENTS)), dict(ground.rows(_NEW_PARENTS))
        known = self._known_files()
        ((total,),) = ground.rows(f"SELECT count(*) FROM {{source}}.wagtailcore_revision s WHERE {_WHICH}")
        done = 0
        for rows in ground.streamed(_REVISIONS, _BATCH):
            written = []
            for pk, page_id, text in rows:
                place = self.places.by_old[page_id]
                model, kind = kinds[page_id]
                content, trail = self._rewritten(model, kind, place, json.loads(text))
                written.append((pk, json.dumps(content, ensure_ascii=False)))
                for clearance, digest in valid.get(pk, ()):
                    page = model.from_serializable_data(content, check_fks=False)
                    files = [known[name] for name in sorted(self.targets.files, key=_images_first) if name in known]
                    new_digest = digest_elsewhere(page, files, Numbers(place.new, new_parents[place.new]))
                    self.transfers.append(Transfer(clearance, page_id, parents[page_id], digest, new_digest, trail))
            copy_rows("m_revision", ("old", "content"), written)
            done += len(rows)
            progress(done, total)
        copy_rows("m_transfer", ("clearance", "digest"), ((one.clearance, one.digest) for one in self.transfers))
        ground.execute("ANALYZE m_revision")
        ground.execute("ANALYZE m_transfer")
        return done

    def compare_versions(self) -> Iterator[tuple[int, list[int]]]:
        """Rewrite all versions anew; give (number compared, old numbers of those that are something else there)."""
        kinds = {pk: (model_of(kind), new) for pk, kind, new in self.ground.rows(_KINDS_OF_PAGES)}
        for rows in self.ground.streamed(_BOTH_REVISIONS, _BATCH):
            other = []
            for pk, page_id, text, there in rows:
                model, kind = kinds[page_id]
                content, _trail = self._rewritten(model, kind, self.places.by_old[page_id], json.loads(text))
                if _as_blocks(content) != _as_blocks(json.loads(there)):
                    other.append(pk)
            yield len(rows), other

    def carry_pages(self) -> int:
        """Write the rows of the pages, in Wagtail's table and in those of their kinds; return how many."""
        ground = self.ground
        columns, values = [], []
        for column in Page._meta.local_concrete_fields:
            columns.append(quoted(column.column))
            values.append(PAGE_COLUMNS.get(column.column) or value_of(column, ground))
        count = ground.execute(
            f"INSERT INTO {{destination}}.wagtailcore_page ({', '.join(columns)}) SELECT {', '.join(values)}"
            " FROM {source}.wagtailcore_page s JOIN pg_temp.m_page m ON m.old = s.id AND m.is_row ORDER BY m.path"
        )
        for one in carried():
            model = model_of(one.model)
            if issubclass(model, Page) and model is not Page:
                self._carry_kind(one.model, model)
        return count

    def _carry_kind(self, label: str, model: Any) -> None:
        """The rows of one kind of page; its texts go through the walk over their references."""
        ground = self.ground
        key = model._meta.pk.column
        texts = [one for one in model._meta.local_concrete_fields if isinstance(one, (StreamField, RichTextField))]
        extra = {key: f"(SELECT m.new FROM pg_temp.m_page m WHERE m.old = s.{key})"}
        if texts:
            changed = list(self._changed_texts(model, texts))
            ground.execute("TRUNCATE pg_temp.m_text")
            copy_rows("m_text", ("old", "texts"), ((old, json.dumps(new, ensure_ascii=False)) for old, new in changed))
            for one in texts:
                take = "->" if isinstance(one, StreamField) else "->>"
                extra[one.column] = (
                    f"coalesce((SELECT t.texts {take} '{one.name}' FROM pg_temp.m_text t WHERE t.old = s.{key}),"
                    f" s.{quoted(one.column)})"
                )
        line = line_of(label)
        rows = f"s.{key} IN (SELECT old FROM pg_temp.m_page WHERE is_row)"
        carry_rows(type(line)(line.model, rows, line.columns), ground, extra=extra)

    def _changed_texts(self, model: Any, texts: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
        ground, key = self.ground, model._meta.pk.column
        names = ", ".join(f"s.{quoted(one.column)}::text" for one in texts)
        for rows in ground.streamed(
            f"SELECT s.{key}, {names} FROM {{source}}.{model._meta.db_table} s"
            f" WHERE s.{key} IN (SELECT old FROM pg_temp.m_page WHERE is_row)",
            _BATCH,
        ):
            for old, *values in rows:
                content = {one.name: value for one, value in zip(texts, values, strict=True)}
                place = self.places.by_old[old]
                new, trail = rewrite(model, content, self.targets.of_page(place))
                if any(isinstance(before, str) or before is None or after is None for _at, before, after in trail):
                    self.relinked.add(place.new)
                changed = {
                    one.name: json.loads(new[one.name]) if isinstance(one, StreamField) else new[one.name]
                    for one in texts
                    if new[one.name] != content[one.name]
                }
                if changed:
                    # What is not named stays: a null would take the place of the text.
                    yield old, {one.name: changed.get(one.name, _stored(one, content[one.name])) for one in texts}

    def _rewritten(self, model: Any, kind: int, place: Place, content: dict[str, Any]) -> tuple[dict[str, Any], Trail]:
        ground = self.ground
        content, trail = rewrite(model, content, self.targets.of_page(place))
        revisions = ground.offsets["wagtailcore.Revision"]
        content |= {
            "pk": place.new,
            "path": place.path,
            "depth": place.depth,
            "numchild": place.numchild,
            "url_path": place.url_path,
            "content_type": kind,
        }
        for name in ("live_revision", "latest_revision"):
            if content.get(name) is not None:
                content[name] += revisions
        if content.get("alias_of") is not None:
            content["alias_of"] = None
        comments = ground.offsets["wagtailcore.Comment"]
        for comment in content.get("wagtail_admin_comments") or ():
            comment["page"] = place.new
            if comment.get("pk") is not None:
                comment["pk"] += comments
            if comment.get("revision_created") is not None:
                comment["revision_created"] += revisions
        return content, trail

    def _known_files(self) -> dict[tuple[str, int], ReferredFile]:
        files = {file.old: file for file in self.files()}
        return {
            (kind, pk): ReferredFile(kind, pk, there.new, there.sm3, uploader, tuple(words))
            for kind, pk, name, uploader, *words in self.ground.rows(_FILES)
            if (there := files.get(name)) is not None
        }

    def renew_references(self) -> None:
        """Make the index of references anew for the pages whose links changed; call inside the destination."""
        for page in Page.objects.filter(pk__in=self.relinked).specific().iterator(chunk_size=100):
            ReferenceIndex.create_or_update_for_object(page)


def make_tables(ground: Ground) -> None:
    """Make the empty temporary tables that the rest fills."""
    make_table(
        ground,
        "m_page",
        "old int PRIMARY KEY, new int NOT NULL, is_row boolean NOT NULL, path text, depth int, numchild int,"
        " url_path text, slug text",
    )
    make_table(ground, "m_file", "old text PRIMARY KEY, new text NOT NULL")
    make_table(ground, "m_revision", "old bigint PRIMARY KEY, content jsonb NOT NULL")
    make_table(ground, "m_text", "old int PRIMARY KEY, texts jsonb NOT NULL")
    make_table(ground, "m_transfer", "clearance bigint PRIMARY KEY, digest text NOT NULL")


# --- inside ------------------------------------------------------------------------------


def _images_first(name: tuple[str, int]) -> tuple[bool, int]:
    """The order of ``referred_files``."""
    return name[0] != "image", name[1]


def _as_blocks(content: dict[str, Any]) -> dict[str, Any]:
    """Content with its texts of JSON as what they say: their blanks mean nothing."""
    return {
        name: json.loads(value) if isinstance(value, str) and value[:2] in ("[{", "[]") else value
        for name, value in content.items()
    }


def _stored(one: models.Field[Any, Any], value: Any) -> Any:
    return json.loads(value) if isinstance(one, StreamField) and isinstance(value, str) else value
