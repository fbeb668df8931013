"""The footnotes and endnotes of a Word document: their marks in the text, and their texts behind it."""

from dataclasses import dataclass, field
from typing import Any

from sites.documents_in.extraction.word.names import attribute, child, children, is_set, number, value
from sites.documents_in.extraction.word.number_formats import format_number

_DEFAULT_FORMATS = {"footnote": "decimal", "endnote": "lowerRoman"}


@dataclass
class Notes:
    """The notes in the order of their marks. roots: of the parts with notes, by kind; settings: a root or None."""

    roots: dict[str, Any]
    settings: Any
    found: list[tuple[str, Any]] = field(default_factory=list)
    _notes: dict[tuple[str, str], Any] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind, root in self.roots.items():
            for node in children(root, f"w:{kind}") if root is not None else ():
                if attribute(node, "w:type", "normal") == "normal":
                    self._notes.setdefault((kind, attribute(node, "w:id")), node)

    def mark(self, name: str, reference: Any) -> str:
        """Return the mark of a note in the text and remember the note; "" for one with a mark of its own or no text.

        name: w:footnoteReference or w:endnoteReference.
        """
        kind = name.removeprefix("w:").removesuffix("Reference")
        identity = attribute(reference, "w:id")
        if (kind, identity) in self._seen:
            return self._seen[kind, identity]
        note = self._notes.get((kind, identity))
        if note is None:
            return ""
        own = is_set(reference, "w:customMarkFollows")
        mark = "" if own else self._next(kind)
        self._seen[kind, identity] = mark
        self.found.append((mark, note))
        return mark

    def _next(self, kind: str) -> str:
        properties = child(self.settings, f"w:{kind}Pr")
        count = self._counts.get(kind, number(value(properties, "w:numStart"), 1) - 1) + 1
        self._counts[kind] = count
        form = value(properties, "w:numFmt") or _DEFAULT_FORMATS[kind]
        text = format_number(form, count) or str(count)
        return f"[{text}]" if text.isascii() else text
