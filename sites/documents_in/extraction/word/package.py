"""The package that a .docx is (Open Packaging Conventions): its parts, which of them is the document, and relations."""

import posixpath
import zipfile
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from govplatform.untrusted_files.faults import FileFault
from govplatform.untrusted_files.xml_limits import limited_tree
from govplatform.untrusted_files.zip_limits import Total, open_member, open_zip
from sites.documents_in.extraction.limits import ExtractionLimits
from sites.documents_in.extraction.word.names import attribute, children, name_of

_USUAL = "word/document.xml"
_MAIN_TYPES = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")


@dataclass(frozen=True)
class Relation:
    """One relationship of a part. kind: the last word of its type, such as "image"; target: a part or an address."""

    kind: str
    target: str
    external: bool


class Package:
    """An opened package. Names of parts are compared without regard to case, as the convention says.

    main: the name of the document's part, "" if the package has none. damaged: parts that could not be read.
    """

    def __init__(self, source: Any, limits: ExtractionLimits) -> None:
        """Open a package; source: a path or a binary file. Raises FileFault."""
        self._archive: zipfile.ZipFile = open_zip(source)
        self._limits = limits
        self._spend = Total(limits.archive_bytes)
        self._members = {_key(member.filename): member for member in self._archive.infolist()}
        self._trees: dict[str, Any] = {}
        self._relations: dict[str, dict[str, Relation]] = {}
        self.damaged: list[str] = []
        self.main = self._find_main()

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    def has(self, part: str) -> bool:
        """Say whether the package has this part."""
        return _key(part) in self._members

    def read(self, part: str, most: int) -> bytes:
        """Return the bytes of a part, at most one more than `most`; none of a part that is missing or damaged."""
        member = self._members.get(_key(part))
        if member is None:
            return b""
        try:
            stream = self._open(member)
            data = b""
            while len(data) <= most and (piece := stream.read()):
                data += piece
            return data
        except FileFault as fault:
            self._note(part, fault)
            return b""

    def tree(self, part: str) -> Any:
        """Return the root element of an XML part; None for a part that is missing or damaged.

        Raises FileFault for one that breaks a limit or declares entities.
        """
        key = _key(part)
        if key not in self._trees:
            self._trees[key] = self._parse(part)
        return self._trees[key]

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relationships of a part by their ids; part "" stands for the package."""
        if part not in self._relations:
            folder, name = posixpath.split(part)
            root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
            self._relations[part] = {
                attribute(node, "Id"): _relation(node, folder)
                for node in (() if root is None else root)
                if name_of(node) == "pr:Relationship"
            }
        return self._relations[part]

    def related(self, part: str, kind: str) -> list[str]:
        """Return the names of the parts that a part has relationships of this kind to, and that exist."""
        return [
            relation.target
            for relation in self.relations(part).values()
            if relation.kind == kind and not relation.external and self.has(relation.target)
        ]

    def related_tree(self, part: str, kind: str) -> Any:
        """Return the root of the first part in a relationship of this kind, None without one."""
        return next((self.tree(name) for name in self.related(part, kind)), None)

    def parts(self) -> list[str]:
        """Return the names of all parts, in lower case."""
        return list(self._members)

    def content_type(self, part: str) -> str:
        """Return the content type that the package declares of a part, in lower case, "" for none."""
        root = self.tree("[Content_Types].xml")
        if root is None:
            return ""
        for node in children(root, "ct:Override"):
            if _key(attribute(node, "PartName")) == _key(part):
                return attribute(node, "ContentType").lower()
        extension = part.rpartition(".")[2].lower()
        for node in children(root, "ct:Default"):
            if attribute(node, "Extension").lower() == extension:
                return attribute(node, "ContentType").lower()
        return ""

    def _find_main(self) -> str:
        for name in self.related("", "officeDocument"):
            return name
        root = self.tree("[Content_Types].xml")
        for node in children(root, "ct:Override") if root is not None else ():
            name = attribute(node, "PartName").lstrip("/")
            if attribute(node, "ContentType").lower().endswith(_MAIN_TYPES) and self.has(name):
                return name
        return _USUAL if self.has(_USUAL) else ""

    def _parse(self, part: str) -> Any:
        member = self._members.get(_key(part))
        if member is None:
            return None
        try:
            stream = self._open(member)
            return limited_tree(stream, self._limits.xml_depth)
        except FileFault as fault:
            self._note(part, fault)
            return None

    def _open(self, member: zipfile.ZipInfo) -> Any:
        return open_member(self._archive, member, self._limits.zip_limits(), self._spend)

    def _note(self, part: str, fault: FileFault) -> None:
        """Note a damaged part; a fault of another kind is no damage, and is raised."""
        if fault.kind != "broken":
            raise fault
        if part not in self.damaged:
            self.damaged.append(part)


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _relation(node: Any, folder: str) -> Relation:
    external = attribute(node, "TargetMode") == "External"
    target = attribute(node, "Target")
    if not external:
        base = "" if target.startswith("/") else folder
        target = posixpath.normpath(posixpath.join(base, target.lstrip("/"))) if target else ""
    return Relation(attribute(node, "Type").rpartition("/")[2], target, external)
