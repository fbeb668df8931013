"""The cards of a batch: of each file what was recognised, what may be set, what is doubtful, and where."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.vocabularies.queries import term_label
from sites.columns.models import Column
from sites.pages.content_page import ContentPage
from sites.pages.known_values import known_values
from sites.policies.models import PolicyDocument

from .card_fields import LABELS, fields_for, read_typed, shown_values
from .confirming import seen_of
from .enclosing import OPEN
from .extraction.recognition.document_numbers import normalise_number
from .models import ImportBatch, ImportItem
from .originals import may_be_attached
from .page_building import disclosure_of, document_kind_of, page_model
from .queries import NEEDED_OF_POLICIES

State = ImportItem.State
#: Documents among which each card lets one choose; every one of 200 cards with all the others would be a large page.
_MOST_OFFERED = 30
NOTHING_WRONG: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class CardField:
    """A field of a card. ``error``: what is wrong with what stands in it, "" for nothing; ``id``: of its input."""

    id: str
    name: str
    label: str
    value: str
    error: str
    hint: str
    long: bool


@dataclass(frozen=True)
class Likeness:
    """Something like it that is there already, in words, with the address that leads there."""

    words: str
    url: str


@dataclass
class Card:
    """What a person sees of a file that was read and waits for them.

    ``facts``: (label, text) of what was recognised besides; ``goes_with``: (id, file name, chosen) of the documents it
    may be an attachment of; ``parts``: (name in the text, file name or "") of what it encloses; ``lacking``: what a
    policy lacks to be offered for review; ``error``: about its place, where that cannot be chosen; ``again``: a page
    of the same bytes stands.
    """

    fields: list[CardField] = field(default_factory=list)
    facts: list[tuple[str, str]] = field(default_factory=list)
    alike: list[Likeness] = field(default_factory=list)
    goes_with: list[tuple[int, str, bool]] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    error: str = ""
    place_error: str = ""
    seen: str = ""
    again: bool = False


def with_cards(
    items: Sequence[ImportItem], batch: ImportBatch, wrong: Mapping[int, Mapping[str, str]] = MappingProxyType({})
) -> None:
    """Give each of ``items`` that waits for a person its ``card``, None to all others.

    ``problem``: what is wrong with it as a whole, out of ``wrong`` (of ``Asked``).
    """
    column = batch.column
    whole = list(batch.items.filter(state__in=(*OPEN, State.WAITING, State.RUNNING)).only(*_OF_BATCH))
    waiting = [item for item in items if item.state in OPEN and item.original]
    shown = {}
    if column is not None and waiting:
        source = known_values(column)["source"]
        shown = {item.pk: shown_values(item, column, source=source) for item in waiting}
    alike = _alike(waiting, whole, shown, column) if column is not None else {}
    for item in items:
        item.card = None  # type: ignore[attr-defined]
        item.problem = wrong.get(item.pk, NOTHING_WRONG).get("", "")  # type: ignore[attr-defined]
        if item.pk in shown and column is not None and _may_be_set(item, whole):
            item.card = _card(item, whole, shown[item.pk], column, wrong.get(item.pk, NOTHING_WRONG))  # type: ignore[attr-defined]
            item.card.alike = alike.get(item.pk, [])  # type: ignore[attr-defined]


_OF_BATCH = (
    "pk",
    "batch_id",
    "filename",
    "state",
    "original",
    "enclosed_in",
    "enclosed_as",
    "recognised",
    "given",
    "sm3",
)


def _may_be_set(item: ImportItem, whole: Sequence[ImportItem]) -> bool:
    """A file that could not be read can still be somebody's attachment, where there is another."""
    return item.state == State.READ or any(_may_lead(one, item) for one in whole)


def _may_lead(document: ImportItem, item: ImportItem) -> bool:
    return (
        document.pk != item.pk
        and not document.only_file
        and document.enclosed_in_id is None
        and document.state != State.FAILED
    )


def _documents_for(item: ImportItem, whole: Sequence[ImportItem]) -> list[ImportItem]:
    """Return the documents that ``item`` may go along with; of many only those that enclose something."""
    documents = [one for one in whole if _may_lead(one, item)]
    if len(documents) <= _MOST_OFFERED:
        return documents
    return [one for one in documents if one.recognised.get("enclosures") or one.pk == item.enclosed_in_id]


