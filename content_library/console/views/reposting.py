"""The button that reposts what was ticked in the library; the site's own action makes each draft or refuses."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from content_library.distribution.reposting import MadeRepost, reposter
from content_library.resources.permissions import may_see
from content_library.resources.queries import get_resource
from govplatform.accounts.roles import EDITOR
from govplatform.accounts.screens.screen import opens_like
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant

from ..forms import MOST_AT_ONCE, RepostForm
from ..permissions import may_repost_here
from .frame import LibraryScreen


class _RepostDoor(LibraryScreen):
    """The permission to repost: for editors, and only into the site whose console is open."""

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return frozenset({EDITOR.code})

    def may_open(self) -> bool:
        return super().may_open() and may_repost_here(self.request.user, self.tenant)


@opens_like(_RepostDoor)
@require_POST
def repost(request: HttpRequest) -> HttpResponse:
    """Make a draft of each ticked resource; a refused one becomes a message, the others are still made."""
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
    tenant = current_tenant()
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
    """Return the address of the resource or of the filtered list that the form was sent from, never another."""
    if uuid := request.POST.get("from"):
        try:
            return reverse("library_resource", args=[get_resource(uuid).uuid])
        except Refused:
            pass
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return reverse("library_browse") + (f"?{query}" if query else "")
