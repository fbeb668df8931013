"""The words of a dictionary and the allow-list, for those who keep them."""

from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import REVIEWER_CODES
from govplatform.accounts.screens.screen import Admission, Screen
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number
from govplatform.tenancy.models import Tenant
from govplatform.ways_of_writing import named_in

from .actions import add_word, allow_value, change_word, heed_word, ignore_word, retire_word, revoke_value
from .forms import AllowForm, WordForm
from .models import AllowedValue, Word, WordIgnore
from .permissions import PLATFORM_ROLES, reasons_against_keeping, scope_of
from .queries import visible_values, visible_words

WORDS_PER_PAGE = 50
_STATES = MappingProxyType(
    {
        "active": _("在用"),
        "later": _("尚未生效"),
        "over": _("已失效"),
        "ignored": _("本站忽略"),
        "retired": _("已停用"),
    }
)


class KeeperAdmission(Admission):
    """Admits the people who keep a dictionary.

    ``scope``: whose it is; None for the platform's, in the console tenant.
    """

    scope: Tenant | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.scope = scope_of(self.tenant)

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return REVIEWER_CODES | PLATFORM_ROLES

    def may_open(self) -> bool:
        return not reasons_against_keeping(self.user(), self.scope)


class KeeperScreen(KeeperAdmission, Screen):
    """A screen of the dictionary or the allow-list."""

    header_icon = "list-ul"

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("dictionary"), _t("词库"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("media", forms.Media())
        return super().get_context_data(scope=self.scope, **kwargs)


class WordsView(KeeperScreen):
    """The list of words with its filters."""

    template_name = "dictionaries/words.html"
    page_title = _("词库")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = self.request.GET
        whose = given.get("of", "")
        state = given.get("state", "active")
        words = visible_words(self.scope)
        any_at_all = words.exists()
        words = self._filtered(words, state)
        return super().get_context_data(
            page=self.page_of(words.order_by("word", "pk"), WORDS_PER_PAGE),
            any_at_all=any_at_all,
            query=self.other_filters(),
            kinds=Word.Kind.choices,
            severities=Word.Severity.choices,
            states=[(code, label) for code, label in _STATES.items() if self.scope or code != "ignored"],
            chosen={"q": given.get("q", ""), "kind": given.get("kind", ""), "severity": given.get("severity", "")},
            state=state,
            whose=whose,
            filtered=any(given.get(name) for name in ("q", "kind", "severity", "of", "state")),
            today=timezone.localdate(),
            **kwargs,
        )

    def _filtered(self, words: QuerySet[Word], state: str) -> QuerySet[Word]:
        given, today = self.request.GET, timezone.localdate()
        words = words.filter(named_in(given.get("q", ""), "word", "suggestion", "note"))
        for name in ("kind", "severity"):
            if given.get(name):
                words = words.filter(**{name: given[name].replace("\x00", "")})
        if self.scope is not None and given.get("of") in ("site", "platform"):
            words = words.filter(tenant__isnull=given["of"] == "platform")
        active = words.filter(state=Word.State.ACTIVE)
        return {
            "active": active.filter(Q(effective_from__isnull=True) | Q(effective_from__lte=today)).filter(
                Q(effective_until__isnull=True) | Q(effective_until__gte=today)
            ),
            "later": active.filter(effective_from__gt=today),
            "over": active.filter(effective_until__lt=today),
            "ignored": active.filter(ignored=True),  # type: ignore[misc]
            "retired": words.filter(state=Word.State.RETIRED),
        }.get(state, active)


class AddWordView(KeeperScreen):
    """The form that adds a word."""

    template_name = "dictionaries/add.html"
    page_title = _("添加词语")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WordForm(initial={"word": self.request.GET.get("word", "")}))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = WordForm(request.POST)
        if form.is_valid():
            try:
                word = add_word(self.scope, acting_user=self.user(), **form.texts())
            except Refused as refusal:
                self.tell(refusal)
            else:
                messages.success(request, _t("已添加“%(word)s”。") % {"word": word})
                return redirect("dictionary_add" if "another" in request.POST else "dictionary")
        return self.render_to_response(self.get_context_data(form=form))


