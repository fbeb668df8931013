"""Repost what was ticked in the library; the sites' own action does it and has the last word."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from content_library.distribution.reposting import MadeRepost, reposter
from content_library.resources.permissions import may_see
from content_library.resources.queries import get_resource
from govplatform.refusals import Refused

from ..forms import MOST_AT_ONCE, RepostForm
from ..permissions import may_repost_here
from .frame import require_reader


@require_POST
def repost(request: HttpRequest) -> HttpResponse:
    """A draft of each ticked resource; every refusal becomes a message, the others go on."""
    tenant = require_reader(request)
    if not may_repost_here(request.user, tenant):
        raise PermissionDenied
    form, ticked = RepostForm(request.POST), request.POST.getlist("resource")
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    elif not ticked:
        messages.warning(request, _("请先勾选要转载的信息。"))
    elif len(ticked) > MOST_AT_ONCE:
        messages.warning(request, _("一次最多转载 %(most)d 条，请分几次。") % {"most": MOST_AT_ONCE})
    else:
        _make(request, ticked, form)
    return HttpResponseRedirect(_way_back(request))


def _make(request: HttpRequest, ticked: list[str], form: RepostForm) -> None:
    tenant = require_reader(request)
    made: list[MadeRepost] = []
    for uuid in ticked:
        try:
            resource = get_resource(uuid)
            if not may_see(resource, tenant):
                raise Refused(_("信息资源库里没有编号为 %(uuid)s 的资源。") % {"uuid": uuid})
            made.append(
                reposter().make_draft(
                    resource,
                    column=form.cleaned_data["column"],
                    mode=form.cleaned_data["mode"],
                    acting_user=request.user,  # type: ignore[arg-type]
                    submit=form.cleaned_data["submit"],
                )
            )
        except Refused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
    for done in made:
        for reason in done.reasons:
            messages.warning(request, _("“%(title)s”未能送审：%(reason)s") % {"title": done.title, "reason": reason})
    if len(made) == 1:
        address = reverse("wagtailadmin_pages:edit", args=[made[0].page_id])
        messages.success(
            request,
            _("已建立转载草稿“%(title)s”。") % {"title": made[0].title},
            buttons=[messages.button(address, _("打开草稿"))],
        )
    elif made:
        messages.success(request, _("已建立 %(count)d 篇转载草稿，在首页“我的草稿”里可以看到。") % {"count": len(made)})


def _way_back(request: HttpRequest) -> str:
    """The screen that the person came from: one resource, or the list with its filters. Never another address."""
    if uuid := request.POST.get("from"):
        try:
            return reverse("library_resource", args=[get_resource(uuid).uuid])
        except Refused:
            pass
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return reverse("library_browse") + (f"?{query}" if query else "")
