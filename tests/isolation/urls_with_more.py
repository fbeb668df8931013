"""The console's addresses with one more, as a new package or a new version of Wagtail would bring it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from govplatform.accounts.roles import ROLES
from govplatform.accounts.screens.screen import Admission
from govplatform.console import urls

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


class NewScreen(Admission):
    """Open to everybody, if it were asked."""

    roles = frozenset(ROLES)

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("a-screen-that-is-new")


urlpatterns = [
    path("admin/new/", lambda request: HttpResponse("a-screen-that-is-new"), name="new"),
    path("admin/new-screen/", NewScreen.as_view(), name="new_screen"),
    path("admin/nameless/", lambda request: HttpResponse("a-screen-that-is-new")),
    path("elsewhere/", lambda request: HttpResponse("a-screen-that-is-new"), name="elsewhere"),
    *urls.urlpatterns,
]
