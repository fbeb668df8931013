"""Which Latin letters may stand on a screen of the console, and why. Whatever else is met is a bug.

Three ways out, all short: a word of the list below; what is no word but an address, a file or a number; and what a
person copies or types exactly, which stands in ``<code>`` or ``<kbd>``. Digests and identifiers of machines are met in
none of them but behind a ``<details>`` that nobody opened.
"""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

#: Why -> the words.
WORDS = {
    "kinds of files, as everybody calls them": (
        "Word Excel PDF CSV XLSX XLS DOCX HTML TXT ZIP XML JSON WARC WACZ GIF JPG JPEG PNG WEBP AVIF SVG OFD MP3 MP4"
    ),
    "units": "KB MB GB",
    "names of encodings, standards and techniques that have no other": "UTF-8 GB18030 GBK BIG5 DA T GS TOTP CSS Cookie",
    "a registration of the state, so called in every regulation": "ICP",
    "a language by its own name, for who reads no Chinese": "English",
    "as Chinese itself writes it": "AI",
    "keys, as keyboards are labelled": "Ctrl Shift Alt",
}
_WORDS = frozenset(word for words in WORDS.values() for word in words.split())
#: No words: addresses, hosts, paths, mail, files, archives and endings, numbers with letters, cells of a grid, keys.
_NO_WORD = re.compile(
    r"""https?://\S+
    | [\w-]+@[\w.-]+
    | (?<![\w/])/[\w%./?=&-]*
    | \blocalhost\b
    | [\w-]+(?:\.[\w-]+)*\.(?:localhost|example|cn)\b(?::\d+)?[\w/.?=&%-]*
    | [\w%.-]+\.(?:csv|docx?|gz|html?|jpe?g|json|md|mp[34]|ofd|pdf|png|svg|txt|warc|xlsx?|zip|asp|xml)\b
    | \.(?:csv|docx?|gz|html?|jpe?g|ofd|pdf|png|pptx?|tar|txt|wacz|warc|wps|xlsx?|zip)\b
    | [A-Za-z]{0,2}\d{6,}/\d{4}-\d+
    | \b[a-z][a-z0-9-]*-\d{14}\b
    | (?<=[“”！!])[A-Z]{1,3}\d+
    | \b\d+(?:x\d+|G)\b
    | [\d*]+X\b
    | \b(?:Ctrl|Shift|Alt)\s*\+\s*\w+
    """,
    re.VERBOSE | re.ASCII,
)
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_'-]*")
#: 16 hexadecimal figures and more, and identifiers of the form 8-4-4-4-12.
_MACHINES = re.compile(r"\b(?:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")


def latin_words(parts: Iterable[str]) -> list[str]:
    """The words among ``parts`` that should not be there."""
    text = _NO_WORD.sub(" ", " \n ".join(parts))
    return sorted({word for word in _WORD.findall(text) if word not in _WORDS})


def machine_words(parts: Iterable[str]) -> list[str]:
    """Digests and identifiers among ``parts``, wherever they stand."""
    return sorted(set(_MACHINES.findall(" \n ".join(parts))))


class Shown(HTMLParser):
    """What a page says: ``parts`` as words, ``codes`` in code; no folded details, no scripts, no fields."""

    SILENT = frozenset({"script", "style", "svg", "template", "noscript", "textarea", "iframe", "kbd"})
    SPOKEN = frozenset({"aria-label", "title", "placeholder", "alt", "data-label"})
    VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "source", "use"})

    def __init__(self, content: str) -> None:
        super().__init__()
        self._open: list[tuple[str, bool]] = []
        self.parts: list[str] = []
        self.codes: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        silent = tag in self.SILENT or "hidden" in given or (tag == "details" and "open" not in given)
        if tag not in self.VOID:
            self._open.append((tag, silent))
        if not silent and not self._is_silent():
            self.parts += [value or "" for name, value in attributes if name in self.SPOKEN]
            if tag == "input" and given.get("type") == "submit":
                self.parts.append(given.get("value") or "")

    def handle_endtag(self, tag):
        while any(name == tag for name, _silent in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data):
        if not self._is_silent():
            in_code = any(name == "code" for name, _silent in self._open)
            (self.codes if in_code else self.parts).append(data)

    def _is_silent(self):
        # A summary is read while its details are folded.
        names = [name for name, _silent in self._open]
        inside = self._open if "summary" not in names else [one for one in self._open if one[0] != "details"]
        return any(silent for _name, silent in inside)
