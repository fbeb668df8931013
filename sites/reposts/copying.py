"""Copying a resource into an ordinary draft of this site: text becomes blocks of the editor, files the site's own."""

from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from PIL import Image

from content_library.models import Resource, ResourceFile, ResourceVersion
from content_library.resources.blobs import open_blob
from content_library.vocabularies.words import value_in_words
from govplatform.accounts.models import User
from govplatform.refusals import Refused
from govplatform.untrusted_files.html import CLOSING_CLASSES
from sites.articles.models import Article
from sites.media.models import SiteDocument, SiteImage
from sites.pages.content_page import ContentPage
from sites.pages.table_block import spread
from sites.policies.models import PolicyDocument

from .markup import PUBLIC_FILES, clean

_HEADINGS = {"h2": "2", "h3": "3", "h4": "4"}
_LISTS = ("ul", "ol")
#: What a paragraph of the editor can hold (content_blocks.RICH_TEXT_FEATURES); strong and em become b and i.
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "sup": "sup", "sub": "sub"}
_LARGEST_PICTURE = 64_000_000


def build_copy(resource: Resource, version: ResourceVersion, *, mode: str, acting_user: User | None) -> ContentPage:
    """Return an unsaved Article, or PolicyDocument for a policy, with a copy of the version's text, metadata and files.

    The images and documents of the copy are saved as this site's own. Raises Refused when a file's type is not
    accepted on this site or an image cannot be read. ``mode`` is not used; a build function has it.
    """
    values: dict[str, Any] = version.metadata
    body = _Copier(version, acting_user).body()
    model: type[ContentPage] = PolicyDocument if resource.kind == Resource.Kind.POLICY else Article
    fields: dict[str, Any] = {"title": version.title, "body": body, "live": False, "source": _source(resource)}
    fields["copied_from"] = resource.uuid
    for name in ("summary", "author", "keywords", "audience"):
        fields[name] = _fitting(model, name, value_in_words(name, values.get(name)))
    fields["subject_class"] = str(values.get("subject_class") or "")[:4]
    if model is PolicyDocument:
        for name in ("document_number", "issued_by", "document_kind", "validity_note", "addressee", "signature"):
            fields[name] = _fitting(model, name, values.get(name))
        if values.get("validity"):
            fields["validity"] = values["validity"]
        fields["issued_on"] = parse_date(str(values.get("issued_on") or ""))
    return model(**fields)


def _source(resource: Resource) -> str:
    name = resource.tenant.full_name if resource.tenant is not None else ""
    return (name or resource.get_organisation_display() or resource.platform)[:100]


def _fitting(model: type[ContentPage], name: str, value: Any) -> str:
    limit: int | None = model._meta.get_field(name).max_length  # type: ignore[union-attr]
    return str(value or "")[:limit]


