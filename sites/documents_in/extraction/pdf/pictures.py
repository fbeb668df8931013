"""The pictures of a PDF."""

from typing import Any

import pypdf
from pypdf.generic import IndirectObject

from govplatform.sentences import gettext_noop, said
from sites.documents_in.extraction.element import Element, ReadFile, ReadImage
from sites.documents_in.extraction.limits import ExtractionLimits


def read_pictures(
    reader: pypdf.PdfReader, painted: set[int], result: ReadFile, limits: ExtractionLimits
) -> list[tuple[int, float, Element]]:
    """Return (page, top, element) of the pictures, each placed below its page's text and once only.

    painted: the pages, from 0, that paint pictures. A PDF does not say to which paragraph a picture belongs.
    """
    placed = []
    failed = left = size = 0
    seen: set[int | bytes] = set()
    for number in sorted(painted):
        try:
            page = reader.pages[number]
            names = list(page.images.keys())
        except Exception:
            # The library raises whatever a damaged object makes it stumble over.
            failed += 1
            continue
        for name in names:
            if len(result.images) >= limits.images or size > limits.images_total_bytes:
                left += 1
                continue
            try:
                # One picture on many pages is one object, and decoding takes long.
                key = _object_number(page, name)
                data = b"" if key and key in seen else page.images[name].data
            except Exception:
                failed += 1
                continue
            if not data or data in seen:
                continue
            seen |= {key, data} if key else {data}
            size += len(data)
            result.images.append(ReadImage(data))
            placed.append((number, 1e6, Element(kind="image", image=len(result.images) - 1)))
    if failed:
        result.warnings.append(said(gettext_noop("PDF 中有 %(failed)s 张图片无法读取，未导入。"), failed=failed))
    if left:
        result.warnings.append(
            said(gettext_noop("PDF 的图片过多，有 %(left)s 张未导入。请手工插入需要的图片。"), left=left)
        )
    return placed


def _object_number(page: pypdf.PageObject, name: str | list[str]) -> int:
    """Return the number of a picture's object; 0 when it has none, as pictures in the page itself."""
    holder: Any = page
    number = 0
    for part in [name] if isinstance(name, str) else name:
        resources = holder.get("/Resources")
        objects = resources.get_object().get("/XObject") if resources is not None else None
        if objects is None or part not in objects.get_object():
            return 0
        raw = objects.get_object().raw_get(part)
        number = raw.idnum if isinstance(raw, IndirectObject) else 0
        holder = raw.get_object()
    return number
