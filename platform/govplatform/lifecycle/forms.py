"""The form that opens a site."""

from types import MappingProxyType
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from govplatform.rule_packs.queries import usable_rule_packs
from govplatform.tenancy.identity_codes import validate_identity_code
from govplatform.tenancy.models import Domain, Tenant
from govplatform.tenancy.models.domain import validate_site_host
from govplatform.tenancy.models.tenant import validate_site_code
from govplatform.tenancy.queries import possible_superiors, told_apart

from .actions import BY_APPLICATION

#: The choice that is no answer, and the answer that there is none above.
NOT_SAID = ("", _("请选择"))
NO_PARENT = "-"
_ASKED = MappingProxyType(
    {
        "kind": _("请选择网站的类别。"),
        "level": _("请选择网站的层级。"),
        "parent_code": _("请选择上级站点；没有上级站点的，请选“没有上级站点”。"),
    }
)
COLOUR_LABELS = MappingProxyType(
    {
        "blue": _("蓝"), "indigo": _("靛蓝"), "red": _("红"), "maroon": _("绛红"), "green": _("绿"), "teal": _("青"),
        "brown": _("褐"), "slate": _("灰"),
    }
)  # fmt: skip
THEME_LABELS = MappingProxyType({"base": _("基础"), "portal": _("门户"), "county": _("县区")})


class NewSiteForm(forms.Form):
    """The form of a new site (docs/rules.md). What can be refused before the site is made is refused here."""

    full_name = forms.CharField(label=_("网站全称"), max_length=100, help_text=_("例如：某某省某某市人民政府。"))
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    code = forms.CharField(
        label=_("站点代码"),
        max_length=40,
        validators=[validate_site_code],
        help_text=_("小写拉丁字母、数字和连字符，以字母开头；建成后不能改。"),
    )
    identity_code = forms.CharField(
        label=_("网站标识码"), max_length=10, required=False, validators=[validate_identity_code]
    )
    #: What the site's duties and approvals follow from is said, never taken from what stands first in a list.
    kind = forms.ChoiceField(
        label=_("类别"), choices=[NOT_SAID, *(c for c in Tenant.Kind.choices if c[0] != Tenant.Kind.CONSOLE.value)]
    )
    level = forms.ChoiceField(label=_("层级"), choices=[NOT_SAID, *Tenant.Level.choices])
    parent_code = forms.ChoiceField(
        label=_("上级站点"),
        help_text=_("本站的各项申请由上级站点的主管单位先行审批；没有上级站点的，请选“没有上级站点”。"),
    )
    host = forms.CharField(label=_("公众访问域名"), max_length=253, validators=[validate_site_host])
    console_host = forms.CharField(label=_("管理后台域名"), max_length=253, validators=[validate_site_host])
    organiser = forms.CharField(label=_("主办单位"), max_length=100)
    undertaker = forms.CharField(label=_("承办单位"), max_length=100, required=False)
    responsible_person = forms.CharField(label=_("负责人"), max_length=40, required=False)
    contact = forms.CharField(label=_("联系方式"), max_length=200, required=False)
    icp_number = forms.CharField(label=_("ICP 备案号"), max_length=40, required=False)
    police_record_number = forms.CharField(label=_("公安备案号"), max_length=40, required=False)
    words_reason = forms.CharField(
        label=_("文字的说明理由"),
        max_length=300,
        required=False,
        help_text=_("扫描提示以上文字存疑、确需使用时填写。"),
    )
    opens_by = forms.ChoiceField(
        label=_("开通方式"),
        required=False,
        choices=[
            (BY_APPLICATION, _("按程序：先筹备，开通申请批准并公告后开通")),
            ("", _("直接开通：登记信息确认后开通，审计记录写明略过的条件")),
        ],
    )
    theme = forms.ChoiceField(label=_("主题"))
    rule_pack = forms.ChoiceField(label=_("规则包"))

    GROUPS = (
        (_("网站"), ("full_name", "short_name", "code", "identity_code", "kind", "level", "parent_code")),
        (_("域名"), ("host", "console_host")),
        (
            _("责任与备案"),
            (
                "organiser",
                "undertaker",
                "responsible_person",
                "contact",
                "icp_number",
                "police_record_number",
                "words_reason",
            ),
        ),
        (_("外观与规则"), ("theme", "rule_pack", "opens_by")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parents = told_apart(possible_superiors())
        self._choose("parent_code", [NOT_SAID, (NO_PARENT, _("没有上级站点")), *parents])
        for name, asked in _ASKED.items():
            self.fields[name].error_messages["required"] = asked
        self._choose("theme", [(code, THEME_LABELS.get(code, code)) for code in settings.THEME_CODES])
        self._choose("rule_pack", [(pack.code, pack.label) for pack in usable_rule_packs()])
        self.fields["theme"].initial = "portal"
        self.fields["rule_pack"].initial = "national"
        # An empty answer is the other one: what the rules ask for is never passed over by not choosing.
        self.fields["opens_by"].initial = BY_APPLICATION
        self.fields["host"].help_text = _("只写主机名，不带协议和路径。")
        self.fields["console_host"].help_text = _("须在 %(parent)s 之下，例如：代码.%(parent)s。") % {
            "parent": settings.CONSOLE_PARENT_DOMAIN
        }

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def groups(self) -> list[dict[str, Any]]:
        """``[{"heading", "fields"}]``: the form's fields under their headings, for the template."""
        return [{"heading": heading, "fields": [self[name] for name in names]} for heading, names in self.GROUPS]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Tenant.objects.filter(code=code).exists():
            raise forms.ValidationError(_("这个代码已经有站点使用，请换一个。"))
        return code

    def clean_parent_code(self) -> str:
        given: str = self.cleaned_data["parent_code"]
        return "" if given == NO_PARENT else given

    def clean_identity_code(self) -> str | None:
        code = self.cleaned_data["identity_code"] or None
        if code and Tenant.objects.filter(identity_code=code).exists():
            raise forms.ValidationError(_("这个标识码已经有站点使用，请核对。"))
        return code

    def clean_host(self) -> str:
        return self._free_host("host")

    def clean_console_host(self) -> str:
        host = self._free_host("console_host")
        if not host.endswith(f".{settings.CONSOLE_PARENT_DOMAIN}"):
            raise forms.ValidationError(
                _("管理后台域名须在 %(parent)s 之下，登录一次才能用于各站后台。"),
                params={"parent": settings.CONSOLE_PARENT_DOMAIN},
            )
        return host

    def _free_host(self, name: str) -> str:
        host = str(self.cleaned_data[name]).lower()
        if Domain.objects.filter(domain=host).exists():
            raise forms.ValidationError(_("这个域名已经属于别的站点。"))
        return host
