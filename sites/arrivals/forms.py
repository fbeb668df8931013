"""The forms of 外来网站接收: the upload, its settings, and one rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govplatform.upload_limits import limit_in_browser
from sites.columns.choosing import ColumnChoice, indented_title
from sites.documents_in.queries import columns_for_import

from .actions import LARGEST_UPLOAD
from .matching import path_of
from .reading.rules import SELECTORS, TemplateRule

_NO_COLUMN = _("不设默认栏目")
_NOT_OURS = _("本站没有这个栏目，请重新选择。")


class SettingsForm(forms.Form):
    """What is to become of a crawl, but for its rules."""

    column = ColumnChoice(
        label=_("默认栏目"),
        required=False,
        empty_label=_NO_COLUMN,
        help_text=_("没有同名栏目、规则也没有指定栏目的网页导入到这里；不设时这些网页不导入。"),
        error_messages={"invalid_choice": _NOT_OURS},
    )
    limit = forms.IntegerField(
        label=_("最多导入页数"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("可以先导入少量试一试；不填则全部导入。再次导入不会重复。"),
        error_messages={"invalid": _("“最多导入页数”要写整数，或者不填。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].queryset = columns_for_import()  # type: ignore[attr-defined]


class UploadForm(SettingsForm):
    """A crawl and whose it is."""

    host = forms.CharField(
        label=_("原网站域名"),
        max_length=253,
        help_text=_("只写主机名，例如 www.example.gov.cn。旧网址按这个域名记入网址台账。"),
        error_messages={"required": _("请写原网站域名。")},
    )
    crawl = limit_in_browser(
        forms.FileField(
            label=_("抓取文件"),
            max_length=255,
            help_text=_(
                "WARC（.warc、.warc.gz）、WACZ，或者镜像得到的目录压缩成的 .zip；不超过 240 MB，"
                "更大的请平台运维人员用命令导入。"
            ),
            widget=forms.FileInput(attrs={"accept": ".warc,.gz,.wacz,.zip"}),
            error_messages={
                "required": _("请选择抓取文件。"),
                "empty": _("抓取文件是空的，请核对后重新选择。"),
                "max_length": _("文件名过长，请改短后重新选择。"),
            },
        ),
        LARGEST_UPLOAD,
    )
    field_order = ("crawl", "host", "column", "limit")


class RuleForm(forms.Form):
    """One rule of a template; ``rule()`` is what it says."""

    name = forms.CharField(label=_("名称"), required=False, max_length=100)
    addresses = forms.CharField(
        label=_("适用的网址"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("网址路径的样式，每行一个，* 代表任意一段，例如 /xwzx/*.html。"),
    )
    title = forms.CharField(label=_("标题"), required=False, max_length=500)
    date = forms.CharField(label=_("发布日期"), required=False, max_length=500)
    source = forms.CharField(label=_("来源"), required=False, max_length=500)
    column = forms.CharField(label=_("栏目名称"), required=False, max_length=500)
    body = forms.CharField(label=_("正文"), required=False, max_length=500)
    leave_out = forms.CharField(
        label=_("略去"), required=False, max_length=500, help_text=_("正文里不要的部分，例如 .share, .related。")
    )
    to_column = forms.ChoiceField(label=_("导入到栏目"), required=False)
    skip = forms.CharField(
        label=_("不导入的理由"), required=False, max_length=200, help_text=_("填写后，适用的网页都不导入。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # By path: sites that took others in have several columns with one slug.
        columns = list(columns_for_import())
        choices = [(path_of(one), indented_title(one)) for one in columns]
        self.fields["to_column"].choices = [("", _("按同名栏目或默认栏目")), *choices]  # type: ignore[attr-defined]
        kept = self.initial.get("to_column", "")
        if kept not in dict(choices) and len(same := [one for one in columns if one.slug == kept]) == 1:
            self.initial["to_column"] = path_of(same[0])
        for name in SELECTORS:
            self.fields[name].widget.attrs |= {"data-selector": name, "spellcheck": "false", "autocomplete": "off"}

    def rule(self) -> TemplateRule:
        """What the form says; it has to be valid."""
        given = {name: value.replace("\x00", "").strip() for name, value in self.cleaned_data.items()}
        lines = [line.strip() for line in given.pop("addresses").splitlines()]
        return TemplateRule(addresses=tuple(line for line in lines if line), **given)


def initial_of(rule: TemplateRule) -> dict[str, str]:
    """What a form begins with that changes ``rule``."""
    return {**rule.to_json(), "addresses": "\n".join(rule.addresses)}
