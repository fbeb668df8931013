"""The content pages of beta carried into alpha as a merge carries them: by the owner, by rows, within its numbers.

No engine: what a merge writes, in the order in which the gate wants it, so that each test can write one thing
otherwise.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone
from django_tenants.utils import tenant_context
from psycopg.types.json import Jsonb
from wagtail.models import Page

from govplatform.confidentiality.models import PublicCopy
from govplatform.lifecycle.models import Merge, SiteApplication
from govplatform.review.gate.digest import page_digest
from govplatform.review.gate.requirements import is_structural
from govplatform.review.models import Clearance
from govplatform.review.transfers.rewriting import rewrite
from govplatform.tenancy.database_roles import as_owner
from govplatform.tenancy.models import Tenant
from sites.media.models import SiteDocument, SiteImage

PAGE, REVISION, IMAGE, DOCUMENT = "wagtailcore_page", "wagtailcore_revision", "media_siteimage", "media_sitedocument"
#: Table -> what is added to its numbers; no two alike, so that one taken for another is seen.
SHIFTS = {
    name: million * 1_000_000
    for million, name in enumerate(
        (
            PAGE, REVISION, IMAGE, DOCUMENT, "confidentiality_scan", "confidentiality_finding",
            "confidentiality_scannedfile", "confidentiality_disposition", "confidentiality_publiccopy",
            "review_submission", "review_decision", "review_clearance", "review_clearedfile", "review_withdrawal",
            "review_transferredclearance",
        ),
        start=1,
    )
}  # fmt: skip
ROOM = 999_999
_ID = re.compile(r'\bid="(\d+)"')
_WRITTEN = re.compile(r'<a href="https://old\.example/documents/(\d+)/[^"]*">')


def ranges(room: int = ROOM, factor: int = 1) -> dict[str, list[int]]:
    moved = {name: shift * factor for name, shift in SHIFTS.items()}
    return {name: [shift + 1, shift + room * factor, shift] for name, shift in moved.items()}


def run(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


def begin(application: SiteApplication, factor: int = 1) -> Merge:
    """A merge that is moving."""
    merge = Merge.objects.create(
        source=application.tenant, destination=application.into, application=application, requested_by=None
    )
    with as_owner():
        run(
            "UPDATE public.lifecycle_merge SET state = 'moving', ranges = %s WHERE id = %s",
            Jsonb(ranges(factor=factor)),
            merge.pk,
        )
    return Merge.objects.get(pk=merge.pk)


class Shifted:
    """Where things are after the merge (``rewriting.Targets``)."""

    def __init__(self, factor: int, mark: str) -> None:
        self.factor, self.mark = factor, mark

    def slug(self, slug: str) -> str:
        return slug + self.mark

    def number(self, model: type[models.Model], number: Any) -> Any:
        for kind, table in ((Page, PAGE), (SiteImage, IMAGE), (SiteDocument, DOCUMENT)):
            if issubclass(model, kind):
                return number + SHIFTS[table] * self.factor
        return number

    def tag(self, tag: str) -> str:
        table = PAGE if 'linktype="page"' in tag else DOCUMENT if 'linktype="document"' in tag else ""
        if written := _WRITTEN.fullmatch(tag):
            # An address that somebody wrote becomes a link to the thing itself.
            return f'<a linktype="document" id="{int(written[1]) + SHIFTS[DOCUMENT] * self.factor}">'
        if not table:
            return tag
        return _ID.sub(lambda found: f'id="{int(found[1]) + SHIFTS[table] * self.factor}"', tag)


class Carrying:
    """One merge that carries all content pages of its source.

    ``wrong``: table -> {column: SQL expression over ``t``, the row of the source} that a test wants otherwise.
    """

    def __init__(self, merge: Merge, factor: int = 1, mark: str = "-moved") -> None:
        self.merge, self.factor = merge, factor
        self.source: Tenant = merge.source
        self.destination: Tenant = merge.destination
        self.targets = Shifted(factor, mark)
        self.wrong: dict[str, dict[str, str]] = {}
        #: called with each transferred clearance's values before they are written
        self.forge: Callable[[dict[str, Any]], None] = lambda values: None
        self.trails: dict[int, Any] = {}

    def shift(self, table: str) -> int:
        return SHIFTS[table] * self.factor

    def everything(self) -> None:
        self.files()
        self.pages()
        self.records()
        self.clearances()
        self.resources()

    def copy(self, table: str, where: str = "true", **others: str) -> None:
        """Rows of ``table`` with their numbers moved. ``others``: column -> expression, as in ``wrong``."""
        found = run(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
            " ORDER BY ordinal_position",
            self.source.schema_name,
            table,
        )
        values = {"id": f"t.id + {self.shift(table)}", **others, **self.wrong.get(table, {})}
        names = [name for (name,) in found]
        chosen = ", ".join(values.get(name, f't."{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        with as_owner():
            run(
                f'INSERT INTO "{self.destination.schema_name}"."{table}" ({listed})'
                f' SELECT {chosen} FROM "{self.source.schema_name}"."{table}" t WHERE {where} ORDER BY t.id'
            )

    def moved(self, column: str, table: str) -> str:
        return f"t.{column} + {self.shift(table)}"

    def files(self) -> None:
        root = f'(SELECT id FROM "{self.destination.schema_name}".wagtailcore_collection WHERE depth = 1)'
        for model, table in ((SiteImage, IMAGE), (SiteDocument, DOCUMENT)):
            self._bytes(model)
            self.copy(table, collection_id=root, file="t.file || '.moved'")
        self._bytes(PublicCopy)
        self.copy("confidentiality_publiccopy", object_id=self.number_of_file, file="t.file || '.moved'")

    def _bytes(self, model: Any) -> None:
        storage = model._meta.get_field("file").storage
        with tenant_context(self.source):
            stored = [(name, storage.open(name).read()) for name in model.objects.values_list("file", flat=True)]
        with tenant_context(self.destination):
            for name, content in stored:
                if not storage.exists(name + ".moved"):
                    storage.save(name + ".moved", ContentFile(content))

    @property
    def number_of_file(self) -> str:
        return f"t.object_id + CASE t.kind WHEN 'image' THEN {self.shift(IMAGE)} ELSE {self.shift(DOCUMENT)} END"

    def _kind(self, column: str) -> str:
        return (
            f'(SELECT d.id FROM "{self.destination.schema_name}".django_content_type d'
            f' JOIN "{self.source.schema_name}".django_content_type s USING (app_label, model) WHERE s.id = t.{column})'
        )

    def content_pages(self) -> list[Page]:
        with tenant_context(self.source):
            return [page for page in Page.objects.filter(depth__gt=2).specific() if not is_structural(page)]

    def pages(self) -> None:
        for page in self.content_pages():
            with tenant_context(self.source):
                slug = page.get_parent().slug
                content, self.trails[page.pk] = rewrite(type(page), page.serializable_data(), self.targets)
                versions = [(r.pk, rewrite(type(page), r.content, self.targets)[0]) for r in page.revisions.all()]
            with tenant_context(self.destination):
                column = Page.objects.get(slug=slug, depth=3)
                last = column.get_last_child()
                path = last._inc_path() if last else Page._get_path(column.path, column.depth + 1, 1)
                Page.objects.filter(pk=column.pk).update(numchild=models.F("numchild") + 1)
            new_slug = str(content["slug"])
            self.copy(
                PAGE,
                f"t.id = {page.pk}",
                path=f"'{path}'",
                depth=str(column.depth + 1),
                slug=f"'{new_slug}'",
                url_path=f"'{column.url_path}{new_slug}/'",
                content_type_id=self._kind("content_type_id"),
                translation_key="gen_random_uuid()",
                locale_id=f'(SELECT min(id) FROM "{self.destination.schema_name}".wagtailcore_locale)',
                live_revision_id=self.moved("live_revision_id", REVISION),
                latest_revision_id=self.moved("latest_revision_id", REVISION),
            )
            self._own_row(page, content)
            self._revisions(page, versions)

    def _own_row(self, page: Page, content: dict[str, Any]) -> None:
        model = type(page)
        there = model.from_serializable_data(content, check_fks=False)
        fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
        values = [field.get_db_prep_save(getattr(there, field.attname), connection) for field in fields]
        names = ", ".join(["page_ptr_id", *(f'"{field.column}"' for field in fields)])
        marks = ", ".join(["%s"] * (len(fields) + 1))
        table = f'"{self.destination.schema_name}"."{model._meta.db_table}"'
        with as_owner():
            run(f"INSERT INTO {table} ({names}) VALUES ({marks})", page.pk + self.shift(PAGE), *values)

    def _revisions(self, page: Page, versions: list[tuple[int, dict[str, Any]]]) -> None:
        for number, content in versions:
            changed = json.dumps({**content, "pk": page.pk + self.shift(PAGE)}).replace("'", "''").replace("%", "%%")
            self.copy(
                REVISION,
                f"t.id = {number}",
                object_id=f"'{page.pk + self.shift(PAGE)}'",
                content=f"'{changed}'::jsonb",
                content_type_id=self._kind("content_type_id"),
                base_content_type_id=self._kind("base_content_type_id"),
            )

    def records(self) -> None:
        page, revision = self.moved("page_id", PAGE), self.moved("revision_id", REVISION)
        scan = self.moved("scan_id", "confidentiality_scan")
        there = ", ".join(str(page.pk) for page in self.content_pages())
        of_pages = f"t.page_id IN ({there})"
        of_scans = f't.scan_id IN (SELECT id FROM "{self.source.schema_name}".confidentiality_scan t WHERE {of_pages})'
        self.copy("confidentiality_scan", of_pages, page_id=page, revision_id=revision)
        self.copy("confidentiality_finding", of_scans, scan_id=scan)
        self.copy("confidentiality_scannedfile", of_scans, scan_id=scan)
        self.copy(
            "confidentiality_disposition",
            of_pages,
            page_id=page,
            finding_id=self.moved("finding_id", "confidentiality_finding"),
        )
        self.copy("review_submission", of_pages, page_id=page, revision_id=revision)
        self.copy("review_decision", of_pages, page_id=page, revision_id=revision)
        self.copy("review_withdrawal", of_pages, page_id=page)

    def clearances(self) -> None:
        with tenant_context(self.source):
            given = list(Clearance.objects.order_by("pk"))
            parents = {one.page_id: one.page.get_parent().pk for one in given}
        for one in given:
            with tenant_context(self.destination):
                digest = page_digest(Page.objects.get(pk=one.page_id + self.shift(PAGE)).specific)
            self.copy(
                "review_clearance",
                f"t.id = {one.pk}",
                page_id=self.moved("page_id", PAGE),
                revision_id=self.moved("revision_id", REVISION),
                scan_id=self.moved("scan_id", "confidentiality_scan"),
                content_decision_id=self.moved("content_decision_id", "review_decision"),
                confidentiality_decision_id=self.moved("confidentiality_decision_id", "review_decision"),
                digest=f"CASE t.status WHEN 'valid' THEN '{digest}' ELSE t.digest END",
            )
            self.copy(
                "review_clearedfile",
                f"t.clearance_id = {one.pk}",
                clearance_id=self.moved("clearance_id", "review_clearance"),
                object_id=self.number_of_file,
                name="t.name || '.moved'",
            )
            self.copy(
                "review_transferredclearance",
                f"t.clearance_id = {one.pk}",
                clearance_id=self.moved("clearance_id", "review_clearance"),
            )
            self.transfer(one, parents[one.page_id])

    def transfer(self, one: Clearance, parent_id: int) -> None:
        """The proof of a clearance of the source."""
        values = {
            # behind those that come along from an earlier merge
            "id": one.pk + self.shift("review_transferredclearance") + 500_000,
            "clearance_id": one.pk + self.shift("review_clearance"),
            "merge_id": self.merge.pk,
            "source_schema": self.source.schema_name,
            "source_clearance_id": one.pk,
            "source_page_id": one.page_id,
            "source_parent_id": parent_id,
            "source_digest": one.digest,
            "trail": Jsonb(self.trails[one.page_id]),
            "made_at": timezone.now(),
        }
        self.forge(values)
        names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
        table = f'"{self.destination.schema_name}".review_transferredclearance'
        with as_owner():
            run(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())

    def resources(self) -> None:
        with as_owner():
            run(
                "UPDATE public.content_library_resource SET tenant_id = %s, page_id = page_id + %s"
                " WHERE tenant_id = %s",
                self.destination.pk,
                self.shift(PAGE),
                self.source.pk,
            )


def undo(merge: Merge) -> None:
    """Take every row away again that the merge brought; the merge is reverting."""
    shifts = merge.ranges
    there = merge.destination.schema_name
    with as_owner():
        page_shift = shifts[PAGE][2]
        run(
            "UPDATE public.content_library_resource SET tenant_id = %s, page_id = page_id - %s"
            " WHERE tenant_id = %s AND page_id BETWEEN %s AND %s",
            merge.source_id, page_shift, merge.destination_id, *shifts[PAGE][:2],
        )  # fmt: skip
        for table in (
            "review_transferredclearance", "review_clearedfile", "review_clearance", "review_withdrawal",
            "review_decision", "review_submission", "confidentiality_disposition", "confidentiality_scannedfile",
            "confidentiality_finding", "confidentiality_scan", "confidentiality_publiccopy", REVISION,
        ):  # fmt: skip
            run(f'DELETE FROM "{there}"."{table}" WHERE id BETWEEN %s AND %s', *shifts[table][:2])
        with tenant_context(merge.destination):
            models_there = {type(page) for page in Page.objects.filter(pk__range=shifts[PAGE][:2]).specific()}
        for model in models_there:
            run(
                f'DELETE FROM "{there}"."{model._meta.db_table}" WHERE page_ptr_id BETWEEN %s AND %s',
                *shifts[PAGE][:2],
            )
        for table in (PAGE, IMAGE, DOCUMENT):
            run(f'DELETE FROM "{there}"."{table}" WHERE id BETWEEN %s AND %s', *shifts[table][:2])
