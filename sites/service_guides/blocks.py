"""What a guide lists: papers to bring, the steps of the way through, and documents that it rests on."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

#: What a paper may be brought as.
FORMS = (
    ("original", _("原件")), ("copy", _("复印件")), ("both", _("原件和复印件")), ("electronic", _("电子件")),
)  # fmt: skip


class MaterialValue(blocks.StructValue):
    """One paper, with what a template and the scan read of it in words."""

    @property
    def form_words(self) -> str:
        return str(dict(FORMS).get(self.get("form"), ""))

    @property
    def need_words(self) -> str:
        return _t("必要") if self.get("needed") else _t("视情况")

    def row(self) -> list[str]:
        """Return the line of the list of papers: name, form, copies, whether it is needed, what else is said."""
        copies = self.get("copies")
        return [
            str(self.get("name") or ""), self.form_words, str(copies or ""), self.need_words,
            str(self.get("note") or ""),
        ]  # fmt: skip


class MaterialBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("材料名称"), max_length=200)
    form = blocks.ChoiceBlock(label=_("材料形式"), choices=list(FORMS), default="original")
    copies = blocks.IntegerBlock(label=_("份数"), min_value=1, max_value=99, default=1)
    needed = blocks.BooleanBlock(label=_("必须提交"), required=False, default=True)
    note = blocks.CharBlock(label=_("填报须知"), required=False, max_length=300)
    empty_form = DocumentChooserBlock(label=_("空白表格"), required=False)
    sample = DocumentChooserBlock(label=_("填写样例"), required=False)

    class Meta:
        label = _("材料")
        icon = "doc-full"
        value_class = MaterialValue


class MaterialsBlock(blocks.StreamBlock):
    material = MaterialBlock()

    class Meta:
        required = False


class StepBlock(blocks.StructBlock):
    name = blocks.CharBlock(label=_("环节"), max_length=60, help_text=_("例如：申请、受理、审查、决定、送达。"))
    limit = blocks.CharBlock(label=_("时限"), required=False, max_length=60, help_text=_("例如：2 个工作日。"))
    text = blocks.TextBlock(label=_("怎么办"), required=False)

    class Meta:
        label = _("环节")
        icon = "order"


class StepsBlock(blocks.StreamBlock):
    step = StepBlock()

    class Meta:
        required = False


class PoliciesBlock(blocks.StreamBlock):
    policy = blocks.PageChooserBlock(page_type="policies.PolicyDocument", label=_("政策文件"), icon="doc-full-inverse")

    class Meta:
        required = False

    def clean(self, value: Any) -> Any:
        # A document that is gone, or was never chosen, is nothing that citizens could be led to.
        said = ValidationError(_t("请选择政策文件，或者删去这一块。"))
        if errors := {place: said for place, child in enumerate(value) if child.value is None}:
            raise blocks.StreamBlockValidationError(block_errors=errors)
        return super().clean(value)


def rows_of(materials: Any) -> list[list[str]]:
    """Return the papers of a guide as a table with its head; [] without one."""
    if not materials:
        return []
    head = [_t("材料名称"), _t("材料形式"), _t("份数"), _t("必要性"), _t("填报须知")]
    return [head, *(block.value.row() for block in materials)]
