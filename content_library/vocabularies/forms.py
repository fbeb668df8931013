"""The console's forms for terms."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.review.frame.forms import reason_field
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import told_apart
from govplatform.upload_limits import limited

from .kinds import Vocabulary
from .queries import tree
from .widgets import TermSelect

_LARGEST_FILE = 2 * 1024 * 1024


def split_aliases(text: str) -> list[str]:
    """Split a text into names: one to a line, or with any sign between that people put between words."""
    for sign in ("\r", "、", "，", ",", "；", ";", "|"):
        text = text.replace(sign, "\n")
    return [name.strip() for name in text.split("\n") if name.strip()]


class TermForm(forms.Form):
    """The form of a term; ``editing``: the code of the term that is changed, whose code is not asked for again."""

    label = forms.CharField(label=_("名称"), max_length=60)
    code = forms.CharField(label=_("代码"), max_length=20, required=False)
    parent = forms.ChoiceField(label=_("上级"), required=False)
    aliases = forms.CharField(
        label=_("别名和关键词"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一个，也可以用顿号隔开。按内容推荐分类时，用它们识别正文。"),
    )
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    frame_reason = reason_field()

    def __init__(self, *args: Any, vocabulary: Vocabulary, editing: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if editing:
            del self.fields["code"]
        else:
            self.fields["code"].help_text = _t("%(words)s；不填则自动编号。定下后不能修改，也不再给别的词条。") % {
                "words": vocabulary.pattern_words
            }
        if vocabulary.levels < 2 or vocabulary.fixed:
            del self.fields["parent"]
        else:
            tops = [node.row for node in tree(vocabulary.code, retired=False) if node.row.code != editing]
            choices = [("", _t("没有上级（顶级）")), *[(row.code, f"{row.code} {row.label}") for row in tops]]
            self.fields["parent"].choices = choices  # type: ignore[attr-defined]

    def clean_aliases(self) -> list[str]:
        return split_aliases(self.cleaned_data["aliases"])


class TargetForm(forms.Form):
    """The form that asks for the target term of a merge or of a change of class, and for the reason."""

    target = forms.CharField(label=_("去处"), error_messages={"required": _("请选择一个词条。")})
    reason = forms.CharField(
        label=_("理由"), max_length=200, help_text=_("会记入审计记录。"), error_messages={"required": _("请写明理由。")}
    )

    def __init__(self, *args: Any, vocabulary: Vocabulary, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].widget = TermSelect(vocabulary.code)
        self.fields["target"].label = label


class ReclassifyForm(TargetForm):
    site = forms.ChoiceField(label=_("范围"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tenants = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).order_by("code")
        choices = [("", _t("全部站点")), *told_apart(tenants)]
        self.fields["site"].choices = choices  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """The upload of a CSV file as it was exported; cleaned, ``file`` is its text."""

    file = limited(
        forms.FileField(
            label=_("CSV 文件"), help_text=_("从“导出”得到的文件改起；文件里没有的词条保持不变，合并不能从文件里做。")
        ),
        _LARGEST_FILE,
    )
    frame_reason = reason_field()

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        content: bytes = file.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise forms.ValidationError(_("文件的编码不认识，请保存为 UTF-8 编码的 CSV。"))
