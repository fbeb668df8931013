"""Forms of the library's screens: filters of the list, a repost, the index number pattern, the statistics."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from govplatform.tenancy.models import Tenant

from ..models import Repost, Resource
from ..resources.queries import ListFilter
from ..vocabularies.queries import tree
from .columns import column_choices

_ALL = ("", _l("全部"))
#: With up to this many sites their names are suggested while typing; with more, the name or code is typed whole.
MOST_SUGGESTED = 300
MOST_AT_ONCE = 50


def listed_sites() -> QuerySet[Tenant]:
    """Return the sites that may have published something: neither a console nor still in preparation."""
    return Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).exclude(status=Tenant.Status.PREPARING).order_by("code")


class FilterForm(forms.Form):
    """The filters above the list of resources; after ``is_valid()``, ``wanted(viewer)`` gives the filter."""

    query = forms.CharField(label=_l("标题、文号或索引号"), required=False, max_length=100)
    site = forms.CharField(label=_l("来源站点"), required=False, max_length=100)
    level = forms.ChoiceField(label=_l("来源层级"), required=False, choices=[_ALL, *Tenant.Level.choices])
    subject_class = forms.ChoiceField(label=_l("主题分类"), required=False)
    kind = forms.ChoiceField(label=_l("类型"), required=False, choices=[_ALL, *Resource.Kind.choices])
    document_kind = forms.ChoiceField(label=_l("体裁"), required=False)
    audience = forms.ChoiceField(label=_l("服务对象"), required=False)
    status = forms.ChoiceField(
        label=_l("状态"), required=False, choices=[("", _l("未撤回的")), *Resource.Status.choices]
    )
    month = forms.CharField(
        label=_l("发布月份"), required=False, widget=forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: dict[str, Any] = self.fields
        named["subject_class"].choices = [_ALL, *_subject_choices()]
        named["document_kind"].choices = [_ALL, *_flat_choices("kind")]
        named["audience"].choices = [_ALL, *_flat_choices("audience")]
        for name, field in named.items():
            field.widget.attrs.setdefault("id", f"library-{name}")
        named["site"].widget.attrs["list"] = "library-sites"
        named["site"].widget.attrs["placeholder"] = _("名称或代码")
        named["query"].widget.attrs["type"] = "search"

    def clean_site(self) -> Tenant | None:
        given = self.cleaned_data["site"].strip()
        if not given:
            return None
        exact = listed_sites().filter(Q(code=given) | Q(full_name=given) | Q(short_name=given)).first()
        if exact is not None:
            return exact
        found = list(listed_sites().filter(Q(full_name__icontains=given) | Q(code__icontains=given))[:6])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("没有名称或代码含“%(given)s”的站点。") % {"given": given})
        names = "、".join(site.full_name for site in found[:5]) + ("……" if len(found) > 5 else "")
        raise forms.ValidationError(
            _("“%(given)s”对应多个站点，请写全名：%(names)s") % {"given": given, "names": names}
        )

    def wanted(self, viewer: Tenant) -> ListFilter:
        """Return the filter as ``viewer`` sees it; withdrawn resources only where that status is chosen."""
        return ListFilter(**self.cleaned_data, viewer=viewer, withdrawn=False)

    @property
    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def more_are_set(self) -> bool:
        """Whether one of the filters that stand folded away is set."""
        return any(self.data.get(name) for name in ("level", "document_kind", "audience", "status", "month"))


def _subject_choices() -> list[Any]:
    choices: list[Any] = []
    for node in tree("subject", retired=False):
        whole = (node.row.code, _("%(label)s（全部）") % {"label": node.row.label})
        below = [(child.row.code, child.row.label) for child in node.children]
        choices.append((node.row.label, [whole, *below]) if below else (node.row.code, node.row.label))
    return choices


def _flat_choices(vocabulary: str) -> list[tuple[str, str]]:
    return [(node.row.code, node.row.label) for node in tree(vocabulary, retired=False)]


class RepostForm(forms.Form):
    """The column and mode of a repost, for one resource or several."""

    column = forms.ChoiceField(
        label=_l("转载到栏目"),
        error_messages={"required": _l("请先选择栏目。"), "invalid_choice": _l("本站没有这个栏目，请重新选择。")},
    )
    mode = forms.ChoiceField(label=_l("转载方式"), choices=Repost.Mode.choices, initial=Repost.Mode.MIRROR)
    submit = forms.BooleanField(label=_l("建立后直接送审"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named: dict[str, Any] = self.fields
        named["column"].choices = [("", _("请选择栏目")), *column_choices()]


class PatternForm(forms.Form):
    pattern = forms.CharField(label=_l("编号规则"), max_length=60, error_messages={"required": _l("请填写编号规则。")})


class PeriodForm(forms.Form):
    """The period of the statistics (``months``; '' for all time) and the days after which a site is quiet."""

    PERIODS = (("12", _l("近 12 个月")), ("3", _l("近 3 个月")), ("36", _l("近三年")), ("", _l("全部时间")))
    months = forms.ChoiceField(label=_l("发布时间"), required=False, choices=PERIODS)
    days = forms.IntegerField(label=_l("多少天未发布"), required=False, min_value=1, max_value=3650)
