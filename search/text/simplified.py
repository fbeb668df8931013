"""Traditional characters and words, by OpenCC (deploy/decisions/048-search.md)."""

from functools import cache

from opencc import OpenCC

#: Where characters of Chinese stand.
_BLOCKS = ((0x3400, 0xA000), (0x20000, 0x323B0))
#: What OpenCC leaves as it is because both forms are simplified, each in other words; for finding they are the same.
_LEFT = dict(zip("著瞭麼藉覆祇衹沈妳徵乾夥菸", "着了么借复只只沉你征干伙烟", strict=True))


def simplified_characters() -> dict[str, str]:
    """Return traditional -> simplified for every single character that differs, about five thousand."""
    characters = [chr(code) for first, end in _BLOCKS for code in range(first, end)]
    simple = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {one: other for one, other in zip(characters, simple, strict=True) if one != other and len(other) == 1}
    return table | _LEFT


def mainland_words(text: str) -> str:
    """Return ``text`` with the words of Taiwan replaced by those of the mainland: 資訊 -> 信息, 網路 -> 网络."""
    return _taiwan().convert(text)


@cache
def _taiwan() -> OpenCC:
    return OpenCC("tw2sp")
