"""Who is and was signed in with one browser: why a session ended, and the key to what a person wrote there.

A signed cookie of all console hosts remembers it. It opens nothing. What a person typed and could not save is kept in
the browser under a key that only that person's own session is given (``key_for_texts``). Signing out by hand throws the
key away, on every site at once; a session that ended by itself keeps it, also while somebody else uses the machine.
"""

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from ..models import User

COOKIE = "console_people"
KEPT = timedelta(days=7)
_SALT = "govplatform.accounts.people-of-browser"
#: Of so many people a browser keeps texts; whose turn was longest ago loses the key.
_MOST_PEOPLE = 6


@dataclass(frozen=True)
class Remembered:
    """What a browser knows. ``user``: who was signed in last; ``state``, ``ended``: how the account stood then;
    ``left``: whether that person signed out by hand; ``seeds``: key of an account -> what its key is made from.
    """

    user: int | None = None
    state: str = ""
    ended: str = ""
    left: bool = False
    seeds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def remembered(request: HttpRequest) -> Remembered:
    """Return what the browser of ``request`` knows; nothing where it has no cookie or one that is not ours."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=KEPT)
        seeds = MappingProxyType(dict(value["seeds"]))
        return Remembered(value["user"], value["state"], value["ended"], value["left"], seeds)
    except (signing.BadSignature, KeyError, TypeError):
        return Remembered()


def remember_person(request: HttpRequest, response: HttpResponse, *, leaving: int | None = None) -> None:
    """Write into the browser who is signed in. ``leaving``: key of the account that signed out by hand just now."""
    known = remembered(request)
    if leaving is not None:
        rest = {user: seed for user, seed in known.seeds.items() if user != str(leaving)}
        _write(response, replace(known, left=True, seeds=rest))
        return
    user: Any = request.user
    if not user.is_authenticated:
        return
    now = _after_signing_in(known, user)
    if now != known:
        _write(response, now)


def key_for_texts(request: HttpRequest) -> str:
    """Return the key (32 bytes, base64) under which the signed-in person's texts lie in this browser; '' before the
    browser has the cookie.
    """
    user: Any = request.user
    seed = remembered(request).seeds.get(str(user.pk))
    if not user.is_authenticated or seed is None:
        return ""
    return b64encode(salted_hmac(_SALT, f"{user.pk}:{seed}", algorithm="sha256").digest()).decode()


def why_ended(request: HttpRequest) -> str:
    """Return in one sentence why nobody is signed in with this browser any more; '' for one that never was."""
    known = remembered(request)
    user = User.objects.filter(pk=known.user).first() if known.user is not None else None
    if user is None:
        # The cookie is younger than the session, or was deleted.
        return _expired() if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
    if known.left:
        return _("你在另一个窗口退出了登录。")
    if not user.is_active:
        return _("你的账号已停用，请联系本站管理员。")
    if _ended(user) != known.ended:
        return _("管理员结束了你的登录，请重新登录；不知道缘由的，请联系本站管理员。")
    if _state(user) != known.state:
        return _("你的密码已在别处修改，请用新密码登录。")
    return _expired()


def _expired() -> str:
    minutes = settings.SESSION_COOKIE_AGE // 60
    return _("你超过 %(minutes)s 分钟没有操作，已自动退出，请重新登录。") % {"minutes": minutes}


def _after_signing_in(known: Remembered, user: User) -> Remembered:
    own = str(user.pk)
    seeds = dict(known.seeds)
    seed = seeds.pop(own, None) or secrets.token_urlsafe(12)
    for oldest in list(seeds)[: max(0, len(seeds) - _MOST_PEOPLE + 1)]:
        del seeds[oldest]
    if known.user == user.pk and own in known.seeds:
        # The order says whose turn was last; nothing is written again while one person works.
        seeds = dict(known.seeds)
    else:
        seeds[own] = seed
    return Remembered(user.pk, _state(user), _ended(user), False, MappingProxyType(seeds))


def _write(response: HttpResponse, value: Remembered) -> None:
    told = {"user": value.user, "state": value.state, "ended": value.ended, "left": value.left}
    response.set_cookie(
        COOKIE,
        signing.dumps({**told, "seeds": dict(value.seeds)}, salt=_SALT),
        max_age=KEPT,
        domain=settings.SESSION_COOKIE_DOMAIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _state(user: User) -> str:
    return user.get_session_auth_hash()[:24]


def _ended(user: User) -> str:
    return user.sessions_ended_at.isoformat() if user.sessions_ended_at else ""
