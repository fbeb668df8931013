"""Groups as people write them, one a line: ``一网通办 = 在线办事``, ``省政府 => 省人民政府  # 简称``.

``=`` each word stands for the others, ``=>`` the first for the others alone; ``#`` begins a note, ``-`` before a line
switches its group off. The same lines are exported.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..asking.synonyms import LONGEST, SHORTEST
from ..models import SynonymGroup
from ..text.folding import fold

MOST_WORDS, LONGEST_NOTE = 12, 200
#: Lines of a file; and what a message repeats of one.
MOST_LINES, _SHOWN = 5_000, 30
_ONE_WAY = re.compile(r"=>|⇒|＝＞|→")
_BOTH_WAYS = re.compile(r"[=＝]")


@dataclass(frozen=True)
class Written:
    """A group as it was written, checked."""

    words: tuple[str, ...]
    one_way: bool = False
    enabled: bool = True
    note: str = ""

    @property
    def key(self) -> str:
        """The same for the same words, in whatever order where that does not matter."""
        forms = [fold(word) for word in self.words]
        ordered = [forms[0], *sorted(forms[1:])] if self.one_way else sorted(forms)
        return hashlib.sha256("\n".join([">" if self.one_way else "=", *ordered]).encode()).hexdigest()

    @property
    def forms(self) -> list[str]:
        """The folded words by which it is asked."""
        return [fold(word) for word in (self.words[:1] if self.one_way else self.words)]


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line; lines count from 1."""

    line: int
    reason: str


def reasons_against_words(words: Iterable[str]) -> list[str]:
    """Say what is wrong with the words of a group; empty when nothing is."""
    given, seen, reasons = list(words), dict[str, str](), list[str]()
    if len(given) < 2:
        reasons.append(_("一组同义词至少要有两个词语。"))
    if len(given) > MOST_WORDS:
        reasons.append(_("一组最多 %(most)s 个词语，请分成几组。") % {"most": MOST_WORDS})
    for word in given:
        form = fold(word)
        if not word.isprintable() or not form or "\n" in form:
            reasons.append(_("“%(word)s”不是词语：只能由文字、字母和数字组成。") % {"word": _brief(word)})
        elif len(form) < SHORTEST:
            reasons.append(_("“%(word)s”只有一个字，会把太多内容找出来；请写至少两个字。") % {"word": _brief(word)})
        elif len(form) > LONGEST or len(word) > LONGEST:
            reasons.append(_("“%(word)s……”超过 %(most)s 个字。") % {"word": _brief(word), "most": LONGEST})
        elif form in seen:
            reasons.append(
                _("“%(word)s”和“%(other)s”在检索中是同一个词语。") % {"word": _brief(word), "other": _brief(seen[form])}
            )
        seen.setdefault(form, word)
    return reasons


def read_lines(text: str) -> tuple[list[Written], list[Fault]]:
    """Read groups, one a line; empty lines and lines of a note alone are passed over. Faults name their line."""
    found, faults, met = list[Written](), list[Fault](), dict[str, int]()
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        return [], [Fault(MOST_LINES + 1, _("最多 %(most)s 行，请分成几个文件。") % {"most": MOST_LINES})]
    for number, line in enumerate(lines, 1):
        group, reasons = _read_line(line)
        if group is not None and not reasons:
            if group.key in met:
                reasons = [_("与第 %(line)s 行是同一组。") % {"line": met[group.key]}]
            else:
                met[group.key] = number
                found.append(group)
        faults += [Fault(number, reason) for reason in reasons]
    return found, faults


def write_lines(groups: Iterable[SynonymGroup] | Iterable[Written]) -> Iterator[str]:
    """Yield the groups as lines that ``read_lines`` reads."""
    for group in groups:
        words = f"{group.words[0]} => {' = '.join(group.words[1:])}" if group.one_way else " = ".join(group.words)
        yield f"{'' if group.enabled else '- '}{words}{f'  # {group.note}' if group.note else ''}\n"


def _read_line(line: str) -> tuple[Written | None, list[str]]:
    said, _sign, note = line.lstrip("\ufeff").partition("#")
    said, note = said.strip(), note.strip()
    if not said:
        return None, []
    enabled = not said.startswith("- ")
    said = said.removeprefix("- ").strip()
    first, *rest = _ONE_WAY.split(said)
    words = [word.strip() for word in _BOTH_WAYS.split("=".join([first, *rest]))]
    reasons = []
    if len(rest) > 1 or (rest and len(_BOTH_WAYS.split(first)) > 1):
        reasons.append(_("“=>”前面只能有一个词语，一行只能有一个“=>”。"))
    elif "" in words:
        reasons.append(_("等号的一边没有词语。"))
    else:
        reasons = reasons_against_words(words)
    if len(note) > LONGEST_NOTE:
        reasons.append(_("说明超过 %(most)s 个字。") % {"most": LONGEST_NOTE})
    return (None, reasons) if reasons else (Written(tuple(words), bool(rest), enabled, note), [])


def _brief(word: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in word[:_SHOWN])
