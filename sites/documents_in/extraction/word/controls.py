"""The content controls of a Word document (17.5.2): form fields, of which some show another text than they hold."""

import re
from typing import Any

from sites.documents_in.extraction.word.names import attribute, child, children, descendants, is_on, name_of, value
from sites.documents_in.extraction.word.package import Package

_MOST_BINDINGS = 2000
_STEP = re.compile(r"(@?)(?:([\w.-]+):)?([\w.-]+)(?:\[(\d{1,4})\])?")
_MAPPING = re.compile(r"xmlns:([\w.-]+)\s*=\s*[\"']([^\"']*)[\"']")
#: Controls of several words, whose bound value is markup, or whose shown text is made from it.
_SHOWN_AS_THEY_ARE = ("w:richText", "w:date", "w:picture", "w:docPartObj", "w:docPartList", "w:group", "w:citation")
_PROPERTIES = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": "core-properties",
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": "extended-properties",
}


class Controls:
    """The content controls of one package, with the data that some are bound to."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._stores: dict[str, Any] | None = None
        self._found: dict[tuple[str, str, str], str] = {}

    def text(self, properties: Any) -> str | None:
        """Return the text that a control shows in place of its content; None where it shows its content."""
        if properties is None:
            return None
        box = child(properties, "w14:checkbox")
        if box is not None:
            checked = child(box, "w14:checked")
            return "☑" if checked is not None and is_on(checked, "w14:val") else "☐"
        if any(child(properties, name) is not None for name in _SHOWN_AS_THEY_ARE):
            return None
        bound = self._bound(properties)
        if not bound:
            return None
        for name in ("w:dropDownList", "w:comboBox"):
            choices = child(properties, name)
            for entry in children(choices, "w:listItem") if choices is not None else ():
                if attribute(entry, "w:value") == bound:
                    return attribute(entry, "w:displayText") or bound
        return bound

    def is_prompt(self, properties: Any) -> bool:
        """Say whether a control shows its prompt, since nobody has filled it in."""
        mark = child(properties, "w:showingPlcHdr")
        return mark is not None and is_on(mark)

    def is_contents(self, properties: Any) -> bool:
        """Say whether a control holds a table of contents."""
        gallery = value(properties, "w:docPartObj", "w:docPartGallery").lower()
        return gallery in ("table of contents", "目录")

    def _bound(self, properties: Any) -> str:
        """Return the text that the control is bound to in the package's data, "" for none."""
        binding = child(properties, "w:dataBinding")
        if binding is None:
            binding = child(properties, "w15:dataBinding")
        if binding is None:
            return ""
        store, mappings, path = (attribute(binding, name) for name in ("w:storeItemID", "w:prefixMappings", "w:xpath"))
        if (store, mappings, path) not in self._found:
            root = self._store(store.upper()) if len(self._found) < _MOST_BINDINGS else None
            self._found[store, mappings, path] = (
                find_text(root, path, dict(_MAPPING.findall(mappings))) if root is not None else ""
            )
        return self._found[store, mappings, path]

    def _store(self, identity: str) -> Any:
        if identity in _PROPERTIES:
            return self._package.related_tree("", _PROPERTIES[identity])
        if self._stores is None:
            self._stores = {}
            for part in self._package.related(self._package.main, "customXml"):
                described = self._package.related_tree(part, "customXmlProps")
                self._stores[attribute(described, "ds:itemID").upper()] = self._package.tree(part)
        return self._stores.get(identity)


def find_text(root: Any, path: str, mappings: dict[str, str]) -> str:
    """Return the text at the end of a path of names ("/a:form[1]/a:name[1]"), "" for any other kind of path.

    Word writes no other kind; a path of a stranger's file is never given to an XPath engine.
    """
    node = None
    for number, step in enumerate(part for part in path.split("/")[1:] if part not in ("", "text()")):
        found = _STEP.fullmatch(step)
        if found is None:
            return ""
        is_attribute, prefix, local, place = found.groups()
        if (prefix or "") not in mappings and prefix:
            return ""
        tag = f"{{{mappings[prefix]}}}{local}" if prefix else local
        if is_attribute:
            return str(node.get(tag, "")) if node is not None else ""
        if number == 0:
            node = root if root.tag == tag else None
        elif node is not None:
            same = [entry for entry in node if entry.tag == tag]
            index = int(place or 1) - 1
            node = same[index] if 0 <= index < len(same) else None
        if node is None:
            return ""
    return "" if node is None or len(node) else (node.text or "").strip()


def has_text(content: Any) -> bool:
    """Say whether there is any text inside an element."""
    return content is not None and any((node.text or "").strip() for node in descendants(content, "w:t"))


def contents_of(control: Any) -> list[Any]:
    """Return the children of a control's content."""
    return [node for part in control if name_of(part) == "w:sdtContent" for node in part]
