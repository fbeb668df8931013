"""The screens of 网站设置: record and look, columns, home page; on the console of the site itself."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import SITE_ADMIN
from govplatform.accounts.screens.screen import Screen
from govplatform.lifecycle.site_facts import facts_of
from govplatform.lifecycle.site_record import FILED, SITE_RECORD
from govplatform.refusals import Refused
from govplatform.review.frame.actions import withdraw_words
from govplatform.review.frame.forms import show_refusal, words_of
from govplatform.review.frame.kinds import kind_of
from govplatform.review.frame.queries import waiting_for
from govplatform.review.models import FrameProposal
from govplatform.tenancy.models import Tenant
from sites.columns.actions import arrange_columns, change_column
from sites.columns.models import Column
from sites.home.frame_words import HOME
from sites.home.layout import PICTURE, ROWS
from sites.home.models import HomePage

from .actions import change_site, home_page
from .fields import Asked
from .forms import (
    PROPOSED,
    ColumnForm,
    LookForm,
    TraditionalForm,
    WordsForm,
    rows_formset,
    section_rows,
    sections_asked,
)
from .pictures import add_frame_picture


class SiteScreen(Screen):
    """A screen of 网站设置, for the site's administrator."""

    header_icon = "cogs"
    roles = frozenset({SITE_ADMIN.code})
    #: URL name of the tab that is open.
    tab = "site_settings"

    def may_open(self) -> bool:
        return super().may_open() and not self.tenant.is_console

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("site_settings"), _t("网站设置"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tabs = [
            {"url": reverse(name), "label": label, "current": name == self.tab}
            for name, label in (
                ("site_settings", _t("登记信息与外观")),
                ("site_settings_columns", _t("栏目")),
                ("site_settings_home", _t("首页")),
                ("site_settings_writers", _t("写稿范围")),
            )
        ]
        return super().get_context_data(tabs=tabs, **kwargs)

    def change(self, asked: Asked, *, reason: str = "") -> list[FrameProposal]:
        """Change the site and say what became of it. Raises Refused."""
        waits = change_site(self.tenant, asked, acting_user=self.user(), reason=reason)
        self.say(waits)
        return waits

    def say(self, waits: list[FrameProposal]) -> None:
        own = [proposal for proposal in waits if proposal.proposed_by_id == self.user().pk]
        if not own:
            messages.success(self.request, _t("已保存。"))
        for proposal in own:
            who = _t("平台运维人员或监管员") if proposal.kind == SITE_RECORD.code else _t("本站的内容审核人员")
            said = _t("已提交，由%(who)s确认后生效；在此之前公众看到的不变。") % {"who": who}
            messages.info(self.request, said)


class SettingsView(SiteScreen):
    """Names and numbers, look and colours; what is filed, with the way there. Each form is saved by itself."""

    template_name = "managing/settings.html"
    page_title = _("网站设置")

    def crumbs(self) -> list[tuple[str, str]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = Tenant.objects.select_related("parent").get(pk=self.tenant.pk)
        labels, texts = SITE_RECORD.labels(), SITE_RECORD.texts_of(site)
        kwargs.setdefault("words_form", WordsForm(instance=site))
        kwargs.setdefault("look_form", LookForm(initial=facts_of(site)))
        kwargs.setdefault("traditional_form", TraditionalForm(initial=facts_of(site)))
        return super().get_context_data(
            site=site,
            filed=[{"label": labels[name], "value": texts[name]} for name in FILED],
            host=site.public_host,
            **words_of(SITE_RECORD, site.pk, reader=self.user()),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if "withdraw" in request.POST:
            return self._withdraw()
        name, form = self._form_of(request)
        if form.is_valid():
            given = form.cleaned_data
            asked = (
                Asked(record={name: given[name] or "" for name in PROPOSED})
                if isinstance(form, WordsForm)
                else Asked(facts=given)
            )
            try:
                self.change(asked, reason=given.get("frame_reason", ""))
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                return HttpResponseRedirect(reverse("site_settings"))
        return self.render_to_response(self.get_context_data(**{name: form}), status=400)

    def _form_of(self, request: HttpRequest) -> tuple[str, forms.BaseForm]:
        """The form that was sent, with the name under which the template knows it."""
        if "look" in request.POST:
            return "look_form", LookForm(request.POST)
        if "traditional_pages" in request.POST:
            return "traditional_form", TraditionalForm(request.POST)
        return "words_form", WordsForm(request.POST, instance=Tenant.objects.get(pk=self.tenant.pk))

    def _withdraw(self) -> HttpResponse:
        waiting = waiting_for(SITE_RECORD, self.tenant.pk)
        try:
            if waiting is None:
                raise Refused(_t("没有待确认的改动。"))
            withdraw_words(waiting, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        messages.success(self.request, _t("改动已撤回。"))
        return HttpResponseRedirect(reverse("site_settings"))


class ColumnsView(SiteScreen):
    """All columns as a tree; those with the same parent are put in order by dragging or by the buttons."""

    template_name = "managing/columns.html"
    page_title = _("栏目设置")
    tab = "site_settings_columns"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        columns = list(Column.objects.order_by("path"))
        kind = kind_of(Column)
        waiting = set(
            FrameProposal.objects.filter(kind=kind.code if kind else "", state=FrameProposal.State.WAITING).values_list(
                "object_id", flat=True
            )
        )
        return super().get_context_data(
            groups=_groups(columns),
            total=len(columns),
            waiting=waiting,
            home=HomePage.objects.first(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """``parent``: whose columns; ``order``: their ids; or ``up`` / ``down``: the id of the one to be moved."""
        try:
            home = home_page()
            parent = home if request.POST.get("parent") == str(home.pk) else self._column(request.POST.get("parent"))
            order = [int(one) for one in request.POST.getlist("order") if one.isascii() and one.isdecimal()]
            _shift(order, request.POST.get("up", ""), -1)
            _shift(order, request.POST.get("down", ""), 1)
            changed = arrange_columns(parent, order, acting_user=self.user())
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        moved = request.POST.get("up") or request.POST.get("down") or ""
        messages.success(request, _t("栏目顺序已保存。") if changed else _t("栏目顺序没有变化。"))
        at = f"#column-{moved}" if moved.isdecimal() else ""
        return HttpResponseRedirect(reverse("site_settings_columns") + at)

    def _column(self, given: str | None) -> Column:
        found = (
            Column.objects.filter(pk=int(given)).first() if given and given.isdecimal() and len(given) < 10 else None
        )
        if found is None:
            raise Refused(_t("没有这一栏目，可能刚被删除。请重新打开这一页。"))
        return found


class ColumnView(SiteScreen):
    """One column: its words, which wait for a reviewer, and everything else of it, which does not."""

    template_name = "managing/column.html"
    tab = "site_settings_columns"

    def find(self, **named: Any) -> None:
        self.column = get_object_or_404(Column, pk=named["page_pk"])

    def get_page_title(self) -> str:
        return _t("栏目设置：%(title)s") % {"title": self.column.title}

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("site_settings_columns"), _t("栏目"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ColumnForm(instance=self.column))
        kind = kind_of(self.column)
        assert kind is not None
        return super().get_context_data(
            column=self.column, **words_of(kind, self.column.pk, reader=self.user()), **kwargs
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        form = ColumnForm(request.POST, instance=Column.objects.get(pk=self.column.pk))
        if form.is_valid():
            try:
                # By its number: a site may have two columns of one slug.
                waits = _change_column(self, form)
            except Refused as refusal:
                show_refusal(form, refusal)
            else:
                self.say(waits)
                return HttpResponseRedirect(reverse("site_settings_columns"))
        return self.render_to_response(self.get_context_data(form=form), status=400)


class HomeView(SiteScreen):
    """The sections of the home page in their order and form, and the way to the rows on it."""

    template_name = "managing/home.html"
    page_title = _("首页布局")
    tab = "site_settings_home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        home = home_page()
        kwargs.setdefault("sections", section_rows(home.sections))
        lists = [
            {"label": spec.label, "url": reverse("site_settings_rows", args=[name]), "count": len(getattr(home, name))}
            for name, spec in ROWS.items()
        ]
        return super().get_context_data(lists=lists, home=home, **words_of(HOME, home.pk, reader=self.user()), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        rows = section_rows(home_page().sections, request.POST)
        # All of them: each says what is wrong with it.
        if False not in [row["form"].is_valid() for row in rows]:
            asked = sections_asked(rows)
            try:
                if not asked:
                    raise Refused(_t("首页至少要显示一个版块。"))
                self.change(Asked(home={"sections": asked}))
            except Refused as refusal:
                return self.refuse(refusal, status=400, sections=rows)
            return HttpResponseRedirect(reverse("site_settings_home"))
        return self.render_to_response(self.get_context_data(sections=rows), status=400)


class RowsView(SiteScreen):
    """One list of the home page: carousel, notices, links and the like. What is saved waits for a reviewer."""

    template_name = "managing/rows.html"
    tab = "site_settings_home"

    def find(self, **named: Any) -> None:
        self.name = named["list_name"]
        if self.name not in ROWS:
            raise Http404

    def get_page_title(self) -> str:
        return str(ROWS[self.name].label)

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (reverse("site_settings_home"), _t("首页"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        home = home_page()
        kwargs.setdefault("formset", rows_formset(self.name, self._present(home)))
        kwargs.setdefault("reason", "")
        words = words_of(HOME, home.pk, reader=self.user())
        # What waits of other lists is shown with them.
        words["rows"] = [row for row in words["rows"] if row.field == self.name]
        return super().get_context_data(
            spec=ROWS[self.name],
            name=self.name,
            with_pictures=PICTURE in ROWS[self.name].parts,
            **words,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_named: Any) -> HttpResponse:
        reason = request.POST.get("frame_reason", "")[:300]
        formset = rows_formset(self.name, self._present(home_page()), request.POST, request.FILES)
        if not formset.is_valid():
            return self.render_to_response(self.get_context_data(formset=formset, reason=reason), status=400)
        stored: list[Any] = []
        try:
            with transaction.atomic():
                rows = [self._row(form, stored) for form in _in_order(formset)]
                waits = change_site(
                    self.tenant,
                    Asked(home={self.name: [row for row in rows if row]}),
                    acting_user=self.user(),
                    reason=reason,
                )
        except Refused as refusal:
            for image in stored:
                image.file.storage.delete(image.file.name)
            return self.refuse(refusal, status=400, formset=formset, reason=reason)
        self.say(waits)
        return HttpResponseRedirect(reverse("site_settings_rows", args=[self.name]))

    def _present(self, home: HomePage) -> list[dict[str, Any]]:
        """The rows that the reader goes on from: their own that wait, else those that citizens see."""
        waiting = words_of(HOME, home.pk, reader=self.user())
        proposal = waiting["waiting"]
        own = proposal is not None and waiting["may_withdraw"] and self.name in proposal.after
        rows: list[dict[str, Any]] = proposal.after[self.name] if own else getattr(home, self.name)
        return rows

    def _row(self, form: Any, stored: list[Any]) -> dict[str, Any]:
        given = form.cleaned_data
        row = {part: given.get(part) for part in ROWS[self.name].parts if given.get(part)}
        if upload := given.get("upload"):
            title = row.get("alt") or row.get("title") or str(ROWS[self.name].label)
            image = add_frame_picture(upload, title=title, acting_user=self.user())
            stored.append(image)
            row[PICTURE] = image.pk
        if "until" in row:
            row["until"] = row["until"].isoformat()
        return row


# --- inside ------------------------------------------------------------------------------


def _change_column(screen: SiteScreen, form: ColumnForm) -> list[FrameProposal]:
    column = Column.objects.get(pk=form.instance.pk)
    change_column(column, acting_user=screen.user(), reason=form.cleaned_data["frame_reason"], **form.asked())
    kind = kind_of(column)
    proposal = waiting_for(kind, column.pk) if kind is not None else None
    return [proposal] if proposal is not None else []


def _in_order(formset: Any) -> list[Any]:
    kept = [form for form in formset.forms if form not in formset.deleted_forms]
    if not formset.can_order:
        return kept
    return sorted(kept, key=lambda form: (form.cleaned_data.get("ORDER") is None, form.cleaned_data.get("ORDER") or 0))


def _shift(order: list[int], given: str, by: int) -> None:
    if not (given.isascii() and given.isdecimal()) or int(given) not in order:
        return
    place = order.index(int(given))
    to = min(max(place + by, 0), len(order) - 1)
    order.insert(to, order.pop(place))


def _groups(columns: list[Column]) -> list[dict[str, Any]]:
    """``[{"parent", "columns": [{"column", "first", "last"}]}]``: the columns below each parent, topmost first."""
    by_path = {column.path: column for column in columns}
    groups: dict[str, list[Column]] = {}
    for column in columns:
        groups.setdefault(column.path[: -Column.steplen], []).append(column)
    return [
        {
            "parent": by_path.get(path),
            "columns": [
                {"column": column, "first": column is below[0], "last": column is below[-1]} for column in below
            ],
        }
        for path, below in groups.items()
    ]
