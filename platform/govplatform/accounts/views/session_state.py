"""How the reader's session stands, for the script that keeps what is being typed (``console/kept_texts.js``)."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..credentials.people_of_browser import key_for_texts, why_ended
from ..kept_texts import arrived_texts


@never_cache
@require_safe
def session_state(request: HttpRequest) -> JsonResponse:
    """Answer ``{"user", "csrf", "key", "arrived"}`` to whoever is signed in, else ``{"user": null, "reason"}``.

    ``csrf``: what forms of this session send; ``key``: see ``key_for_texts``; ``arrived``: names of kept texts that
    have reached the server.
    """
    user: Any = request.user
    if not user.is_authenticated:
        return JsonResponse({"user": None, "reason": why_ended(request)})
    told = {"user": user.pk, "csrf": get_token(request), "key": key_for_texts(request)}
    return JsonResponse({**told, "arrived": arrived_texts(request)})
