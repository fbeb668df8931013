"""The screen that takes in a resource which another platform exported, as the verb ``library import`` does."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from content_library.resources.exchange import import_resource
from content_library.resources.permissions import OVERSIGHT_ROLES, reasons_against_importing
from govplatform.accounts.roles import CONTENT_REVIEWER, EDITOR
from govplatform.refusals import Refused

from .frame import LibraryScreen

#: What is larger is for the shell: the process that answers people reads the whole of it.
LARGEST_UPLOAD = 50 * 1024 * 1024


class ImportView(LibraryScreen):
    """GET shows the form; POST takes the file in, for this site, or in the supervisor's console for the platform."""

    template_name = "library_console/import.html"
    page_title = _("导入资源文件")
    header_icon = "upload"

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return frozenset({EDITOR.code, CONTENT_REVIEWER.code}) | OVERSIGHT_ROLES

    def may_open(self) -> bool:
        return not reasons_against_importing(self.user(), None if self.tenant.is_console else self.tenant)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(most=LARGEST_UPLOAD, is_console=self.tenant.is_console, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        sent = request.FILES.get("file")
        try:
            if sent is None:
                raise Refused(_t("请选择文件。"))
            if (sent.size or 0) > LARGEST_UPLOAD:
                raise Refused(_t("文件超过 %(most)s MB，请由平台运维人员用命令导入。") % {"most": LARGEST_UPLOAD >> 20})
            with tempfile.TemporaryDirectory(prefix="gov-library-") as folder:
                path = Path(folder) / "sent"
                with path.open("wb") as stream:
                    stream.writelines(sent.chunks())
                tenant = None if self.tenant.is_console else self.tenant
                resource, version = import_resource(path, acting_user=self.user(), tenant=tenant)
        except Refused as refusal:
            return self.refuse(refusal, status=400)
        told = {"title": resource.title, "number": version.number}
        messages.success(request, _t("已导入“%(title)s”第 %(number)s 版；转载并审核后才对外显示。") % told)
        return HttpResponseRedirect(reverse("library_resource", args=[resource.uuid]))
