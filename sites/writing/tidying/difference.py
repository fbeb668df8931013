"""The difference of two texts as pieces, for an editor who is to see it before it is done."""

from difflib import SequenceMatcher

#: ["=", text] stays, ["-", text] goes, ["+", text] comes.
Piece = list[str]
_LONGEST = 4000


def pieces_of(before: str, after: str) -> list[Piece]:
    """Return what stays, goes and comes, in order, character by character."""
    if max(len(before), len(after)) > _LONGEST:
        return [["-", before], ["+", after]]
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(["=", before[a:b]])
            continue
        if a < b:
            pieces.append(["-", before[a:b]])
        if c < d:
            pieces.append(["+", after[c:d]])
    return pieces
