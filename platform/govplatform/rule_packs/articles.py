"""Articles as a person writes them: 《河北省政府网站管理办法》第三十四条.

What is not from a regulation says 平台约定. Several regulations stand one after the other, joined by ；.
"""

import re

#: The article of what no regulation states: a number or line of the platform's own.
PLATFORM = "平台约定"
#: A title in its marks, then what follows it (document number, article, point), in Chinese figures or with a
#: document number's year; Latin letters would be somebody's private shorthand.
_CITATION = re.compile(r"《[^《》A-Za-z]{4,60}》[^《》；A-Za-z]{0,50}")


def is_article(text: object) -> bool:
    """Whether ``text`` cites regulations so that a reader can look them up, or is PLATFORM."""
    if not isinstance(text, str):
        return False
    return text == PLATFORM or all(_CITATION.fullmatch(part) for part in text.split("；"))
