"""附件：lines and the files of the same upload: which file a document names, and what becomes of it in the draft."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.locks.holding import holding
from govplatform.refusals import Refused
from sites.media.models import SiteDocument
from sites.pages.content_page import ContentPage

from .extraction.spacing import squeeze
from .models import ImportBatch, ImportItem
from .originals import may_be_attached

State = ImportItem.State
#: States in which a file may still become an attachment: read or not, it is only carried along.
OPEN = (State.READ, State.FAILED)
_LEADING = re.compile(r"^附[ 　]*件[ 　]*(?P<number>\d{1,2}|[一二三四五六七八九十]{0,3})[ 　]*[:：.．、\-—_]*[ 　]*")
_SERIAL = re.compile(r"^[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）.．、\-—_ 　]+")
_MARKS = re.compile(r"[\s　《》“”\"'（）()\[\]【】〔〕_\-—·,，。;；:：.．、]")
_PLACE = re.compile(r'<p class="enclosures">(?:(?!</p>).)*+</p>|<li>(?:(?!</?li>).)*+</li>', re.DOTALL)
_DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九十", 1)}


def match_enclosures(batch: ImportBatch) -> None:
    """Propose, for each file of ``batch`` that exactly one document of it names under 附件：, to go along with it.

    What a person decided stays.
    """
    with holding():
        items = list(batch.items.filter(state__in=OPEN).exclude(original=""))
        documents = [item for item in items if item.state == State.READ and item.recognised.get("enclosures")]
        for item in items:
            if "enclosed_in" in item.given or not may_be_attached(item.filename):
                continue
            naming = [(one, name) for one in documents if one.pk != item.pk and (name := named_by(one, item.filename))]
            if len(naming) != 1 or naming[0][0].enclosed_in_id is not None or item.recognised.get("enclosures"):
                continue
            document, name = naming[0]
            if (item.enclosed_in_id, item.enclosed_as) != (document.pk, name):
                item.note(enclosed_in=document, enclosed_as=name[:200])


def named_by(document: ImportItem, filename: str) -> str:
    """Return under which name ``document`` encloses a file called ``filename``: by its name, else by its number alone.

    "" when it does not.
    """
    names: list[str] = document.recognised.get("enclosures", [])
    stem = filename.rpartition(".")[0] or filename
    bare = _bare(stem)
    if bare:
        return next((name for name in names if _bare(name) == bare), "")
    leading = _LEADING.match(stem)
    number = leading["number"] if leading else ""
    place = int(number) if number.isdecimal() else _DIGITS.get(number, 1 if leading and len(names) == 1 else 0)
    return names[place - 1] if 0 < place <= len(names) else ""


def require_may_go_with(item: ImportItem, document: ImportItem | None) -> None:
    """Raise Refused unless ``item`` may become an attachment of the draft of ``document``, another of its batch."""
    if not may_be_attached(item.filename):
        raise Refused(_("“%(file)s”这种格式不能作为附件公开，请换成 PDF 等格式。") % {"file": item.filename})
    if document is None or document.batch_id != item.batch_id:
        raise Refused(_("“%(file)s”要附在后面的文稿不在这一批里，请重新选择。") % {"file": item.filename})
    if document.pk == item.pk or document.enclosed_in_id is not None or document.only_file:
        raise Refused(
            _("“%(document)s”自己就是附件，不能再带附件，请选正文那份文件。") % {"document": document.filename}
        )
    if document.state not in (*OPEN, State.WAITING, State.RUNNING):
        raise Refused(_("“%(document)s”已经建稿，请在草稿里添加附件。") % {"document": document.filename})
    if ImportItem.objects.filter(enclosed_in=item).exists():
        raise Refused(_("“%(file)s”自己带着附件，不能作为附件；请先把它们改为别的去处。") % {"file": item.filename})


def store_enclosed(item: ImportItem, uploader: User) -> list[tuple[ImportItem, SiteDocument]]:
    """Store the originals that go along with ``item`` as attachments of the site; return them with their new rows."""
    stored: list[tuple[ImportItem, SiteDocument]] = []
    for part in item.enclosed.filter(state__in=OPEN).exclude(original="").order_by("pk"):
        with part.original.storage.open(str(part.original.name), "rb") as original:
            title = part.enclosed_as or Path(part.filename).stem
            stored.append(
                (
                    part,
                    SiteDocument.objects.create(
                        title=title[:255], file=File(original, name=part.filename), uploaded_by_user=uploader
                    ),
                )
            )
    return stored


def link_enclosed(page: ContentPage, enclosed: Sequence[tuple[str, SiteDocument]]) -> None:
    """Have the lines of ``page`` that name an attachment lead to it; the others stand at the end as attachments.

    ``enclosed``: (the name in the text, "" for none, and the file).
    """
    if not enclosed:
        return
    stream: list[dict[str, Any]] = page.body.get_prep_value()
    for name, file in enclosed:
        if not (name and any(_link_in(block, name, file) for block in stream if block["type"] == "rich_text")):
            value = {"document": file.pk, "title": (name or file.title)[:200]}
            stream.append({"type": "attachment", "value": value, "id": str(uuid4())})
    page.body = stream


def _link_in(block: dict[str, Any], name: str, file: SiteDocument) -> bool:
    html, written = str(block["value"]), escape(name, quote=False)
    for place in _PLACE.finditer(html):
        before, found, after = place[0].partition(written)
        if found and "<a " not in before.rpartition("</a>")[2]:
            linked = f'{before}<a linktype="document" id="{file.pk}">{found}</a>{after}'
            block["value"] = html[: place.start()] + linked + html[place.end() :]
            return True
    return False


def _bare(name: str) -> str:
    """Return a name without 附件1, its number and all marks, to compare it by."""
    return _MARKS.sub("", squeeze(_SERIAL.sub("", _LEADING.sub("", name))))
