"""The second reading of a Word document: the runs of its paragraphs in the order of the XML, and nothing else."""

from typing import Any

from sites.documents_in.extraction.second_reading import Passage, numbered
from sites.documents_in.extraction.word.names import attribute, children, descendants, name_of, text_in

#: What is no text of the document as it stands: removed by a revision, or the same once more for older programs.
_PASSED_OVER = frozenset({"w:del", "w:moveFrom", "w:sdtPr", "w:rPr", "w:pPr"})
_SIGNS = {"w:tab": " ", "w:br": " ", "w:cr": " ", "w:noBreakHyphen": "-"}
_NOTES = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}


def read_word_again(bodies: list[Any], notes: dict[str, Any]) -> list[Passage]:
    """Return the paragraphs of a document and the notes it refers to. notes: "footnote", "endnote" to their trees."""
    texts: list[list[str]] = []
    referred: list[tuple[str, str]] = []
    for body in bodies:
        _read(body, texts, [], referred)
    paragraphs = numbered("paragraph", ["".join(pieces) for pieces in texts])
    noted: list[str] = []
    by_identity = {
        (kind, attribute(note, "w:id")): note
        for kind, tree in notes.items()
        if tree is not None
        for note in children(tree, f"w:{kind}")
    }
    for reference in dict.fromkeys(referred):
        if reference in by_identity:
            pieces: list[list[str]] = []
            _read(by_identity[reference], pieces, [], [])
            noted.append(" ".join("".join(piece) for piece in pieces))
    return paragraphs + numbered("note", noted)


def _read(node: Any, texts: list[list[str]], line: list[str], referred: list[tuple[str, str]]) -> None:
    """Put the text below a node into ``line``, its paragraph's; paragraphs begin lines of their own in ``texts``."""
    chosen = False
    for inner in node:
        name = name_of(inner)
        if name == "mc:Choice":
            # One of several is shown; the fallback is the same once more for programs that know none of them.
            if not chosen and (text_in(inner).strip() or next(descendants(inner, "a:blip"), None) is not None):
                _read(inner, texts, line, referred)
                chosen = True
        elif name in ("w:t", "m:t"):
            line.append(inner.text or "")
        elif name in _SIGNS:
            line.append(_SIGNS[name])
        elif name in _NOTES:
            referred.append((_NOTES[name], attribute(inner, "w:id")))
        elif name == "w:p":
            own: list[str] = []
            texts.append(own)
            _read(inner, texts, own, referred)
        elif name not in _PASSED_OVER and len(inner) and not (name == "mc:Fallback" and chosen):
            _read(inner, texts, line, referred)