def _card(
    item: ImportItem, whole: Sequence[ImportItem], values: Mapping[str, str], column: Column, wrong: Mapping[str, str]
) -> Card:
    card = Card(seen=seen_of(item), again=item.duplicate_of_id is not None)
    card.place_error = wrong.get("enclosed_in", "")
    leads = not any(one.enclosed_in_id == item.pk for one in whole)
    if leads and may_be_attached(item.filename):
        card.goes_with = [(one.pk, one.filename, one.pk == item.enclosed_in_id) for one in _documents_for(item, whole)]
    if not card.goes_with and not item.only_file:
        card.error = card.place_error
    if item.only_file or item.enclosed_in_id is not None or item.state == State.FAILED:
        return card
    _typed, unreadable = read_typed(values, column)
    told = {**unreadable, **wrong}
    for name in fields_for(column):
        found = str(item.recognised.get(name) or "")
        hint = _("原识别为“%(found)s”") % {"found": found} if found and found != values[name] else ""
        if not found and not item.given.get(name):
            hint = _("文件里没有识别出来")
            if values[name]:
                hint = _("文件里没有识别出来，先按文件名填上")
                if name == "source":
                    hint = _("文件里没有写明，先按发文机关或栏目的来源填上")
        card.fields.append(
            CardField(
                f"import-{item.pk}-{name}", name, str(LABELS[name]), values[name], told.get(name, ""), hint,
                name == "title",
            )
        )  # fmt: skip
    if page_model(column) is PolicyDocument:
        card.lacking = [str(LABELS[name]) for name in NEEDED_OF_POLICIES if not values[name].strip()]
    card.facts = list(_facts(item, values, column))
    card.parts = _parts(item, whole)
    return card


def _facts(item: ImportItem, values: Mapping[str, str], column: Column) -> Iterable[tuple[str, str]]:
    found = item.recognised
    model: type[ContentPage] = page_model(column)
    kind = str(model._meta.verbose_name)
    if model is PolicyDocument and (code := document_kind_of(values["title"])):
        kind = _("%(model)s · 体裁：%(kind)s") % {"model": kind, "kind": term_label("kind", code)}
    yield _("建成"), kind
    if found.get("addressee"):
        yield _("主送机关"), found["addressee"]
    if found.get("signature"):
        yield _("落款"), found["signature"]
    if found.get("signed_on"):
        yield _("落款日期"), found["signed_on"]
    if model is not PolicyDocument:
        for name in ("issued_by", "issued_on"):
            if found.get(name):
                label = {"label": LABELS[name], "value": found[name]}
                yield str(LABELS[name]), _("%(value)s（这类页面没有这一栏，留在正文里）") % label
    if remark := found.get("remark"):
        code = disclosure_of(remark)
        yield (
            _("附注"),
            _("（%(remark)s），公开方式：%(mode)s") % {"remark": remark, "mode": term_label("disclosure", code)}
            if code
            else f"（{remark}）",
        )
    if found.get("published_on"):
        yield _("原发布日期"), found["published_on"]
    counted = {kind: found.get("blocks", {}).get(kind, 0) for kind in ("heading", "table")}
    told = {**counted, "images": found.get("images", 0)}
    yield _("内容"), _("小标题 %(heading)d 个，表格 %(table)d 个，图片 %(images)d 张") % told
    yield from found.get("labels", {}).items()


def _parts(item: ImportItem, whole: Sequence[ImportItem]) -> list[tuple[str, str]]:
    files = [one for one in whole if one.enclosed_in_id == item.pk]
    named = {one.enclosed_as: one.filename for one in files if one.enclosed_as}
    listed = [(name, named.get(name[:200], "")) for name in item.recognised.get("enclosures", [])]
    return listed + [("", one.filename) for one in files if not one.enclosed_as]


def _alike(
    items: Sequence[ImportItem],
    whole: Sequence[ImportItem],
    shown: Mapping[int, Mapping[str, str]],
    column: Column,
) -> dict[int, list[Likeness]]:
    """Return, by id, what has the same number or the same bytes: a page of the site, or a file of the same batch."""
    numbers = {item.pk: normalise_number(shown[item.pk]["document_number"]) for item in items if not item.only_file}
    stated = {number for number in numbers.values() if number}
    pages = PolicyDocument.objects.filter(document_number__in=stated) if stated else PolicyDocument.objects.none()
    by_number: dict[str, list[Page]] = {}
    for page in pages.only("title", "document_number", "draft_title"):
        by_number.setdefault(page.document_number, []).append(page)
    found: dict[int, list[Likeness]] = {}
    for item in items:
        told = found.setdefault(item.pk, [])
        if item.duplicate_of is not None:
            words = _("这个文件已经导入过本栏目：“%(title)s”") % {"title": item.duplicate_of.title}
            told.append(Likeness(words, reverse("wagtailadmin_pages:edit", args=[item.duplicate_of_id])))
        number = numbers.get(item.pk, "")
        for page in by_number.get(number, []):
            words = _("发文字号与已有的“%(title)s”相同") % {"title": page.draft_title or page.title}
            told.append(Likeness(words, reverse("wagtailadmin_pages:edit", args=[page.pk])))
        for other in whole:
            if other.pk == item.pk:
                continue
            if item.sm3 and other.sm3 == item.sm3:
                told.append(
                    Likeness(_("与本批的“%(file)s”是同一个文件") % {"file": other.filename}, f"#import-{other.pk}")
                )
            elif number and numbers.get(other.pk) == number:
                told.append(
                    Likeness(_("发文字号与本批的“%(file)s”相同") % {"file": other.filename}, f"#import-{other.pk}")
                )
    return found
