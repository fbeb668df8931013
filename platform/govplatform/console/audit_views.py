"""The screen of the audit record: a site's auditor reads the site's chain, the platform's auditor all of them."""

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.roles import AUDITOR, ROLES
from govplatform.accounts.screens.screen import Screen
from govplatform.audit.actions import ANONYMOUS
from govplatform.audit.actors import actor_in_words
from govplatform.audit.chain import ANCHOR_ACT, find_chain_faults
from govplatform.audit.models import PLATFORM_CHAIN, AnchoredHead, Entry
from govplatform.days import parse_day
from govplatform.tenancy.models import Tenant
from govplatform.ways_of_writing import named_in

from .audit_words import ACTS, DETAIL_WORDS, VALUE_WORDS, act_label

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
        entries = self._filtered()
        page = self.page_of(entries, ENTRIES_PER_PAGE)
        return super().get_context_data(
            media=forms.Media(),
            page=page,
            days=entries_by_day(list(page)),
            query=self.other_filters(),
            filters=self._filters(),
            tenant=self.tenant,
            anchor=self._anchor() if self.tenant.is_console else None,
            **kwargs,
        )

    def _chain(self) -> str:
        if not self.tenant.is_console:
            return str(self.tenant.schema_name)
        return self.request.GET.get("chain") or PLATFORM_CHAIN

    def _filtered(self) -> QuerySet[Entry]:
        given = self.request.GET
        entries = Entry.objects.filter(chain=self._chain()).order_by("-number")
        if given.get("act"):
            entries = entries.filter(act=given["act"])
        entries = entries.filter(named_in(given.get("q", ""), "actor_name", "object_title"))
        if since := _day(given.get("since", "")):
            entries = entries.filter(at__gte=since)
        if until := _day(given.get("until", "")):
            entries = entries.filter(at__lt=until + timedelta(days=1))
        return entries

    def _filters(self) -> dict[str, Any]:
        given = self.request.GET
        chains = []
        if self.tenant.is_console:
            chains = [
                (PLATFORM_CHAIN, _("平台")),
                *Tenant.objects.order_by("code").values_list("schema_name", "full_name"),
            ]
        return {
            "acts": sorted(((code, str(label)) for code, label in ACTS.items()), key=lambda pair: pair[1]),
            "chains": chains,
            "act": given.get("act", ""),
            "chain": self._chain(),
            "q": given.get("q", ""),
            "since": given.get("since", ""),
            "until": given.get("until", ""),
            "any": any(given.get(name) for name in ("act", "q", "since", "until")),
        }

    def _anchor(self) -> dict[str, Any] | None:
        last = Entry.objects.filter(chain=PLATFORM_CHAIN, act=ANCHOR_ACT).order_by("-number").first()
        return {"at": last.at, "chains": AnchoredHead.objects.count()} if last else None


def _day(text: str) -> datetime | None:
    day = parse_day(text)
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def entries_by_day(entries: list[Entry]) -> list[dict[str, Any]]:
    """Group entries by day, in the order given: ``[{"day": date, "entries": [line]}]``.

    ``line``: ``{"entry", "act", "who", "details", "whole"}``, in the reader's words, ``whole`` as JSON.
    """
    days: list[dict[str, Any]] = []
    sites = _names_of_sites(entries)
    for entry in entries:
        day = timezone.localtime(entry.at).date()
        if not days or days[-1]["day"] != day:
            days.append({"day": day, "entries": []})
        line = {
            "entry": entry,
            "act": act_label(entry.act),
            "who": _who(entry),
            "details": list(_details(entry, sites)),
            "whole": _whole(entry),
        }
        days[-1]["entries"].append(line)
    return days


def _who(entry: Entry) -> str:
    if entry.actor_id is None and entry.actor_name == ANONYMOUS:
        return str(_("未登录的人"))
    return actor_in_words(entry)


def _names_of_sites(entries: list[Entry]) -> dict[str, str]:
    """Codes of sites that the entries name -> what the sites are called; one statement, none when they name none."""
    codes = {entry.detail["site"] for entry in entries if isinstance(entry.detail.get("site"), str)}
    return dict(Tenant.objects.filter(code__in=codes).values_list("code", "full_name")) if codes else {}


def _details(entry: Entry, sites: Mapping[str, str]) -> Any:
    for name, value in entry.detail.items():
        if name == "site" and value in sites:
            yield {"name": DETAIL_WORDS[name], "value": sites[value]}
        elif name in DETAIL_WORDS and (words := _in_words(name, value)):
            yield {"name": DETAIL_WORDS[name], "value": words}


def _in_words(name: str, value: Any) -> str:
    if name == "kind" and isinstance(value, str) and "." in value:
        return _kind_label(value)
    if name == "role" and value in ROLES:
        return str(ROLES[value].label)
    if isinstance(value, dict):
        return str(_("%(count)d 条链")) % {"count": len(value)}
    if isinstance(value, list):
        return "、".join(str(item) for item in value)
    return str(VALUE_WORDS.get(value, value)) if isinstance(value, str) else str(value)


def _whole(entry: Entry) -> str:
    return json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""


def _kind_label(label: str) -> str:
    """``articles.article`` as its model is called; empty for one that is gone."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):
        return ""
