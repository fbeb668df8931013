"""One click from the start page of the demo into a console, as one of its people.

Only where ``settings.DEMO_SIGN_IN`` says so, which the settings of the demo alone do: elsewhere there is no such
address (``console_urls.py``). What is signed in is the same session as with a password, recorded as a sign-in.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views import View

from govplatform.accounts.models import User
from govplatform.locks.holding import holding
from govplatform.tenancy.hosts import console_url
from govplatform.tenancy.models import Tenant

NAME = "demo_sign_in"
_SALT = "sites.demo.sign-in"
_BACKEND = "govplatform.accounts.backends.SiteRoleBackend"
#: A start page that was left open over night asks to be loaded anew.
_SECONDS = 24 * 60 * 60


def way_in(tenant: Tenant, username: str) -> str:
    """Return the address that signs ``username`` in on the site's console; '' where the demo is not served."""
    if not settings.DEMO_SIGN_IN:
        return ""
    query = urlencode({"as": signing.dumps(username, salt=_SALT)})
    return console_url(tenant, f"{_path()}?{query}")


def _path() -> str:
    return reverse(NAME, urlconf=settings.ROOT_URLCONF)


class DemoSignInView(View):
    """GET: signs in the person whom the signed word names, and leads to the start page of the console."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.DEMO_SIGN_IN:
            raise Http404
        try:
            username = signing.loads(request.GET.get("as", ""), salt=_SALT, max_age=_SECONDS)
        except signing.BadSignature:
            return HttpResponseRedirect(reverse("wagtailadmin_login"))
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise Http404
        # What signing in writes comes behind the chain, as on the page with the password.
        with holding():
            login(request, user, backend=_BACKEND)
        return HttpResponseRedirect(reverse("wagtailadmin_home"))