class WordView(KeeperScreen):
    """One word with its history: its keepers change and retire it, a site ignores one of the platform's."""

    template_name = "dictionaries/word.html"

    def get_page_title(self) -> str:
        return str(self._word())

    def _word(self) -> Word:
        if not hasattr(self, "_found"):
            self._found: Word = get_object_or_404(visible_words(self.scope), pk=self.kwargs["word_id"])
        return self._found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        word = self._word()
        own = word.tenant_id == (self.scope.pk if self.scope else None)
        names = ("word", "kind", "severity", "suggestion", "note", "effective_from", "effective_until")
        if own and word.state == Word.State.ACTIVE:
            kwargs.setdefault("form", WordForm(initial={name: getattr(word, name) for name in names}))
        changes = word.changes.all()
        if self.scope is not None:
            # Which words other sites ignore, and why, is not shown to this one.
            changes = changes.filter(site__in=["", self.scope.code])
        return super().get_context_data(
            word=word,
            own=own,
            active=word.state == Word.State.ACTIVE,
            ignore=WordIgnore.objects.filter(word=word, tenant=self.scope).select_related("person").first(),
            changes=[{"change": change, "values": _shown(change.values)} for change in changes[:200]],
            **kwargs,
        )

    def post(self, request: HttpRequest, word_id: int) -> HttpResponse:
        word, act, reason = self._word(), request.POST.get("act", ""), request.POST.get("reason", "")
        form = WordForm(request.POST)
        try:
            if act == "change":
                if not form.is_valid():
                    return self.render_to_response(self.get_context_data(form=form))
                change_word(word, acting_user=self.user(), **form.texts())
                done = _t("已保存。")
            elif act == "retire":
                retire_word(word, reason=reason, acting_user=self.user())
                done = _t("已停用“%(word)s”。") % {"word": word}
            elif act == "ignore" and self.scope is not None:
                ignore_word(word, self.scope, reason=reason, acting_user=self.user())
                done = _t("本站不再提示“%(word)s”。") % {"word": word}
            elif act == "heed" and self.scope is not None:
                heed_word(word, self.scope, reason=reason, acting_user=self.user())
                done = _t("本站重新提示“%(word)s”。") % {"word": word}
            else:
                raise Http404
        except Refused as refusal:
            self.tell(refusal)
            return self.render_to_response(self.get_context_data(**({"form": form} if act == "change" else {})))
        messages.success(request, done)
        return redirect("dictionary_word", word_id)


class AllowedView(KeeperScreen):
    """The allow-list; adding and revoking a value need a reason."""

    template_name = "dictionaries/allowed.html"
    page_title = _("白名单")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", AllowForm())
        values = visible_values(self.scope)
        text = self.asked("q")["q"]
        values = values.filter(named_in(text, "value", "reason"))
        active = values.filter(state=AllowedValue.State.ACTIVE)
        page = self.page_of(active, WORDS_PER_PAGE)
        own = self.scope.pk if self.scope else None
        return super().get_context_data(
            page=page,
            query=self.other_filters(),
            rows=[{"value": value, "own": value.tenant_id == own} for value in page],
            revoked=values.filter(state=AllowedValue.State.REVOKED).order_by("-revoked_at")[:20],
            wanted=text,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AllowForm(request.POST)
        try:
            if "revoke" in request.POST:
                allowed = get_object_or_404(visible_values(self.scope), pk=row_number(request.POST["revoke"]))
                revoke_value(allowed, reason=request.POST.get("reason", ""), acting_user=self.user())
                messages.success(request, _t("已撤销“%(value)s”。") % {"value": allowed})
                return redirect("dictionary_allowed")
            if form.is_valid():
                allowed = allow_value(self.scope, acting_user=self.user(), **form.cleaned_data)
                messages.success(request, _t("“%(value)s”已列入白名单。") % {"value": allowed})
                return redirect("dictionary_allowed")
        except Refused as refusal:
            self.tell(refusal)
        return self.render_to_response(self.get_context_data(**({} if "revoke" in request.POST else {"form": form})))


def _shown(values: dict[str, str]) -> list[tuple[Any, str]]:
    """(label, text) of a change's values in the reader's words."""
    words = {"kind": dict(Word.Kind.choices), "severity": dict(Word.Severity.choices)}
    return [
        (Word._meta.get_field(name).verbose_name, str(words.get(name, {}).get(text, text)))  # type: ignore[union-attr]
        for name, text in values.items()
    ]
