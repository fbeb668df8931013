"""文档经过: find a document by its name, and read everything that was done to it."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import AUDITOR, EDITOR, REVIEWER_CODES, SUPERVISOR
from govplatform.accounts.screens.screen import Screen
from govplatform.console.audit_views import entries_by_day
from govplatform.tenancy.hosts import public_url
from govplatform.tenancy.models import Tenant

from .queries import FOUND, acts_on, document, find_documents

#: Who reads drafts of a site; auditors and supervisors see what the record says and what is public.
_READ_DRAFTS = REVIEWER_CODES | {EDITOR.code}


class _RecordScreen(Screen):
    header_icon = "history"
    roles = _READ_DRAFTS | {AUDITOR.code, SUPERVISOR.code}

    def reads_drafts(self) -> bool:
        return not self.tenant.is_console and bool(current_roles(self.user()) & _READ_DRAFTS)

    def site(self, code: str) -> Tenant:
        """The site of that code, if this console may speak of it. Raises Http404."""
        found = Tenant.objects.filter(code=code).exclude(kind=Tenant.Kind.CONSOLE).first()
        if found is None or (not self.tenant.is_console and found.pk != self.tenant.pk):
            raise Http404
        return found


class DocumentsView(_RecordScreen):
    """GET: a field, and the documents whose title or number has what was typed in it."""

    template_name = "document_record/documents.html"
    page_title = _("文档经过")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.asked("q", "site")
        site = None
        if not self.tenant.is_console:
            site = self.tenant
        elif asked["site"]:
            site = self.site(asked["site"])
        sites = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).order_by("full_name") if self.tenant.is_console else []
        return super().get_context_data(
            asked=asked,
            sites=sites,
            found=find_documents(asked["q"], site, drafts=self.reads_drafts()) if site and asked["q"] else [],
            searched=bool(site and asked["q"]),
            most=FOUND,
            **kwargs,
        )


class DocumentView(_RecordScreen):
    """One document: what stands of it today, and everything that was done to it, in sentences."""

    template_name = "document_record/document.html"

    def find(self, **named: Any) -> HttpResponseBase | None:
        site = self.site(named["code"])
        found = document(site, named["page_id"], drafts=self.reads_drafts())
        if found is None:
            raise Http404
        self.document = found
        return None

    def get_page_title(self) -> str:
        return self.document.title

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("documents"), _t("文档经过"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one = self.document
        page = self.page_of(acts_on(one.tenant, one.page_id))
        return super().get_context_data(
            document=one,
            page=page,
            days=entries_by_day(list(page)),
            query=self.other_filters(),
            addresses=[
                {"row": row, "url": f"http://{row.host}{row.path}" if row.host else public_url(row.tenant, row.path)}
                for row in one.addresses
            ],
            reads_library=self.reads_drafts() or SUPERVISOR.code in current_roles(self.user()),
            edits=self.reads_drafts() and one.page is not None and EDITOR.code in current_roles(self.user()),
            **kwargs,
        )
