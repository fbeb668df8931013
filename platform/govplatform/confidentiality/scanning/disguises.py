"""Undoes disguises of numbers and words: unseen characters, digits of other scripts, radicals, odd separators.

A text is read as it stands first; where such a disguise is met, it is read a second time without it.
"""

import re
import unicodedata
from functools import cache

from govplatform.untrusted_files.characters import (
    LOOKALIKES,
    UNSEEN,
    UNSEEN_BEYOND,
    fold_characters,
    is_beyond_basic_plane,
)

from .pieces import Piece
from .stretches import Stretches, find_in, near_codes

_HIDDEN = re.compile(f"[{UNSEEN}{UNSEEN_BEYOND}]")

_WORDS = {
    **dict(zip("〇一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("零壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("○壱貳參叄肆伍陸柒〡〢〣〤〥〦〧〨〩", "012334567123456789", strict=True)),
    **dict(zip("OoОоlI", "000011", strict=True)),
}
#: Letters and signs that are drawn like the check character X.
_LIKE_X = "ХхΧχⅩⅹ×✕✖╳"


@cache
def _digits() -> dict[str, str]:
    """Every character that stands for one decimal digit, but the ten themselves."""
    found = dict(_WORDS)
    for code in range(0x80, 0x20000):
        character = chr(code)
        value = unicodedata.digit(character, None)
        if value is None and unicodedata.category(character) == "No":
            numeric = unicodedata.numeric(character, None)
            value = int(numeric) if numeric is not None and numeric in range(10) else None
        if value is not None and not 0xFF10 <= code <= 0xFF19:
            found[character] = str(value)
    return found


@cache
def _odd_run(*, far: bool) -> re.Pattern[str]:
    """Eleven digits or more of any script, with a blank between them or none.

    Not ``far``: of the basic plane, where a class of characters is one look at a table, and without letters.
    """
    every = re.escape("".join([digit for digit in _digits() if far or "z" < digit < "\U00010000"]))
    return re.compile(f"[0-9{every}](?:[ \\t\u3000]?[0-9{every}]){{10,}}[{_LIKE_X}]?")


@cache
def _odd_in_run() -> re.Pattern[str]:
    """The first odd digit of such a run: five digits stand behind it, or six before."""
    every = re.escape("".join([digit for digit in _digits() if "z" < digit < "\U00010000"]))
    return re.compile(f"[{every}](?:(?:[ \\t\u3000]?[0-9{every}]){{5}}|(?<=[0-9 \\t\u3000]{{6}}.))")


@cache
def _any_odd() -> re.Pattern[str]:
    """Where folding, ``_is_hidden``, ``_has_odd_run`` or ``_lettered`` would stop: one search in place of four."""
    every = re.escape("".join([digit for digit in _digits() if "z" < digit < "\U00010000"]))
    return re.compile(
        f"[{every}{LOOKALIKES}{UNSEEN}{_LIKE_X}OolI](?:"
        f"(?<=[{LOOKALIKES}{UNSEEN}{_LIKE_X}])"
        "|(?<=[OolI])(?:(?=[0-9OolI]{8})|(?<=[0-9OolI]{10}))"
        f"|(?<=[{every}])(?:(?:[ \\t\u3000]?[0-9{every}]){{5}}|(?<=[0-9 \\t\u3000]{{6}}.)))"
    )


# Each begins with one class of characters that is rare in a text, which the search is quick for.
_HIDDEN_NEAR = re.compile(f"[{UNSEEN}]")
_HIDDEN_OR_X = re.compile(f"[{UNSEEN}{_LIKE_X}]")
_ODD_X = re.compile(f"[{_LIKE_X}](?<=[0-9].)(?![0-9A-Za-z])")
#: Letters in the place of naughts and ones.
_LETTERED = re.compile("[0-9OolI](?<![0-9A-Za-z].)[0-9OolI]{16}[0-9OolIXx](?![0-9A-Za-z])")
_SIGNS = "[ \\t\u3000.．_·・•‧∙/／,，、;；*|｜()（）:：~～+=<>\\[\\]【】\\-－–—]{1,8}"
#: A letter in such a run has eight of it behind itself or nine before.
_LETTER_IN_RUN = re.compile("[OolI](?:(?=[0-9OolI]{8})|(?<=[0-9OolI]{10}))")
#: The parts of an identity number or a telephone number with signs between them that no number is written with.
_PARTED = re.compile(
    "[0-9](?<![0-9].)(?:"
    f"[0-9]{{5}}{_SIGNS}[0-9]{{8}}(?:{_SIGNS})?[0-9]{{3}}[0-9Xx]"
    f"|[0-9]{{5}}{_SIGNS}[0-9]{{4}}{_SIGNS}[0-9]{{2}}{_SIGNS}[0-9]{{2}}{_SIGNS}[0-9]{{3}}[0-9Xx]"
    "|(?P<sign>[.．_·・•‧∙/／,，、;；*|｜~～+=]{1,3})(?:[0-9](?P=sign)){16}[0-9Xx]"
    "|(?<=1)[3-9][0-9][._·・•/][0-9]{4}[._·・•/][0-9]{4})(?![0-9])"
)
#: Blanks and dashes, few at a time, are read as part of a number anyway.
_UNUSUAL = re.compile("[^0-9Xx \\t\u3000\\-－–—]|[^0-9Xx]{5}")
_PARTED_MARK = re.compile("[绝絕絶机機秘祕][·.•・_\\-/|*~=+]{1,3}(?=密)")
_BEFORE_MARK = re.compile("密(?<=[·.•・_\\-/|*~=+].)")
#: Characters that stay when _PARTED and _PARTED_MARK have their signs removed.
_KEPT = frozenset("0123456789Xx绝絕絶机機秘祕")


def undisguised(piece: Piece, near: Stretches | None = None) -> tuple[Piece, list[int]] | None:
    """Return the piece as a reader would understand it, and for each of its characters the offset in the original.

    None when nothing is disguised. The list of offsets ends with the length of the original. Places and offsets that
    the new piece gives are those of the original. ``near``: the text's ``near_codes``, where they are known.
    """
    text = piece.text
    suspicious = _is_suspicious(text)
    folded = fold_characters(text) if suspicious else text
    if suspicious and _odd(folded):
        hidden = {match.start() for match in _HIDDEN.finditer(folded)}
        kept = [at for at in range(len(folded)) if at not in hidden]
        shown = _HIDDEN.sub("", folded)
        far = is_beyond_basic_plane(folded) or _lettered(folded)
        shown = _odd_run(far=far).sub(_plain_digits, shown)
        shown = _ODD_X.sub("X", shown)
    else:
        kept, shown = list(range(len(text))) if folded != text else [], folded
    if _parted(shown, near if near and shown is text else near_codes(shown)):
        kept = kept or list(range(len(text)))
        out = sorted(at for pattern in (_PARTED, _PARTED_MARK) for at in _signs_of(pattern, shown))
        gone = set(out)
        left = [at for at in range(len(shown)) if at not in gone]
        kept, shown = [kept[at] for at in left], "".join([shown[at] for at in left])
    if shown == text:
        return None
    kept.append(len(text))
    plain = Piece(shown, piece.where, lambda at: piece.place(kept[at]), piece.hidden, piece.table, piece.header)
    return plain, kept


def _is_suspicious(text: str) -> bool:
    return text.isascii() or is_beyond_basic_plane(text) or _any_odd().search(text) is not None


def _odd(text: str) -> bool:
    if text.isascii():
        return _lettered(text)
    return is_beyond_basic_plane(text) or _is_hidden(text) or _has_odd_run(text) or _lettered(text)


def _is_hidden(text: str) -> bool:
    return _HIDDEN_OR_X.search(text) is not None and bool(_HIDDEN_NEAR.search(text) or _ODD_X.search(text))


def _has_odd_run(text: str) -> bool:
    return _odd_in_run().search(text) is not None and any(
        not run[0].replace("\u3000", "").isascii() for run in _odd_run(far=False).finditer(text)
    )


def _lettered(text: str) -> bool:
    return _LETTER_IN_RUN.search(text) is not None and any(
        not run[0][:17].isdecimal() for run in _LETTERED.finditer(text)
    )


def _parted(text: str, near: Stretches) -> bool:
    unusual = any(_UNUSUAL.search(run[0]) for run in find_in(text, _PARTED, near))
    return unusual or (_BEFORE_MARK.search(text) is not None and _PARTED_MARK.search(text) is not None)


def _signs_of(pattern: re.Pattern[str], text: str) -> list[int]:
    return [at for match in pattern.finditer(text) for at in range(match.start(), match.end()) if text[at] not in _KEPT]


def _plain_digits(run: re.Match[str]) -> str:
    table = _digits()
    return "".join([table.get(character, character) for character in run[0]])
