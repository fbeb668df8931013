"""Synonyms, for those who keep them: the platform's operators and supervisors, with a preview of what a group does."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused

from ..asking.synonyms import Synonyms
from ..models import SynonymGroup
from ..synonyms.actions import add_synonyms, change_synonyms, import_synonyms, remove_synonyms
from ..synonyms.permissions import KEEPERS, reasons_against_keeping
from ..synonyms.queries import list_groups
from ..synonyms.shipped import groups_not_there
from ..synonyms.written import LONGEST_NOTE, MOST_WORDS, read_lines, reasons_against_words, write_lines
from .synonyms_effect import MOST_TRIED, effect_of

#: Characters that the form reads of its fields.
_LONGEST_WORDS, _LONGEST_LINES = 600, 100_000


class SynonymForm(forms.Form):
    """One group, one word a line."""

    words = forms.CharField(
        label=_("词语"),
        max_length=_LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一个，至少两个，最多 %(most)s 个。") % {"most": MOST_WORDS},
    )
    one_way = forms.BooleanField(
        label=_("单向"),
        required=False,
        help_text=_("勾选后，搜第一个词也找其余的词，反过来不找；例如简称在前。"),
    )
    enabled = forms.BooleanField(label=_("启用"), required=False, initial=True)
    note = forms.CharField(label=_("说明"), max_length=LONGEST_NOTE, required=False)
    tried = forms.CharField(
        label=_("试搜（仅用于预览）"),
        max_length=_LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("每行一个检索词；不填则用近期公众搜过的、含这些词语的检索词。"),
    )

    def clean_words(self) -> list[str]:
        words = [line.strip() for line in self.cleaned_data["words"].splitlines() if line.strip()]
        if reasons := reasons_against_words(words):
            raise forms.ValidationError(reasons)
        return words

    def fields_of_group(self) -> dict[str, Any]:
        """Return what the actions take."""
        return {name: self.cleaned_data[name] for name in ("words", "one_way", "enabled", "note")}

    def group(self) -> Synonyms:
        """Return the group as questions are built with it."""
        return Synonyms(tuple(self.cleaned_data["words"]), self.cleaned_data["one_way"])

    def questions(self) -> list[str]:
        """Return the questions that are to be tried."""
        return [line.strip() for line in self.cleaned_data["tried"].splitlines() if line.strip()][:MOST_TRIED]


class SynonymAdmission(Admission):
    """Admits those who keep the synonyms of the platform, in the supervising office's console."""

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return KEEPERS

    def may_open(self) -> bool:
        return self.tenant.is_console and not reasons_against_keeping(self.user())


class SynonymScreen(SynonymAdmission, Screen):
    """A screen of synonyms."""

    header_icon = "tag"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("synonyms"), str(SynonymsView.page_title))]


class SynonymsView(SynonymScreen):
    """The groups. With ``shipped`` in the address, the field for several groups has those that come along and are not
    there, to be read before they are added. POST: ``lines``, several groups at once, one a line.
    """

    template_name = "search/synonyms.html"
    page_title = _("检索同义词")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, shipped = self.asked("q", "state"), groups_not_there()
        if "shipped" in self.request.GET:
            kwargs.setdefault("lines", "".join(write_lines(shipped)))
        return super().get_context_data(
            page=self.page_of(list_groups(asked["q"], asked["state"])),
            query=self.other_filters(),
            asked=asked,
            filtered=any(asked.values()),
            any_at_all=SynonymGroup.objects.exists(),
            shipped=len(shipped),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        lines = request.POST.get("lines", "")[:_LONGEST_LINES]
        try:
            groups, faults = read_lines(lines)
            if not groups and not faults:
                raise Refused(_t("请写出要添加的同义词，每行一组。"))
            done = import_synonyms(groups, faults, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, lines=lines)
        messages.success(request, _t("已导入：新增 %(added)s 组，修改 %(changed)s 组。") % done)
        return redirect("synonyms")


class AddSynonymsView(SynonymScreen):
    """The form that adds a group. POST with ``act=preview``: shows what it would do, and adds nothing."""

    template_name = "search/synonym_group.html"
    page_title = _("添加同义词")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", SynonymForm())
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SynonymForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            if request.POST.get("act") == "preview":
                effects = effect_of(form.group(), form.questions())
                return self.render_to_response(self.get_context_data(form=form, effects=effects, previewed=True))
            group = add_synonyms(**form.fields_of_group(), acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, form=form)
        messages.success(request, _t("已添加“%(group)s”。") % {"group": group})
        return redirect("synonyms")


class SynonymGroupView(SynonymScreen):
    """One group. POST: ``act`` is change, preview or remove."""

    template_name = "search/synonym_group.html"
    group: SynonymGroup

    def find(self, **named: Any) -> None:
        self.group = get_object_or_404(SynonymGroup, pk=named["group_id"])

    def get_page_title(self) -> str:
        return str(self.group)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = ("one_way", "enabled", "note")
        initial = {name: getattr(self.group, name) for name in names} | {"words": "\n".join(self.group.words)}
        kwargs.setdefault("form", SynonymForm(initial=initial))
        return super().get_context_data(group=self.group, **kwargs)

    def post(self, request: HttpRequest, group_id: int) -> HttpResponse:
        act, form = request.POST.get("act", ""), SynonymForm(request.POST)
        try:
            if act == "remove":
                remove_synonyms(self.group, acting_user=self.user())
                messages.success(request, _t("已删除“%(group)s”。") % {"group": self.group})
                return redirect("synonyms")
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            if act == "preview":
                effects = effect_of(form.group(), form.questions(), instead_of=self.group.pk)
                return self.render_to_response(self.get_context_data(form=form, effects=effects, previewed=True))
            group = change_synonyms(self.group, **form.fields_of_group(), acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, form=form) if act != "remove" else self.refuse(refusal)
        messages.success(request, _t("已保存“%(group)s”。") % {"group": group})
        return redirect("synonyms")
