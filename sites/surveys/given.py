"""What somebody fills in, read against the questions: codes and texts, or a sentence for each fault."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from govplatform.cases.contact import Contact
from govplatform.cases.letters import plain_text, read_contact
from govplatform.refusals import PlacedReason, Refused

from .questions import ANSWERED, Question

_DIGITS = 4


@dataclass
class Given:
    """``chosen``: codes; ``texts``: number of the question -> its text as typed; ``contact``: may be empty."""

    chosen: list[int] = field(default_factory=lambda: [ANSWERED])
    texts: dict[int, str] = field(default_factory=dict)
    contact: Contact = field(default_factory=Contact)

    def told(self) -> str:
        """Everything that it says, to know it again."""
        texts = [f"{number}\0{text}" for number, text in sorted(self.texts.items())]
        contact = (self.contact.name, self.contact.phone, self.contact.email)
        return "\0\0".join((",".join(map(str, self.chosen)), *texts, *contact))


def read_given(questions: Sequence[Question], sent: QueryDict, *, with_contact: bool) -> Given:
    """Return the answer. Raises Refused with a PlacedReason at the field of each question that must be put right."""
    given, reasons = Given(), list[str]()
    for question in questions:
        if fault := _READERS[question.kind](question, sent, given):
            reasons.append(PlacedReason(f"{question.label}：{fault}", question.name))
    if with_contact:
        given.contact, faults = read_contact(*(sent.get(name, "") for name in ("name", "phone", "email")))
        reasons += faults
    if not reasons and given.chosen == [ANSWERED]:
        reasons.append(_("什么都没有填写。请至少回答一题。"))
    if reasons:
        raise Refused(reasons)
    return given


def chosen_in(sent: QueryDict, name: str, options: int) -> list[int]:
    """Return the numbers chosen in a field, each once and in order. Raises ValueError for what is no option."""
    numbers = set()
    for text in sent.getlist(name):
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < _DIGITS and 1 <= int(text) <= options):
            raise ValueError(text[:_DIGITS])
        numbers.add(int(text))
    return sorted(numbers)


# --- inside: each reads one question and returns what is wrong, '' for nothing ----------------


def _one(question: Question, sent: QueryDict, given: Given) -> str:
    try:
        chosen = chosen_in(sent, question.name, len(question.options))
    except ValueError:
        return _unknown()
    if len(chosen) > 1:
        return _("只能选一项。")
    if not chosen:
        return _missing(question)
    # One option and no more: that it was answered need not be said besides.
    given.chosen.append(question.code(chosen[0]))
    return ""


def _many(question: Question, sent: QueryDict, given: Given) -> str:
    try:
        chosen = chosen_in(sent, question.name, len(question.options))
    except ValueError:
        return _unknown()
    if question.most and len(chosen) > question.most:
        return _("最多选 %(most)d 项，现在选了 %(n)d 项。") % {"most": question.most, "n": len(chosen)}
    return _keep(question, [question.code(option) for option in chosen], given)


def _matrix(question: Question, sent: QueryDict, given: Given) -> str:
    codes, missing = [], []
    for row, label in enumerate(question.rows, 1):
        try:
            chosen = chosen_in(sent, f"{question.name}-{row}", len(question.options))
        except ValueError:
            return _unknown()
        if len(chosen) > 1:
            return _("“%(row)s”只能选一项。") % {"row": label}
        if not chosen:
            missing.append(label)
        codes += [question.code(option, row) for option in chosen]
    if question.required and missing:
        return _("每一行都要选，还没有选：%(rows)s。") % {"rows": "、".join(missing)}
    return _keep(question, codes, given)


def _text(question: Question, sent: QueryDict, given: Given) -> str:
    text = plain_text(sent.get(question.name, "")).strip()
    if len(text) > question.longest:
        return _("最多 %(most)d 个字，现在有 %(n)d 个字。") % {"most": question.longest, "n": len(text)}
    if not text:
        return _("请填写。") if question.required else ""
    given.texts[question.number] = text
    given.chosen.append(question.code())
    return ""


def _keep(question: Question, codes: list[int], given: Given) -> str:
    if codes:
        given.chosen += [question.code(), *codes]
        return ""
    return _missing(question)


def _missing(question: Question) -> str:
    return _("这一题必答，请选择。") if question.required else ""


def _unknown() -> str:
    return _("没有这个选项，请重新选择。")


_READERS = {"single": _one, "scale": _one, "multiple": _many, "matrix": _matrix, "text": _text}
