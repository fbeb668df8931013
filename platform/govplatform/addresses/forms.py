"""The forms of the ledger: how the addresses of a host are read, and a table of old ones."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govplatform.spreadsheets.uploads import table_field
from govplatform.tenancy.models import Tenant
from govplatform.tenancy.queries import public_sites

from .actions import REASON_CHARACTERS
from .canonical import CHARSETS, DEFAULT_RULES, LONGEST, Rules

#: Names of parameters, documents and endings: one on each line, or with blanks or commas between.
_NAMES_CHARACTERS = 6_000


class RulesForm(forms.Form):
    """How the addresses of one host are read; ``rules()`` is what it says."""

    significant = forms.CharField(
        label=_("有意义的查询参数"),
        required=False,
        max_length=_NAMES_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("网址里能区分不同网页的参数名，每行一个；其余参数不影响答复。翻页的参数总是有意义，不必写。"),
    )
    charset = forms.ChoiceField(
        label=_("先按哪种编码读"),
        choices=[(name, name.upper()) for name in CHARSETS],
        help_text=_("网址里百分号转义的汉字先按它读，读不通再试其他编码。"),
    )
    fold_case = forms.BooleanField(
        label=_("不分大小写"), required=False, help_text=_("没有完全相同的网址时，大小写不同的视为同一个。")
    )
    default_documents = forms.CharField(
        label=_("默认文档"),
        required=False,
        max_length=_NAMES_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("代表所在目录的文件名，每行一个，例如 index.html。"),
    )
    legacy_extensions = forms.CharField(
        label=_("可省略的扩展名"),
        required=False,
        max_length=_NAMES_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("没有完全相同的网址时不比较的扩展名，每行一个，例如 .html。"),
    )
    reason = forms.CharField(label=_("理由"), required=False, max_length=REASON_CHARACTERS)
    address = forms.CharField(
        label=_("试一个网址"),
        required=False,
        max_length=LONGEST,
        help_text=_("以“/”开头的路径，或者完整网址。试用不保存任何东西。"),
    )

    @staticmethod
    def initial_of(rules: Rules) -> dict[str, Any]:
        """What the form begins with that changes ``rules``."""
        return {
            "significant": "\n".join(name for name in rules.significant if name not in DEFAULT_RULES.significant),
            "charset": rules.charset,
            "fold_case": rules.fold_case,
            "default_documents": "\n".join(rules.default_documents),
            "legacy_extensions": "\n".join(rules.legacy_extensions),
        }

    def rules(self) -> Rules:
        """The rules that the form says; it has to be valid."""
        given = self.cleaned_data
        return Rules(
            fold_case=given["fold_case"],
            charset=given["charset"],
            significant=tuple(dict.fromkeys([*DEFAULT_RULES.significant, *_names(given["significant"])])),
            default_documents=tuple(name.casefold() for name in _names(given["default_documents"])),
            legacy_extensions=tuple(name.casefold() for name in _names(given["legacy_extensions"])),
        )


class TableForm(forms.Form):
    """A table of old addresses, the host whose they are, and the site that answers them."""

    host = forms.CharField(
        label=_("原域名"),
        max_length=253,
        help_text=_("表里的网址属于哪个域名，只写主机名，例如 www.example.gov.cn。"),
        error_messages={"required": _("请写原域名。")},
    )
    site = forms.ModelChoiceField(
        Tenant.objects.none(),
        label=_("由哪个站点答复"),
        required=False,
        to_field_name="code",
        empty_label=_("已登记这个域名的站点"),
        help_text=_("域名还没有登记时须选择。"),
        error_messages={"invalid_choice": _("没有这个站点，请重新选择。")},
    )
    file = table_field(_("网址表"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = public_sites()  # type: ignore[attr-defined]


def _names(text: str) -> list[str]:
    for sign in (",", "，", "、", ";", "；"):
        text = text.replace(sign, " ")
    return text.replace("\x00", "").split()
