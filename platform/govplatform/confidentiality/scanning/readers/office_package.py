"""What all office files of the OOXML kind have: parts with types and relationships, properties, files inside."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from govplatform.sentences import gettext_noop
from govplatform.untrusted_files.xml_limits import set_free
from govplatform.untrusted_files.zip_limits import BoundedReader, check_names

from .archives import Counted, open_again, open_archive, open_member, read_nested
from .context import Context, Items, ReadSource, Source
from .flow import Flow, piece
from .unreadable import Unreadable, faults_in_words, hidden_content, unreadable
from .xml_parts import local, xml_events, xml_text

#: Parts without words of people: how things look, and what refers to what.
_SILENT = (
    "styles", "stylesWithEffects", "theme", "fontTable", "webSettings", "numbering", "tableStyles", "presProps",
    "viewProps", "calcChain", "printerSettings", "colors", "quickStyle", "layout", "drawing1", "rdRichValueTypes",
)  # fmt: skip
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".emf", ".wmf", ".wdp", ".svg")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part.

    ``kind``: last word of its type; ``target``: a part, or an address when ``external``.
    """

    id: str
    kind: str
    target: str
    external: bool


class Package:
    """The parts of one office file; ``read``: names of those that were opened, so that none is forgotten.

    Raises Unreadable for a damaged archive and for one with two parts of one name.
    """

    def __init__(self, source: Source, context: Context) -> None:
        self.context = context
        self.archive = open_archive(source, context)
        with faults_in_words():
            check_names(self.archive.infolist())
        self.infos = {info.filename.lstrip("/"): info for info in self.archive.infolist() if not info.is_dir()}
        self._by_lower = {name.lower(): name for name in self.infos}
        self.read: set[str] = set()
        #: Those of which every text was taken, and every attribute that is SPEAKING.
        self.read_whole: set[str] = set()
        self.types, self.defaults = self._content_types()

    def find(self, name: str) -> str:
        """The name of a part as it stands in the archive, whatever its case; '' when there is none."""
        return self._by_lower.get(name.lower().lstrip("/"), "")

    def open(self, name: str) -> Counted:
        """Open a part and count it as read. Raises Unreadable."""
        self.read.add(name)
        return open_member(self.archive, self.infos[name], self.context)

    def open_again(self, name: str) -> BoundedReader:
        """Open a part that was read before. Raises Unreadable."""
        return open_again(self.archive, self.infos[name], self.context)

    def of_type(self, *endings: str) -> list[str]:
        """The names of parts whose content type ends so, part 2 before part 10."""
        names = [name for name in self.infos if self.content_type(name).endswith(endings)]
        return sorted(names, key=lambda name: (len(name), name))

    def content_type(self, name: str) -> str:
        """The content type of a part, '' for an unknown one."""
        return self.types.get(name.lower()) or self.defaults.get(name.rpartition(".")[2].lower(), "")

    def relations(self, part: str) -> list[Relation]:
        """The relationships of a part; '' stands for the package itself."""
        folder, base = posixpath.split(part)
        name = self.find(posixpath.join(folder, "_rels", f"{base}.rels"))
        if not name:
            return []
        found = []
        for _event, element in xml_events(self.open(name)):
            if local(element) == "Relationship":
                target, external = element.get("Target", ""), element.get("TargetMode") == "External"
                if not external:
                    joined = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                    target = self.find(posixpath.normpath(joined)) or joined
                kind = element.get("Type", "").rpartition("/")[2]
                found.append(Relation(element.get("Id", ""), kind, target, external))
        return found

    def related(self, part: str, *kinds: str) -> list[str]:
        """The names of existing parts to which ``part`` has a relationship of one of ``kinds``."""
        return [
            relation.target
            for relation in self.relations(part)
            if relation.kind in kinds and not relation.external and relation.target in self.infos
        ]

    def main_part(self, *endings: str) -> str:
        """The name of the document's main part, by the package's relationships, else by its type. Raises Unreadable."""
        for name in self.related("", "officeDocument"):
            return name
        for name in self.of_type(*endings):
            return name
        raise Unreadable(gettext_noop("文件缺少正文部分，无法检查。请用原软件打开，另存一份后重新上传。"))

    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        types: dict[str, str] = {}
        defaults: dict[str, str] = {}
        name = self.find("[Content_Types].xml")
        if name:
            for _event, element in xml_events(self.open(name)):
                if local(element) == "Override":
                    types[element.get("PartName", "").lstrip("/").lower()] = element.get("ContentType", "")
                elif local(element) == "Default":
                    defaults[element.get("Extension", "").lower()] = element.get("ContentType", "")
        return types, defaults


