"""The recognition of a document in what a reader found, by the same steps for every format."""

from pathlib import Path

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.document import ExtractedDocument, ExtractedImage, LanguageVariant
from sites.documents_in.extraction.element import Element, ReadFile
from sites.documents_in.extraction.images import store_images
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.recognition.assembly import assemble
from sites.documents_in.extraction.recognition.closing import read_closing
from sites.documents_in.extraction.recognition.dates import clock_times, find_written
from sites.documents_in.extraction.recognition.duplicates import repeats_in
from sites.documents_in.extraction.recognition.front_matter import FrontMatter, is_addressee, read_front_matter
from sites.documents_in.extraction.recognition.furniture import furniture_warning, remove_furniture
from sites.documents_in.extraction.recognition.labels import LABELS, date_of, read_label_line
from sites.documents_in.extraction.recognition.numbering import order_warnings, read_numbering
from sites.documents_in.extraction.recognition.signature import issuing_body, read_signature
from sites.documents_in.extraction.recognition.ungluing import unglue
from sites.documents_in.extraction.refusal import ExtractionRefused
from sites.documents_in.extraction.spacing import squeeze

LABELLED_TAIL = 10
GLUED_HEADING = 40


def recognise(
    read: ReadFile, *, filename: str, image_folder: Path | None, limits: ExtractionLimits
) -> ExtractedDocument:
    """Recognise title, number, body, dates and structure of a document.

    filename: its stem is the title where none is found. Raises ExtractionRefused for an empty or too long document.
    """
    if not any(element.text for element in read.elements) and not read.images:
        raise ExtractionRefused(gettext_noop("文件中没有文字。请确认上传的是完整的文件。"))
    if sum(len(element.text) for element in read.elements) > limits.characters:
        raise ExtractionRefused(
            said(
                gettext_noop("文档超过 %(most)s 万字。请拆分成几份，或把全文作为附件上传。"),
                most=limits.characters // 10000,
            )
        )
    warnings = list(read.warnings)
    elements, notes = unglue(read.elements)
    warnings += notes
    elements, removed = remove_furniture(elements)
    warnings += furniture_warning(removed)
    front = read_front_matter(elements)
    warnings += front.warnings
    body = [element for index, element in enumerate(elements) if index not in front.consumed]
    body = _take_tail_labels(body, front, warnings)
    warnings += repeats_in(body)
    stored, notes = store_images(read.images, image_folder, limits)
    warnings += notes
    document = _document(front, body, read, filename=filename, warnings=warnings)
    document.images, numbers = _number_images(stored)
    closing = read_closing(body)
    document.remark, document.enclosures = closing.remark, closing.enclosures
    document.blocks = assemble(body, numbers, closing.kinds)
    if not document.blocks:
        warnings.append(gettext_noop("除标题外没有正文，请核对文件是否完整。"))
    texts = [element.text for element in body]
    warnings += order_warnings(texts)
    warnings += _glued_heading_warning(texts)
    document.language_variant = language_variant("".join(texts) + document.title)
    document.warnings = warnings
    document.second, document.put_in = read.second, [*read.put_in, *read.hints.values()]
    if read.hints:
        # A page says its title outside of the text that is read.
        document.put_in.append(document.title)
    document.left_out += [*read.left_out, *removed, *front.taken, *_told_of(front, document)]
    return document


def _told_of(front: FrontMatter, document: ExtractedDocument) -> list[str]:
    """Return the values that stand in fields of another form: days that the fields say, offices and sources.

    The rest of a value, and a day that a field does not say, are not excused.
    """
    told = [*front.labels.values()]
    told += [front.fields[name] for name in ("issued_by", "source") if name in front.fields]
    for field in ("issued_on", "published_on"):
        written = find_written(front.fields.get(field, ""))
        if written and date_of(written) == getattr(document, field):
            told += [written, *clock_times(front.fields[field])]
    for timestamp in front.timestamps:
        if date_of(timestamp) == document.published_on:
            told.append(timestamp)
    return told


