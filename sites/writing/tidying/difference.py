"""The difference that tidying makes as pieces, for an editor who is to see it before it is done."""

from difflib import SequenceMatcher

from .words import Tidied

#: ["=", text] stays, ["-", text] goes, ["+", text] comes.
Piece = list[str]
#: A change of more characters is told as a whole: comparing takes the longer, the more there is to compare.
_SHORT = 64


def pieces_of(before: str, tidied: Tidied) -> list[Piece]:
    """Return what stays, goes and comes, in order.

    Tidying knows where each character comes from. Comparing the texts without that took a minute for a paragraph of a
    thousand commas.
    """
    pieces: list[Piece] = []
    at, gone, come = 0, "", ""
    same: list[str] = []
    for letter, origin in zip(tidied.text, tidied.origins, strict=True):
        if origin >= at and before[origin] == letter:
            gone += before[at:origin]
            if gone or come:
                _end(pieces, same, gone, come)
                gone, come, same = "", "", []
            same.append(letter)
            at = origin + 1
            continue
        if origin >= at:
            gone += before[at : origin + 1]
            at = origin + 1
        come += letter
    _end(pieces, same, gone + before[at:], come)
    return pieces


def _end(pieces: list[Piece], same: list[str], gone: str, come: str) -> None:
    """Add what stays, and the change behind it."""
    if same:
        _add(pieces, "=", "".join(same))
    if max(len(gone), len(come)) > _SHORT:
        _add(pieces, "-", gone)
        _add(pieces, "+", come)
        return
    for kind, a, b, c, d in SequenceMatcher(None, gone, come, autojunk=False).get_opcodes():
        if kind == "equal":
            _add(pieces, "=", gone[a:b])
            continue
        _add(pieces, "-", gone[a:b])
        _add(pieces, "+", come[c:d])


def _add(pieces: list[Piece], kind: str, words: str) -> None:
    if not words:
        return
    if pieces and pieces[-1][0] == kind:
        pieces[-1][1] += words
    else:
        pieces.append([kind, words])
