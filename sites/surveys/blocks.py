"""The questions that an editor builds, a block for each, and the opinions that are answered in public."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

#: The product's own bounds: a form that somebody fills in on a phone, and codes of answers that fit a number.
MOST_QUESTIONS, MOST_TEXTS = 40, 10
MOST_OPTIONS, MOST_ROWS = 30, 20
LONGEST_OPTION = 100
LONGEST_TEXT = 1000
#: What became of an opinion.
OUTCOMES = (("adopted", _("采纳")), ("partly", _("部分采纳")), ("declined", _("未采纳")), ("explained", _("解释说明")))
OUTCOME_WORDS: Mapping[str, Any] = MappingProxyType(dict(OUTCOMES))


def lines_of(text: str) -> list[str]:
    """Return what ``text`` says line by line, without blanks around and without empty lines."""
    return [line for line in (" ".join(line.split()) for line in str(text or "").splitlines()) if line]


def faults_of_lines(text: str, *, least: int, most: int) -> list[str]:
    """Say what keeps the lines of ``text`` from being options of a question; empty when nothing does."""
    lines = lines_of(text)
    faults = []
    if len(lines) < least:
        faults.append(_t("至少写 %(least)d 行，每行一个。") % {"least": least})
    if len(lines) > most:
        faults.append(_t("最多 %(most)d 行，现在有 %(n)d 行。") % {"most": most, "n": len(lines)})
    if any(len(line) > LONGEST_OPTION for line in lines):
        faults.append(_t("每行最多 %(most)d 个字。") % {"most": LONGEST_OPTION})
    if twice := [line for number, line in enumerate(lines) if line in lines[:number]]:
        faults.append(_t("“%(line)s”写了不止一次。") % {"line": twice[0]})
    return faults


class _QuestionBlock(blocks.StructBlock):
    """What every question has. ``LINES``: fields with an option on each line -> at least and at most how many."""

    LINES: Mapping[str, tuple[int, int]] = MappingProxyType({})

    text = blocks.CharBlock(label=_("问题"), max_length=200)
    hint = blocks.CharBlock(label=_("提示"), required=False, max_length=200)
    required = blocks.BooleanBlock(label=_("必答"), required=False, default=True)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = {
            name: ValidationError(faults)
            for name, (least, most) in self.LINES.items()
            if (faults := faults_of_lines(cleaned.get(name), least=least, most=most))
        }
        errors.update(self.faults(cleaned))
        if errors:
            raise StructBlockValidationError(block_errors=errors)
        return cleaned

    def faults(self, value: Any) -> dict[str, ValidationError]:
        return {}


def _lines_field(label: Any, help_text: Any) -> blocks.TextBlock:
    return blocks.TextBlock(label=label, help_text=help_text, rows=4)


class SingleBlock(_QuestionBlock):
    LINES = MappingProxyType({"options": (2, MOST_OPTIONS)})

    options = _lines_field(_("选项"), _("每行一个选项。"))

    class Meta:
        label = _("单选题")
        icon = "radio-full"


class MultipleBlock(_QuestionBlock):
    LINES = MappingProxyType({"options": (2, MOST_OPTIONS)})

    options = _lines_field(_("选项"), _("每行一个选项。"))
    most = blocks.IntegerBlock(
        label=_("最多选几项"), required=False, min_value=1, max_value=MOST_OPTIONS, help_text=_("不填则不限。")
    )

    class Meta:
        label = _("多选题")
        icon = "tick-inverse"

    def faults(self, value: Any) -> dict[str, ValidationError]:
        options = len(lines_of(value.get("options")))
        if value.get("most") and value["most"] > options:
            return {"most": ValidationError(_t("只有 %(n)d 个选项。") % {"n": options})}
        return {}


class ScaleBlock(_QuestionBlock):
    points = blocks.IntegerBlock(label=_("分值"), min_value=3, max_value=10, default=5, help_text=_("从 1 分到几分。"))
    low = blocks.CharBlock(label=_("1 分表示"), required=False, max_length=20, help_text=_("例如：很不满意。"))
    high = blocks.CharBlock(label=_("最高分表示"), required=False, max_length=20, help_text=_("例如：很满意。"))

    class Meta:
        label = _("打分题")
        icon = "order"


class TextBlock(_QuestionBlock):
    longest = blocks.IntegerBlock(label=_("最多几个字"), min_value=10, max_value=LONGEST_TEXT, default=300)

    class Meta:
        label = _("问答题")
        icon = "edit"


class MatrixBlock(_QuestionBlock):
    LINES = MappingProxyType({"rows": (1, MOST_ROWS), "options": (2, 10)})

    rows = _lines_field(_("各行"), _("每行一个要评的项目。"))
    options = _lines_field(_("各列"), _("每行一个选项，每个项目选一项。"))

    class Meta:
        label = _("矩阵题")
        icon = "table"


class QuestionsBlock(blocks.StreamBlock):
    single = SingleBlock()
    multiple = MultipleBlock()
    scale = ScaleBlock()
    text = TextBlock()
    matrix = MatrixBlock()

    class Meta:
        required = False
        max_num = MOST_QUESTIONS
        block_counts = {"text": {"max_num": MOST_TEXTS}}


class AdoptedValue(blocks.StructValue):
    """An opinion and what became of it."""

    @property
    def outcome_words(self) -> str:
        return str(OUTCOME_WORDS.get(self.get("outcome"), ""))


class AdoptedBlock(blocks.StructBlock):
    opinion = blocks.TextBlock(label=_("意见内容"), help_text=_("公开前请概括，删去能认出个人的内容。"), rows=3)
    people = blocks.IntegerBlock(label=_("提出人数"), required=False, min_value=1)
    outcome = blocks.ChoiceBlock(label=_("采纳情况"), choices=list(OUTCOMES), required=False)
    reply = blocks.TextBlock(label=_("理由或落实办法"), required=False, rows=3)

    class Meta:
        label = _("意见")
        icon = "openquote"
        value_class = AdoptedValue


class AdoptionsBlock(blocks.StreamBlock):
    adopted = AdoptedBlock()

    class Meta:
        required = False
        max_num = 200


def stream_lines(stream: Any, names: Sequence[str]) -> list[str]:
    """Return everything that the blocks of ``stream`` say in the fields ``names``, line by line."""
    return [
        line for block in stream for name in names for line in str(block.value.get(name) or "").splitlines() if line
    ]