def language_variant(text: str) -> LanguageVariant:
    """Return "hant" (traditional) when characters of Big5 only outnumber those of GB 2312 only, else "hans"."""
    simplified = traditional = 0
    for char in text[:20_000]:
        if "\u4e00" <= char <= "\u9fff":
            in_gb, in_big5 = _encodes(char, "gb2312"), _encodes(char, "big5")
            simplified += in_gb and not in_big5
            traditional += in_big5 and not in_gb
    return "hant" if traditional > simplified else "hans"


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _document(
    front: FrontMatter, body: list[Element], read: ReadFile, *, filename: str, warnings: list[str]
) -> ExtractedDocument:
    signature = read_signature(body)
    if signature.warning:
        warnings.append(signature.warning)
    title = _title(front.title, read.hints)
    if not title:
        title = Path(filename).stem
        read.put_in.append(title)
        warnings.append(gettext_noop("没有识别出标题，暂用文件名，请人工填写。"))
    issued_by, note = issuing_body(
        title=title,
        labelled=front.fields.get("issued_by", ""),
        signed=signature.offices,
        masthead=front.masthead_office,
    )
    if note:
        warnings.append(note)
    labelled_on = date_of(front.fields.get("issued_on", ""))
    if labelled_on and signature.signed_on and labelled_on != signature.signed_on:
        warnings.append(
            said(
                gettext_noop("成文日期（%(stated)s）与落款日期（%(signed)s）不一致，已取落款，请核对。"),
                stated=str(labelled_on),
                signed=str(signature.signed_on),
            )
        )
    first = next(iter(front.timestamps), "")
    published = front.fields.get("published_on") or first or read.hints.get("published_on", "")
    addressee = next((element.text for element in body[:4] if is_addressee(element.text)), "")
    return ExtractedDocument(
        title=title,
        document_number=front.document_number,
        issued_by=issued_by,
        issued_on=signature.signed_on or labelled_on,
        published_on=date_of(published),
        source=front.fields.get("source") or read.hints.get("source", ""),
        addressee=addressee.rstrip("：:"),
        signature=signature.offices,
        signed_on=signature.written,
        labels=front.labels,
        left_out=[signature.written] if signature.signed_on else [],
    )


def _title(found: str, hints: dict[str, str]) -> str:
    """Return the title of a document: what its text says, unless the page's own word on its article says more of it.

    The page's title is the last resort: sites write there what they like.
    """
    stated = hints.get("title", "")
    if stated and (not found or squeeze(found) in squeeze(stated) or squeeze(found) == squeeze(hints.get("site", ""))):
        return stated
    return found or hints.get("page_title", "")


def _take_tail_labels(body: list[Element], front: FrontMatter, warnings: list[str]) -> list[Element]:
    """Move lines like "来源：……" below the text into `front.fields`; return the other elements."""
    kept = []
    for index, element in enumerate(body):
        values = (
            read_label_line(element.text) if index >= len(body) - LABELLED_TAIL and element.kind == "paragraph" else {}
        )
        targets = {label: LABELS.get(label, "") for label in values}
        # A value for a field that has another one stays where it stands.
        told = any(front.fields.get(targets[label], value) != value for label, value in values.items() if value)
        prose = told or any(len(value) > 40 or "。" in value for value in values.values())
        if values and not prose and "来源" in "".join(values).replace("來", "来") and "" not in targets.values():
            for label, value in values.items():
                front.taken.append(label)
                if targets[label] == "-":
                    front.taken.append(value)
                elif value:
                    front.fields.setdefault(targets[label], value)
            warnings.append(said(gettext_noop("文末“%(line)s”已移入对应字段。"), line=element.text[:30]))
        else:
            kept.append(element)
    return kept


def _number_images(
    stored: list[ExtractedImage | None],
) -> tuple[list[ExtractedImage], dict[int, int]]:
    images: list[ExtractedImage] = []
    numbers: dict[int, int] = {}
    for index, image in enumerate(stored):
        if image is not None:
            numbers[index] = len(images)
            images.append(image)
    return images, numbers


def _glued_heading_warning(texts: list[str]) -> list[str]:
    """Return a warning that names sections whose heading and text seem to run together, which no rule can split."""
    suspects = []
    for text in texts:
        numbering = read_numbering(text)
        if numbering is None or numbering.kind != "ideographic" or len(numbering.rest) < 80:
            continue
        if len(numbering.rest.split("。")[0].split("：")[0]) > GLUED_HEADING:
            suspects.append(numbering.label)
    if not suspects:
        return []
    labels = "、".join(label.rstrip("、") for label in suspects)
    return [
        said(
            gettext_noop("有 %(count)s 节的小标题可能与正文连在一起（%(labels)s），未拆开，请人工分段。"),
            count=len(suspects),
            labels=labels,
        )
    ]
