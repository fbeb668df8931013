"""Characters that look like others, and characters that nobody sees.

Text out of a PDF or an old program may write 人 with the radical ⼈ or with a compatibility ideograph. People read the
same word; a search for it finds nothing.
"""

import re
import unicodedata
from functools import cache

#: Without width, or drawn over the character before: directions, joiners, variants, strokes, tags, fillers. As a class
#: of characters for a regular expression, of the basic plane; ``UNSEEN_BEYOND``: those beyond it.
UNSEEN = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u2800\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff9-\ufffb"
)
UNSEEN_BEYOND = "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
#: Those of them that no text needs, with the separators of lines: they only hide or reverse what is read. Accents,
#: strokes and variants are left out, since words of several languages are written with them.
NEEDLESS = "\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"

#: Radicals and compatibility ideographs of the basic plane. Of three ranges and more, without U+2E9A which is no
#: character, the class becomes one look at a table; of two it is compared with each, which takes twice as long.
LOOKALIKES = "\u2e80-\u2e99\u2e9b-\u2fdf\uf900-\ufaff"
_LOOKALIKE = re.compile(f"[{LOOKALIKES}]")
#: Radicals that compatibility normalisation (NFKC) leaves alone, each with the ideograph that it is drawn like:
#: EquivalentUnifiedIdeograph.txt of the Unicode Character Database, version 14.
_RADICALS = (
    ("⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐", "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢"),
    ("⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢", "𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺"),
    ("⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲", "灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒"),
    ("⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂", "㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤"),
    ("⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒", "覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸"),
    ("⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢", "长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马"),
    ("⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲", "骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀"),
)


@cache
def _table() -> dict[int, str]:
    table = {ord(radical): ideograph for row in _RADICALS for radical, ideograph in zip(*row, strict=True)}
    for first, last in ((0x2E80, 0x2FDF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)):
        for code in range(first, last + 1):
            plain = unicodedata.normalize("NFKC", chr(code))
            # The twelve ideographs among the compatibility ones that are no doubles of others stay as they are.
            if plain != chr(code):
                table[code] = plain
    return table


def fold_characters(text: str) -> str:
    """Replace each radical and compatibility ideograph in ``text`` with the ordinary ideograph that looks the same.

    One character for one, so offsets stay. Everything else (widths, ligatures, digits) is left as it is.
    """
    if text.isascii() or (_LOOKALIKE.search(text) is None and not is_beyond_basic_plane(text)):
        return text
    return text.translate(_table())


def is_beyond_basic_plane(text: str) -> bool:
    """Say whether a character takes two units of UTF-16. Much quicker than a search."""
    return len(text.encode("utf-16-le", "surrogatepass")) != 2 * len(text)
