"""The screen 按要求遮盖 (masking): an editor sees what would change, then saves it as a new version."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from govplatform.refusals import Refused
from govplatform.row_numbers import row_number

from ..findings.masking import mask_as_requested, mask_requests, masked_version
from ..permissions import EDIT
from .access import PageScreen, content_page
from .screen import changes_between


class MaskView(PageScreen):
    """The requests to mask and the difference they make; POST saves the new version. For editors only."""

    template_name = "review/mask.html"
    page_title = _("按要求遮盖")
    header_icon = "edit"
    act = EDIT

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        requests = mask_requests(self.page)
        revision, changes, left = None, [], requests
        if requests:
            revision, after, left = masked_version(self.page, requests)
            changes = changes_between(self.page, revision.as_object(), after, self.request)
        return super().get_context_data(
            page=self.page,
            requests=[{"asked": request, "left": request in left} for request in requests],
            changes=changes,
            revision=revision,
            waiting=self.page.workflow_in_progress,
            **kwargs,
        )

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        number = row_number(request.POST.get("revision", ""))
        try:
            if not number:
                raise Refused(_t("请先核对改动，再保存。"))
            mask_as_requested(self.page, acting_user=self.user(), revision_id=number)
        except Refused as refusal:
            self.page = content_page(page_id)
            return self.refuse(refusal)
        messages.success(request, _t("已保存为新的版本。请核对全文，然后照常送审。"))
        return redirect("wagtailadmin_pages:edit", page_id)
