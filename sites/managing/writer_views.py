"""The screen 写稿范围: in which columns an editor or a department writes; given by the site's administrator."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.models import User
from govplatform.accounts.queries import holders_of
from govplatform.accounts.roles import EDITOR
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from sites.columns.choosing import ColumnChoices
from sites.columns.models import Column
from sites.columns.writing_rights import departments_of_site, limit_editor, rights_of_editors, set_department

from .views import SiteScreen


class _People(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class EditorForm(forms.Form):
    """The columns of one editor."""

    columns = ColumnChoices(label=_("栏目（含其下级栏目）"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["columns"].queryset = Column.objects.order_by("path")  # type: ignore[attr-defined]


class DepartmentForm(EditorForm):
    """Name, people and columns of a department."""

    name = forms.CharField(label=_("部门名称"), max_length=60, error_messages={"required": _("请填写部门名称。")})
    members = _People(
        label=_("成员"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个成员都不选，就是撤销这个部门。"),
        error_messages={
            "invalid_choice": _("请只从本站的编辑里选。"),
            "invalid_pk_value": _("请只从本站的编辑里选。"),
        },
    )
    field_order = ("name", "members", "columns")

    def __init__(self, editors: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = editors  # type: ignore[attr-defined]


class WritersView(SiteScreen):
    """GET shows everybody; ``?editor=`` or ``?department=`` opens a form, which POST saves."""

    template_name = "managing/writers.html"
    page_title = _("写稿范围")
    tab = "site_settings_writers"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None)
        asked = self.request.GET
        editor = self._editor() if "editor" in asked else None
        if form is None and editor is not None:
            own = next(row["columns"] for row in rights_of_editors() if row["user"] == editor)
            form = EditorForm(initial={"columns": own})
        if form is None and "department" in asked:
            name = asked["department"]
            known = next((one for one in departments_of_site() if one["name"] == name), {"name": name})
            form = DepartmentForm(self._editors(), initial=known)
        return super().get_context_data(
            rows=rights_of_editors(), departments=departments_of_site(), form=form, editor=editor, **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        editor = self._editor() if "editor" in request.GET else None
        form = EditorForm(request.POST) if editor is not None else DepartmentForm(self._editors(), request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        given = form.cleaned_data
        try:
            if editor is not None:
                limit_editor(editor, given["columns"], acting_user=self.user())
                said = _t("已保存 %(name)s 的写稿范围。") % {"name": editor.full_name}
            else:
                made = set_department(given["name"], given["members"], given["columns"], acting_user=self.user())
                kept = _t("已保存部门“%(name)s”。") if made is not None else _t("已撤销部门“%(name)s”。")
                said = kept % {"name": given["name"]}
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        messages.success(request, said)
        return redirect("site_settings_writers")

    def _editors(self) -> Any:
        return holders_of(self.tenant, EDITOR.code)

    def _editor(self) -> User:
        found = self._editors().filter(pk=row_number(self.request.GET["editor"])).first()
        if found is None:
            raise Http404
        return found  # type: ignore[no-any-return]