class _Copier:
    """The making of blocks from a version's cleaned HTML; whatever is no block of its own becomes a paragraph."""

    def __init__(self, version: ResourceVersion, acting_user: User | None) -> None:
        self.acting_user = acting_user
        self.blocks: list[dict[str, Any]] = []
        self.text = ""
        self._files: dict[tuple[str, str], ResourceFile] = {(f.blob_id, f.name): f for f in version.files.all()}
        self._images: dict[str, SiteImage] = {}
        self._documents: dict[str, SiteDocument] = {}
        html = clean(version.html, self._files.keys(), PUBLIC_FILES)
        self._soup = BeautifulSoup(html, "lxml")

    def body(self) -> list[dict[str, Any]]:
        """Return the blocks in the form that a StreamField takes: ``[{"type", "value"}]``."""
        self._walk(self._soup.body or self._soup)
        self._end_text()
        return self.blocks

    def _walk(self, parent: Any) -> None:
        for node in parent.children:
            if isinstance(node, NavigableString):
                if node.strip():
                    self.text += f"<p>{escape(node.strip(), quote=False)}</p>"
                continue
            name = node.name
            if name in _HEADINGS:
                self._add("heading", {"level": _HEADINGS[name], "text": node.get_text(" ", strip=True)[:200]})
            elif name == "table":
                self._table(node)
            elif name in ("figure", "picture", "img", "video", "audio"):
                self._figure(node)
            elif name == "hr":
                self.text += "<hr/>"
            elif name in _LISTS and node.find("img") is None:
                self.text += self._list(node)
            elif name == "p" and "attachment-block" in (node.get("class") or []):
                self._attachment(node)
            elif name == "p" and (closing := CLOSING_CLASSES & set(node.get("class") or [])):
                self.text += f'<p class="{min(closing)}">{self._inline(node).strip()}</p>'
            elif name in ("p", "summary", "blockquote", "a", "b", "i", "strong", "em", "span", "u", "sup", "sub"):
                if inner := self._inline(node).strip():
                    self.text += f"<p>{inner}</p>"
            else:
                self._walk(node)

    def _inline(self, node: Any) -> str:
        parts = []
        for child in node.children:
            if isinstance(child, NavigableString):
                parts.append(escape(str(child), quote=False))
            elif child.name == "br":
                parts.append("<br/>")
            elif child.name in _INLINE:
                tag = _INLINE[child.name]
                parts.append(f"<{tag}>{self._inline(child)}</{tag}>")
            elif child.name == "a":
                parts.append(self._link(child))
            elif child.name != "img":
                parts.append(self._inline(child))
        return "".join(parts)

    def _link(self, node: Tag) -> str:
        address, inner = str(node.get("href") or ""), self._inline(node)
        if address.startswith(PUBLIC_FILES):
            document = self._document(address, node.get_text(strip=True))
            return f'<a linktype="document" id="{document.pk}">{inner}</a>'
        return f'<a href="{escape(address)}">{inner}</a>' if address else inner

    def _list(self, node: Tag) -> str:
        items = "".join(
            f"<li>{self._inline(item)}</li>"
            for item in node.find_all("li", recursive=False)
            if item.get_text(strip=True)
        )
        return f"<{node.name}>{items}</{node.name}>" if items else ""

    def _table(self, node: Tag) -> None:
        cells = [
            [
                (cell.get_text(" ", strip=True)[:2000], _span(cell, "rowspan"), _span(cell, "colspan"))
                for cell in row.find_all(["td", "th"])
            ]
            for row in node.find_all("tr")
        ]
        rows, merged = spread([row for row in cells if row])
        if not rows:
            return
        aligned = [_alignment(cell) for cell in node.find_all("tr")[-1].find_all(["td", "th"])]
        caption = node.find("caption")
        self._add(
            "table",
            {
                "caption": caption.get_text(" ", strip=True)[:200] if caption is not None else "",
                "header_row": bool(node.find("th")),
                "rows": rows,
                "merged": merged,
                "alignment": aligned if any(aligned) and len(aligned) == len(rows[0]) else [],
            },
        )

    def _figure(self, node: Tag) -> None:
        picture = node if node.name == "img" else node.find("img")
        if isinstance(picture, Tag) and (address := str(picture.get("src") or "")).startswith(PUBLIC_FILES):
            alt = str(picture.get("alt") or "")[:200]
            caption = node.find("figcaption")
            words = caption.get_text(" ", strip=True)[:200] if isinstance(caption, Tag) else ""
            image = self._image(address, alt or words)
            self._add("image", {"image": image.pk, "caption": words, "alt": alt, "decorative": not alt})
        if isinstance(played := node.find(["video", "audio"]) or node, Tag) and played.name in ("video", "audio"):
            address = str(played.get("src") or "")
            if address.startswith(PUBLIC_FILES):
                self._add("attachment", {"document": self._document(address, "").pk, "title": ""})
        if node.name == "figure":
            for inner in node.find_all(["blockquote", "details"]):
                self._walk(inner)

    def _attachment(self, node: Tag) -> None:
        link = node.find("a")
        address = str(link.get("href") or "") if isinstance(link, Tag) else ""
        if isinstance(link, Tag) and address.startswith(PUBLIC_FILES):
            title = link.get_text(" ", strip=True)[:200]
            self._add("attachment", {"document": self._document(address, title).pk, "title": title})

    def _add(self, kind: str, value: dict[str, Any]) -> None:
        self._end_text()
        self.blocks.append({"type": kind, "value": value})

    def _end_text(self) -> None:
        if self.text:
            self.blocks.append({"type": "rich_text", "value": self.text})
            self.text = ""

    # --- files ---------------------------------------------------------------------------

    def _file(self, address: str) -> ResourceFile:
        sm3, name = address.removeprefix(PUBLIC_FILES).split("/", 1)
        return self._files[sm3, unquote(name)]

    def _document(self, address: str, title: str) -> SiteDocument:
        file = self._file(address)
        if (made := self._documents.get(file.blob_id)) is not None:
            return made
        if Path(file.name).suffix.lower().lstrip(".") not in settings.WAGTAILDOCS_EXTENSIONS:
            raise Refused(_("附件“%(name)s”的类型本站不收，不能复制。可以改用转载方式。") % {"name": file.name})
        with open_blob(file.blob_id) as stream:
            content = stream.read()
        document: SiteDocument = SiteDocument.objects.create(
            title=(file.title or title or file.name)[:255],
            file=ContentFile(content, name=file.name),
            uploaded_by_user=self.acting_user,
        )
        self._documents[file.blob_id] = document
        return document

    def _image(self, address: str, title: str) -> SiteImage:
        file = self._file(address)
        if (made := self._images.get(file.blob_id)) is not None:
            return made
        with open_blob(file.blob_id) as stream:
            content = stream.read()
        try:
            with Image.open(BytesIO(content)) as opened:
                if opened.width * opened.height > _LARGEST_PICTURE:
                    raise ValueError("too large")
        except (OSError, ValueError) as error:
            raise Refused(_("图片“%(name)s”无法读取，不能复制。可以改用转载方式。") % {"name": file.name}) from error
        name = (file.title or title or file.name)[:255]
        image: SiteImage = SiteImage.objects.create(
            title=name,
            description=title or name,
            file=ContentFile(content, name=file.name),
            map_number=file.map_number,
            uploaded_by_user=self.acting_user,
        )
        self._images[file.blob_id] = image
        return image


def _span(cell: Any, name: str) -> int:
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), 200) if value.isascii() and value.isdigit() else 1


def _alignment(cell: Any) -> str:
    return next((how for how in ("right", "center") if f"align-{how}" in (cell.get("class") or [])), "")
