"""The screen on which rules per template are written, and tried at once on the pages of a crawl."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from govplatform.downloads import as_download
from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from .actions import change_arrival
from .forms import RuleForm, initial_of
from .kept_report import report_lines
from .models import SurveyedAddress
from .permissions import PREPARERS
from .reading.rules import TemplateRule, write_rules
from .survey import rules_from
from .trying import Trial, page_for, try_rules
from .views import OneArrivalScreen

_CHOICES = 30


class RulesScreen(OneArrivalScreen):
    """A screen on the rules of an arrival, for those who prepare it."""

    roles = PREPARERS

    def crumbs(self) -> list[tuple[str, str]]:
        title = _("接收 %(host)s") % {"host": self.arrival.host}
        return [*super().crumbs(), (reverse("arrival", args=[self.arrival.pk]), title)]

    def rules(self) -> list[TemplateRule]:
        """The rules of the arrival as they are stored; none where their text is faulty."""
        try:
            return rules_from(self.arrival.rules) if self.arrival.rules.strip() else []
        except Refused:
            return []

    def number(self) -> int | None:
        """Which rule is changed, from 0; None for a new one."""
        given = self.request.POST.get("rule", self.request.GET.get("rule", ""))
        number = row_number(given)
        return number - 1 if number and number <= len(self.rules()) else None

    def line(self) -> SurveyedAddress | None:
        """The page that the rules are tried on: the one asked for, else one that the rule at hand holds for, else the
        most doubtful, else any.
        """
        pages = report_lines(self.arrival).exclude(content="")
        asked = row_number(self.request.POST.get("line", self.request.GET.get("line", "")))
        if asked and (found := pages.filter(pk=asked).first()):
            return found
        if (number := self.number()) is not None and (fitting := page_for(self.arrival, self.rules(), number)):
            return fitting
        return pages.filter(doubtful=True).first() or pages.filter(result="page").first() or pages.first()

    def trial(self, form: RuleForm) -> Trial:
        """Try what the form says beside the other rules. Raises Refused with its faults, each with its field."""
        line = self.line()
        if line is None:
            raise Refused(_("报告里没有网页可以试用规则，请先预检。"))
        if not form.is_valid():
            raise Refused([str(message) for errors in form.errors.values() for message in errors])
        rule, rules, number = form.rule(), self.rules(), self.number()
        if not any(value for name, value in rule.to_json().items() if name not in ("name", "addresses")):
            # Nothing is told yet: the page as it is read without a rule of its own.
            others = [one for index, one in enumerate(rules) if index != number]
            return try_rules(self.arrival, line, others, None)
        rules_from(write_rules([rule]))
        at = len(rules) if number is None else number
        return try_rules(self.arrival, line, [*rules[:at], rule, *rules[at + 1 :]], at)


class RulesView(RulesScreen):
    """GET shows a rule and what it makes of a page; POST saves it, removes it, or takes the whole text of rules."""

    template_name = "arrivals/rules.html"

    def get_page_title(self) -> str:
        return _("模板规则")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rules, number, line = self.rules(), self.number(), self.line()
        if "form" not in kwargs:
            initial = {"addresses": _suggested(line.address)} if line else {}
            kwargs["form"] = RuleForm(initial=initial if number is None else initial_of(rules[number]))
        words = self.asked("q")["q"]
        pages = report_lines(self.arrival, words=words).exclude(content="")
        return super().get_context_data(
            arrival=self.arrival,
            rules=list(enumerate(rules, start=1)),
            number=None if number is None else number + 1,
            line=line,
            words=words,
            choices=list(pages.order_by("-doubtful", "number")[:_CHOICES]),
            may_save=bool(self.arrival.crawl) and not self.arrival.working,
            text=self.request.POST.get("text", self.arrival.rules),
            **kwargs,
            **({} if "trial" in kwargs or line is None else self._tried(kwargs["form"], rules, number)),
        )

    def _tried(self, form: RuleForm, rules: list[TemplateRule], number: int | None) -> dict[str, Any]:
        given = form.data if form.is_bound else {**form.initial}
        try:
            return {"trial": self.trial(RuleForm(given))}
        except Refused as refusal:
            return {"trial_reasons": refusal.reasons}

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        form = RuleForm(request.POST)
        act = request.POST.get("act", "")
        try:
            if act == "save":
                self._save(form)
            elif act == "remove":
                self._remove()
            elif act == "text":
                self._change(request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n"))
            elif act != "try":
                raise Refused(_("请选择一项操作。"))
        except Refused as refusal:
            return self.refuse(refusal, status=400, **({"form": form} if act in ("save", "try") else {}))
        if act == "try":
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, _("规则已保存，正在按新规则重新预检。"))
        return HttpResponseRedirect(reverse("arrival", args=[self.arrival.pk]))

    def _save(self, form: RuleForm) -> None:
        if not form.is_valid():
            raise Refused([str(message) for errors in form.errors.values() for message in errors])
        rules, number = self.rules(), self.number()
        at = len(rules) if number is None else number
        self._change(write_rules([*rules[:at], form.rule(), *rules[at + 1 :]]))

    def _remove(self) -> None:
        rules, number = self.rules(), self.number()
        if number is None:
            raise Refused(_("没有这条规则，请刷新后重新选择。"))
        self._change(write_rules(rules[:number] + rules[number + 1 :]))

    def _change(self, text: str) -> None:
        arrival = self.arrival
        change_arrival(arrival, acting_user=self.user(), rules=text, column=arrival.column, limit=arrival.limit)


class TryView(RulesScreen):
    """What the rule that is being written makes of a page, as ``{"html"}``; asked for at every change of it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            shown: dict[str, Any] = {"trial": self.trial(RuleForm(request.POST))}
        except Refused as refusal:
            shown = {"trial_reasons": refusal.reasons}
        return JsonResponse({"html": render_to_string("arrivals/trial.html", shown, request)})


class RulesFileView(RulesScreen):
    """The rules as the file that the verb takes with ``--rules``."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = f"rules-{self.arrival.host}-{self.arrival.pk}.toml"
        return as_download(HttpResponse(self.arrival.rules, content_type="application/toml; charset=utf-8"), name)


def _suggested(address: str) -> str:
    """A pattern for the pages that lie beside an address."""
    parts = urlsplit(address)
    path = parts.path
    if parts.query:
        # One script shows all of them; the question mark of a pattern stands for any one character, so for itself too.
        return f"{path}?*"
    folder, _slash, name = path.rpartition("/")
    ending = name.rpartition(".")[2] if "." in name else ""
    return f"{folder}/*.{ending}" if ending else f"{folder}/*"
