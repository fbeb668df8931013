"""The screen of the audit record: a site's auditor reads the site's chain, the platform's auditor all of them."""

from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import AUDITOR
from govplatform.accounts.screens.screen import Screen
from govplatform.audit.chain import ANCHOR_ACT, find_chain_faults
from govplatform.audit.models import PLATFORM_CHAIN, AnchoredHead, Entry
from govplatform.audit.queries import kinds_in
from govplatform.days import parse_day
from govplatform.refusals import Refused
from govplatform.spreadsheets.writing import CONTENT_TYPES
from govplatform.tenancy.models import Tenant

from .audit_export import MOST_IN_BROWSER, Asked, entries_asked, export_entries
from .audit_sentences import kind_label, names_in, page_of_entry, say
from .audit_words import ACTS

_CONTENT_TYPES = MappingProxyType({**CONTENT_TYPES, "jsonl": "application/jsonl"})
_IN_MEMORY = 8 << 20
ENTRIES_PER_PAGE = 50


class TimelineView(Screen):
    """GET: the entries, newest first, filtered. POST, for the platform's auditor: verify every chain now."""

    template_name = "console/audit_timeline.html"
    page_title = _("审计记录")
    header_icon = "history"
    roles = frozenset({AUDITOR.code})

    def post(self, request: HttpRequest) -> HttpResponse:
        if not self.tenant.is_console:
            return self.closed()
        checked, faults = find_chain_faults()
        return self.render_to_response(
            self.get_context_data(verified={"checked": checked, "faults": faults, "at": timezone.now()})
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.filters_asked()
        page = self.page_of(entries_asked(asked), ENTRIES_PER_PAGE)
        return super().get_context_data(
            media=forms.Media(),
            page=page,
            days=entries_by_day(list(page)),
            query=self.other_filters(),
            filters=self._filters(asked),
            most=MOST_IN_BROWSER,
            tenant=self.tenant,
            anchor=self._anchor() if self.tenant.is_console else None,
            **kwargs,
        )

    def filters_asked(self) -> Asked:
        """The filters as the address has them; days and acts that are none are no filters."""
        given = self.asked("act", "chain", "person", "title", "kind", "since", "until")
        return Asked(
            chain=(given["chain"] or PLATFORM_CHAIN) if self.tenant.is_console else str(self.tenant.schema_name),
            act=given["act"] if given["act"] in ACTS else "",
            person=given["person"],
            title=given["title"],
            kind=given["kind"],
            since=parse_day(given["since"]),
            until=parse_day(given["until"]),
        )

    def _filters(self, asked: Asked) -> dict[str, Any]:
        chains = []
        if self.tenant.is_console:
            chains = [
                (PLATFORM_CHAIN, _("平台")),
                *Tenant.objects.order_by("code").values_list("schema_name", "full_name"),
            ]
        kinds = [(label, name) for label in kinds_in(asked.chain) if (name := kind_label(label))]
        return {
            "acts": sorted(((code, str(label)) for code, label in ACTS.items()), key=lambda pair: pair[1]),
            "chains": chains,
            "kinds": sorted(kinds, key=lambda pair: pair[1]),
            "asked": asked,
            "any": bool(asked.in_words()),
        }

    def _anchor(self) -> dict[str, Any] | None:
        last = Entry.objects.filter(chain=PLATFORM_CHAIN, act=ANCHOR_ACT).order_by("-number").first()
        return {"at": last.at, "chains": AnchoredHead.objects.count()} if last else None


class ExportView(TimelineView):
    """POST: the entries that the filters of the time line name, as a file; refusals stand on the time line."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:  # type: ignore[override]
        asked, kind = self.filters_asked(), request.POST.get("format", "")
        try:
            pieces, _number = export_entries(asked, kind, acting_user=self.user(), most=MOST_IN_BROWSER)
        except Refused as refusal:
            return self.refuse(refusal)
        # Before the answer begins: what is read from the database is read in the schema and connection of the request.
        whole = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (the answer closes it)
        whole.writelines(pieces)
        whole.seek(0)
        name = f"audit-{asked.chain}-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
        return FileResponse(whole, as_attachment=True, filename=name, content_type=_CONTENT_TYPES[kind])


def entries_by_day(entries: list[Entry]) -> list[dict[str, Any]]:
    """Group entries by day, in the order given: ``[{"day": date, "entries": [line]}]``.

    ``line``: ``{"entry", "said", "site", "page"}``; ``said`` is the entry in the reader's words
    (``audit_sentences.Said``), ``site`` and ``page`` the code and key of the document that it is about, if of one.
    """
    days: list[dict[str, Any]] = []
    names = names_in(entries)
    pages = {entry.pk: page for entry in entries if (page := page_of_entry(entry)) is not None}
    chains = {entry.chain for entry in entries if entry.pk in pages}
    codes = dict(Tenant.objects.filter(schema_name__in=chains).values_list("schema_name", "code")) if chains else {}
    for entry in entries:
        day = timezone.localtime(entry.at).date()
        if not days or days[-1]["day"] != day:
            days.append({"day": day, "entries": []})
        line = {"entry": entry, "said": say(entry, names), "site": codes.get(entry.chain), "page": pages.get(entry.pk)}
        days[-1]["entries"].append(line)
    return days
