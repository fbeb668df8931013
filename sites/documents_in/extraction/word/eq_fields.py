r"""The old formula fields of Word, such as "EQ \f(1,2)" or "EQ \o\ac(○,3)", as a line of text."""

import re
from dataclasses import dataclass

from sites.documents_in.extraction.word.number_formats import format_number

_FORMATTING = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s"]+)')
_COMMAND = re.compile(r"\\([a-zA-Z]+)([0-9]*)")
_TEN = "一二三四五六七八九十"
_CIRCLES = frozenset("○〇◯")
_DEEPEST = 20
_LONGEST = 4000


def read_eq(instruction: str) -> str:
    r"""Return a formula as text: 1/2, √x, ③; what stands above a word (a reading) goes in brackets behind it."""
    text = _FORMATTING.sub("", instruction[:_LONGEST]).strip()
    return _Reader(re.sub(r"^[eE][qQ]\s*", "", text)).read().strip()


@dataclass
class _Reader:
    text: str
    at: int = 0
    depth: int = 0

    def read(self, until: str = "") -> str:
        """Return the text up to one of the characters in `until` or the end; the reader stands before it then."""
        result = ""
        while self.at < len(self.text) and self.text[self.at] not in until:
            if self.text[self.at] == "\\":
                result += self._backslash()
            else:
                result += self.text[self.at]
                self.at += 1
        return result

    def _backslash(self) -> str:
        command = _COMMAND.match(self.text, self.at)
        if command is None:
            # An escaped comma, bracket or backslash.
            self.at += 2
            return self.text[self.at - 1 : self.at]
        name, options = command[1].lower(), ""
        self.at = command.end()
        while self.at < len(self.text) and self.text[self.at] in "\\ 0123456789":
            option = _COMMAND.match(self.text, self.at)
            if option is not None:
                options += "\\" + option[1].lower()
                self.at = option.end()
                if option[1].lower() in ("lc", "rc", "bc", "fc", "vc") and self.text[self.at : self.at + 1] == "\\":
                    self.at += 2
            else:
                self.at += 1
        if self.text[self.at : self.at + 1] != "(" or self.depth >= _DEEPEST:
            return ""
        return _joined(name, options, self._arguments())

    def _arguments(self) -> list[tuple[str, bool]]:
        """Return the arguments in brackets, each with whether it is set above its line."""
        found = []
        self.depth += 1
        while self.at < len(self.text) and self.text[self.at] != ")":
            self.at += 1
            raised = bool(re.match(r"\s*\\s\s*\\up", self.text[self.at : self.at + 20]))
            found.append((self._bracketed(), raised))
        self.at += 1
        self.depth -= 1
        return found

    def _bracketed(self) -> str:
        """Return one argument; brackets inside it belong to it."""
        result = self.read(",;()")
        while self.text[self.at : self.at + 1] == "(":
            self.at += 1
            self.depth += 1
            result += "(" + (self._balanced() if self.depth < _DEEPEST else "") + ")"
            self.depth -= 1
            result += self.read(",;()")
        return result

    def _balanced(self) -> str:
        result = self.read("()")
        while self.text[self.at : self.at + 1] == "(":
            self.at += 1
            result += "(" + self.read("()") + ")"
            self.at += 1
            result += self.read("()")
        self.at += 1
        return result


def _joined(name: str, options: str, arguments: list[tuple[str, bool]]) -> str:
    words = [text.strip() for text, _ in arguments]
    if name == "f" and len(words) == 2:
        return "/".join(_grouped(word) for word in words)
    if name == "r":
        return f"{words[0] if len(words) > 1 else ''}√{_grouped(words[-1])}" if words else ""
    if name == "o":
        raised = [text.strip() for text, above in arguments if above]
        base = "".join(text.strip() for text, above in arguments if not above)
        if raised and base:
            return f"{base}（{''.join(raised)}）"
        inner = "".join(word for word in words if word not in _CIRCLES)
        return circled(inner) if len(inner) < len("".join(words)) else inner
    if name == "i":
        lower, upper, rest = ([*words, "", "", ""])[:3]
        return f"∫({lower},{upper}){rest}" if lower or upper else f"∫{rest}"
    if name == "b":
        return f"({''.join(words)})" if "c" not in options else "".join(words)
    if name == "l":
        return ",".join(words)
    return " ".join(words) if name == "a" else "".join(words)


def circled(text: str) -> str:
    """Return a text in a circle: one of the circled characters, or the text in brackets."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else -1
    if 0 <= number <= 50:
        return format_number("decimalEnclosedCircle", number) or text
    if len(text) == 1 and text in _TEN:
        return format_number("ideographEnclosedCircle", _TEN.index(text) + 1) or text
    if len(text) == 1 and text.isascii() and text.isalpha():
        return chr((0x24B6 if text.isupper() else 0x24D0) + ord(text.lower()) - ord("a"))
    return f"（{text}）" if text else "○"


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.replace(".", "").isalnum() else f"({text})"
