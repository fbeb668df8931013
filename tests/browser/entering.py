"""A person's session in a browser without the pages of the entrance, which take two seconds to build and draw.

``tests.browser.test_whole_way.sign_in`` goes through the form; here the same form is sent by this process.
"""

import http.client
import re
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.cast import PASSWORD

_FORM = "/admin/login/"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def enter(page: Any, served: Any, username: str, host: str = "alpha.console.localhost") -> None:
    """Sign ``username`` in on ``host``, for all windows that share the cookies of ``page``; no page is opened."""
    cookies: SimpleCookie = SimpleCookie()
    _status, form = _ask(served, host, cookies, "GET")
    token = _TOKEN.search(form)
    assert token, form[:2000]
    words = {"username": username, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    status, answer = _ask(served, host, cookies, "POST", urlencode(words))
    assert status == 302, answer[:2000]
    page.context.add_cookies(
        [
            {
                "name": one.key,
                "value": one.coded_value,
                "domain": f".{one['domain'].lstrip('.')}" if one["domain"] else host,
                "path": one["path"] or "/",
                "httpOnly": bool(one["httponly"]),
                "sameSite": one["samesite"] or "Lax",
            }
            for one in cookies.values()
            if one.value
        ]
    )


def _ask(served: Any, host: str, cookies: SimpleCookie, method: str, body: str | None = None) -> tuple[int, str]:
    """(status, text) of the entrance; what it sets is added to ``cookies``."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    head = {
        "Host": f"{host}:{served.port}",
        "Accept": "text/html",
        "Cookie": "; ".join(f"{one.key}={one.coded_value}" for one in cookies.values()),
    }
    if body is not None:
        head["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, _FORM, body, head)
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie") or ():
            cookies.load(line)
        return answer.status, answer.read().decode()
    finally:
        connection.close()
