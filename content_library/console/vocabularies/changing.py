"""The screens on which terms are changed, in the supervisor's console."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from govplatform.accounts.screens.screen import closed
from govplatform.refusals import Refused
from govplatform.review.frame.forms import show_refusal
from govplatform.review.frame.queries import compared, waiting_for
from govplatform.review.frame.scanning import REASON

from ...resources.reclassification import RECLASSIFIABLE, usage_counts, usage_per_site
from ...vocabularies.actions import (
    add_term,
    merge_terms,
    move_term,
    reasons_against_merging,
    rename_term,
    restore_term,
    retire_term,
    shift_term,
)
from ...vocabularies.exchange import import_terms
from ...vocabularies.forms import ImportForm, TargetForm, TermForm
from ...vocabularies.frame_words import TERM
from ...vocabularies.models import Term
from ...vocabularies.permissions import MANAGERS
from ...vocabularies.queries import get_term, term_label
from .frame import VocabularyAdmission, VocabularyScreen, is_manager_here


class AddView(VocabularyScreen):
    template_name = "vocabularies/term_form.html"
    managing = True

    def get_page_title(self) -> str:
        return _("新建词条")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        initial = {"parent": self.request.GET.get("parent", "")}
        kwargs.setdefault("form", TermForm(vocabulary=self.vocabulary, initial=initial))
        return super().get_context_data(back=self.tree_url(), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = TermForm(request.POST, vocabulary=self.vocabulary)
        if form.is_valid():
            given = form.cleaned_data
            try:
                term = add_term(
                    self.vocabulary.code,
                    given["label"],
                    code=given["code"],
                    parent=get_term(self.vocabulary.code, given["parent"]) if given.get("parent") else None,
                    aliases=given["aliases"],
                    note=given["note"],
                    acting_user=request.user,  # type: ignore[arg-type]
                    reason=given["frame_reason"],
                )
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                messages.success(
                    request,
                    _("已新建“%(label)s”，代码 %(code)s；由另一名平台运维人员或监管员确认后可用。")
                    % {"label": term.label, "code": term.code},
                )
                return HttpResponseRedirect(self.tree_url())
        return self.render_to_response(self.get_context_data(form=form), status=400)


class TermView(VocabularyScreen):
    """The screen of one term: what it is, where it is used, its changes; for managers with a form to change it."""

    template_name = "vocabularies/term.html"

    def get_page_title(self) -> str:
        return self.term.label

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        term, code = self.term, self.vocabulary.code
        initial = {
            "label": term.label,
            "parent": term.parent.code if term.parent else "",
            "aliases": "\n".join(term.aliases),
            "note": term.note,
        }
        kwargs.setdefault("form", TermForm(vocabulary=self.vocabulary, editing=term.code, initial=initial))
        return super().get_context_data(
            answers=term_label(code, term.code) if term.merged_into_id else "",
            merged=term.merged.all(),
            children=term.children.order_by("order", "code"),
            sites=usage_per_site(code, term.code),
            changes=term.changes.select_related("acting_user")[:30],
            managing=is_manager_here(self.request.user),
            may_reclassify=code in RECLASSIFIABLE,
            waiting=(waiting := waiting_for(TERM, term.pk) if is_manager_here(self.request.user) else None),
            rows=compared(waiting) if waiting is not None else [],
            may_withdraw=waiting is not None and waiting.proposed_by_id == self.user().pk,
            back=self.tree_url(),
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_manager_here(request.user):
            return closed(request, MANAGERS)
        form = TermForm(request.POST, vocabulary=self.vocabulary, editing=self.term.code)
        if form.is_valid():
            given, user = form.cleaned_data, request.user
            try:
                rename_term(
                    self.term,
                    label=given["label"],
                    aliases=given["aliases"],
                    note=given["note"],
                    acting_user=user,  # type: ignore[arg-type]
                    reason=given["frame_reason"],
                )
                if "parent" in form.fields:
                    parent = get_term(self.vocabulary.code, given["parent"]) if given["parent"] else None
                    move_term(self.term, parent, acting_user=user)  # type: ignore[arg-type]
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                if waiting_for(TERM, self.term.pk) is not None:
                    said = _("文字改动由另一名平台运维人员或监管员确认后生效；其他改动已保存。")
                    messages.info(request, said)
                else:
                    messages.success(request, _("已保存。"))
                return HttpResponseRedirect(self.term_url())
        return self.render_to_response(self.get_context_data(form=form), status=400)


class ShiftView(VocabularyAdmission):
    """The buttons that move a term one place up or down; the answer leads back to its row."""

    managing = True
    http_method_names = ("post",)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        by = -1 if request.POST.get("way") == "up" else 1
        shift_term(self.term, by, acting_user=request.user)  # type: ignore[arg-type]
        more = "?retired=1" if request.POST.get("retired") else ""
        return HttpResponseRedirect(f"{self.tree_url()}{more}#term-{self.term.code}")


class RetireView(VocabularyScreen):
    """The screen that retires a term, with a reason, or offers a retired one again."""

    template_name = "vocabularies/retire.html"
    managing = True

    def get_page_title(self) -> str:
        return _("停用词条") if self.term.is_active else _("恢复使用")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        used = usage_counts(self.vocabulary.code).get(self.term.code, 0)
        return super().get_context_data(used=used, back=self.term_url(), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        user, reason = request.user, request.POST.get("reason", "").strip()[:200]
        try:
            if not self.term.is_active:
                restore_term(self.term, acting_user=user)  # type: ignore[arg-type]
                messages.success(request, _("“%(label)s”已恢复使用。") % {"label": self.term.label})
            elif not reason:
                raise Refused(_("请写明停用的理由。"))
            else:
                retire_term(self.term, acting_user=user, reason=reason)  # type: ignore[arg-type]
                messages.success(request, _("“%(label)s”已停用。") % {"label": self.term.label})
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        return HttpResponseRedirect(self.term_url())


class MergeView(VocabularyScreen):
    """The screen that merges a term into another: choose which, see what it means, confirm."""

    template_name = "vocabularies/merge.html"
    managing = True

    def get_page_title(self) -> str:
        return _("合并词条")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form(None))
        return super().get_context_data(back=self.term_url(), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=400)
        target = get_term(self.vocabulary.code, form.cleaned_data["target"])
        if target is None:
            form.add_error("target", _("请从列表中选择一个词条。"))
            return self.render_to_response(self.get_context_data(form=form), status=400)
        try:
            if reasons := reasons_against_merging(self.term, target):
                raise Refused(reasons)
            if "confirm" in request.POST:
                merge_terms(
                    self.term,
                    target,
                    acting_user=request.user,  # type: ignore[arg-type]
                    reason=form.cleaned_data["reason"],
                )
                messages.success(
                    request, _("“%(old)s”已并入“%(new)s”。") % {"old": self.term.label, "new": target.label}
                )
                return HttpResponseRedirect(self.term_url())
        except Refused as refusal:
            show_refusal(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=400)
        return self.render_to_response(self.get_context_data(form=form, preview=self._preview(target)))

    def _form(self, data: Any) -> TargetForm:
        return TargetForm(data, vocabulary=self.vocabulary, label=_("并入哪个词条"))

    def _preview(self, target: Term) -> dict[str, Any]:
        counts = usage_counts(self.vocabulary.code)
        return {
            "target": target,
            "label": term_label(self.vocabulary.code, target.code),
            "moving": counts.get(self.term.code, 0),
            "there": counts.get(target.code, 0),
            "sites": usage_per_site(self.vocabulary.code, self.term.code),
            "children": list(self.term.children.order_by("order", "code")),
        }


class ImportView(VocabularyScreen):
    """The screen that imports terms from a file: upload, see what would change, confirm."""

    template_name = "vocabularies/import.html"
    managing = True

    def get_page_title(self) -> str:
        return _("导入词条")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm())
        return super().get_context_data(back=self.tree_url(), **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form: ImportForm | None = None
        reason = request.POST.get(REASON, "")[:300]
        if "confirm" in request.POST:
            text = request.POST.get("text", "")
        else:
            form = ImportForm(request.POST, request.FILES)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form), status=400)
            text = form.cleaned_data["file"]
        user: Any = request.user
        try:
            preview = "confirm" not in request.POST
            result = import_terms(self.vocabulary.code, text, acting_user=user, preview=preview, reason=reason)
        except Refused as refusal:
            form = form or ImportForm()
            return self.refuse(refusal, status=400, form=form)
        if "confirm" in request.POST and not result.reasons:
            counts = {"added": len(result.added), "changed": len(result.changed), "retired": len(result.retired)}
            messages.success(
                request, _("已导入：新增 %(added)d 个，修改 %(changed)d 个，停用 %(retired)d 个。") % counts
            )
            if result.waiting:
                said = _("其中 %(waiting)d 个的文字由另一名平台运维人员或监管员确认后生效。")
                messages.info(request, said % {"waiting": len(result.waiting)})
            return HttpResponseRedirect(self.tree_url())
        status = 400 if result.reasons else 200
        return self.render_to_response(
            self.get_context_data(result=result, text=text, frame_reason=reason), status=status
        )