def guarded_part(package: Package, name: str, items: Items) -> Items:
    """Pass on the items of one part; one that cannot be read becomes a finding, so that the others are still read."""
    try:
        yield from items
    except Unreadable as problem:
        if type(problem) is not Unreadable:
            raise
        yield unreadable(package.context.place(f"part {name}"), problem.message, problem.severity)


def read_properties(package: Package) -> Items:
    """Read the core, extended and custom properties, one line each."""
    names = package.related("", "core-properties", "extended-properties", "custom-properties")
    names += [name for name in package.infos if name.lower().startswith("docprops/") and name.endswith(".xml")]
    lines: list[str] = []
    for name in dict.fromkeys(names):
        holder = ""
        package.read_whole.add(name)
        for event, element in xml_events(package.open(name), ("start", "end")):
            if event == "start":
                if local(element) == "property":
                    holder = element.get("name", "")
                continue
            text = (element.text or "").strip()
            if text:
                lines.append(f"{holder or local(element)}: {text}")
            if local(element) == "property":
                holder = ""
            set_free(element)
    yield from piece(package.context, "document properties", "\n".join(lines), hidden=True)


def read_links(package: Package) -> Items:
    """Read the addresses outside of the file: links, templates, linked pictures."""
    targets: dict[str, None] = {}
    for name in [name for name in package.infos if name.endswith(".rels")]:
        folder, base = posixpath.split(name)
        part = posixpath.join(posixpath.dirname(folder), base[: -len(".rels")])
        targets.update((relation.target, None) for relation in package.relations(part) if relation.external)
    yield from piece(package.context, "link", "\n".join(targets), hidden=True)


def read_embedded(package: Package, read_source: ReadSource) -> Items:
    """Read the files inside of the file: pictures, office files, packages, whatever is not its own XML."""
    for name in package.infos:
        if name in package.read or name.endswith((".xml", ".rels", ".vml")):
            continue
        base = posixpath.basename(name)
        if base.startswith("printerSettings") or base == "vbaProject.bin" or name.startswith("[trash]"):
            continue
        package.read.add(name)
        if base.lower().endswith((".odttf", ".fntdata", ".ttf", ".wmf", ".emf", ".wdp")):
            continue
        yield from guarded_part(package, name, _read_one(package, name, base, read_source))


def _read_one(package: Package, name: str, base: str, read_source: ReadSource) -> Items:
    inner = package.context.attachment(base)
    if not base.lower().endswith(_PICTURES):
        yield hidden_content(inner.path, gettext_noop("文件内嵌入了其他文件，请核对后删除。"))
    yield from read_nested(package.open(name), base, inner, read_source)


def read_rest(package: Package) -> Items:
    """Read the XML that was not opened so far: charts, diagrams, caches, custom data. Call last."""
    for name in list(package.infos):
        if name in package.read or not name.endswith((".xml", ".vml")) or _is_silent(name):
            continue
        yield from guarded_part(package, name, _read_part(package, name))


def _is_silent(name: str) -> bool:
    stem = posixpath.basename(name).rpartition(".")[0]
    return stem.rstrip("0123456789") in _SILENT or stem in _SILENT or "itemProps" in stem


def _read_part(package: Package, name: str) -> Items:
    flow = Flow(package.context, f"part {name}", hidden=True)
    last = ""
    package.read_whole.add(name)
    for text in xml_text(package.open(name)):
        if text != last:
            flow.add(text)
            yield from flow.full()
        last = text
    yield from flow.finish()


def part_text(package: Package, name: str, blocks: frozenset[str]) -> Iterator[str]:
    """Yield the text of a part in stretches, with a line end behind each element named in ``blocks``."""
    return xml_text(package.open(name), attributes=False, blocks=blocks)
