"""Which of the texts that a browser keeps have reached the server: the browser drops those.

A form that is sent names its kept text (``kept_text``). A form that was taken leads on; one that was refused is shown
again, or leads to the sign-in page or to the start page.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

FIELD = "kept_text"
_IN_SESSION = "arrived_texts"
_MOST, _LENGTH = 20, 40


def arrived_texts(request: HttpRequest) -> list[str]:
    """Return the names of the texts that reached the server lately in this session."""
    return list(request.session.get(_IN_SESSION, []))


def note_arrival(request: HttpRequest, response: HttpResponse) -> None:
    """Remember in the session that the text which ``request`` names was taken, if ``response`` says so."""
    if request.method != "POST" or response.status_code not in (302, 303) or not request.user.is_authenticated:
        return
    name = request.POST.get(FIELD, "")[:_LENGTH]
    if name and response.headers.get("Location", "") != reverse("wagtailadmin_home"):
        request.session[_IN_SESSION] = [*arrived_texts(request), name][-_MOST:]
