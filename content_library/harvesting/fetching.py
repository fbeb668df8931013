"""Requests to another platform over HTTP, made without trusting the answers.

Every connection goes to an address that was checked before (not to a name that may resolve
differently the second time); sizes, times and redirects are bounded; nothing is decompressed.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.untrusted_files.network_addresses import is_never_asked, is_on_the_internet

_PORTS = {"http": 80, "https": 443}
_CONNECT_SECONDS = 10
_READ_SECONDS = 30
_REDIRECTS = 3
_CHUNK = 1 << 16
_LONGEST_WAIT = 120
_WAITS = 5
_AGENT = "govplatform-harvester/1.0"


class FetchFault(Refused):
    """The other platform could not be asked or gave an unusable answer. ``status``: its HTTP status, 0 without one."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Policy:
    """The limits of a fetch. ``private``: whether addresses of internal networks may be asked.

    ``deadline``: seconds on the monotonic clock at which waiting and reading end; ``sleep``: waits so many seconds.
    """

    private: bool = False
    deadline: float = float("inf")
    sleep: Callable[[float], None] = time.sleep


def check_url(url: str) -> None:
    """Raise FetchFault unless ``url`` is an http or https address without user name and unusual characters."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        raise FetchFault(_("网址“%(url)s”无效。") % {"url": url[:100]}) from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise FetchFault(_("只能采集 http 或 https 网址，不能是“%(url)s”。") % {"url": url[:100]})
    if parts.username or parts.password:
        raise FetchFault(_("采集网址里不能带用户名或口令。"))
    if not url.isascii() or any(letter.isspace() or not letter.isprintable() for letter in url):
        raise FetchFault(_("网址“%(url)s”含有不能使用的字符。") % {"url": url[:100]})


def fetch(url: str, *, most: int, policy: Policy, into: Any = None) -> bytes:
    """Return the body of ``url``, at most ``most`` bytes; or write it into the binary stream ``into``, returning b"".

    Waits when asked to (429, 503 with Retry-After) and tries again, within the deadline. Raises FetchFault.
    """
    for attempt in range(_WAITS + 1):
        try:
            return _follow(url, most=most, policy=policy, into=into)
        except _Wait as wait:
            if attempt == _WAITS or time.monotonic() + wait.seconds > policy.deadline:
                raise FetchFault(_("对方平台要求稍后再来（HTTP %(status)s）。") % {"status": wait.status}) from None
            policy.sleep(wait.seconds)
    raise AssertionError("unreachable")


class _Wait(Exception):
    def __init__(self, status: int, seconds: float) -> None:
        super().__init__(status)
        self.status, self.seconds = status, seconds


def _follow(url: str, *, most: int, policy: Policy, into: Any) -> bytes:
    before = ""
    for _hop in range(_REDIRECTS + 1):
        check_url(url)
        parts = urlsplit(url)
        if before and not may_lead_to(before, url):
            raise FetchFault(_("对方平台把请求转到了别处（%(url)s），没有跟随。") % {"url": url[:100]})
        connection = _connect(url, policy)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            headers = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": _AGENT, "Connection": "close"}
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308):
                before, url = url, urljoin(url, response.headers.get("Location", ""))
                continue
            if response.status in (429, 503) and (seconds := _retry_after(response)) is not None:
                raise _Wait(response.status, seconds)
            if response.status != 200:
                raise FetchFault(
                    _("对方平台答复 HTTP %(status)s：%(url)s") % {"status": response.status, "url": url[:200]},
                    response.status,
                )
            return _read(response, most, policy, into)
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise FetchFault(
                _("读取 %(url)s 失败：%(problem)s") % {"url": url[:200], "problem": system_words(problem)}
            ) from problem
        finally:
            connection.close()
    raise FetchFault(_("对方平台转向次数过多：%(url)s") % {"url": url[:200]})


def may_lead_to(before: str, after: str) -> bool:
    """Whether a redirect from ``before`` to ``after`` may be followed.

    It may lead to the same host and port, or from http to https on the same host, each at its own default port.
    """
    old, new = urlsplit(before), urlsplit(after)
    if old.hostname != new.hostname:
        return False
    ports = [parts.port or _PORTS[parts.scheme] for parts in (old, new)]
    if old.scheme == new.scheme:
        return ports[0] == ports[1]
    return old.scheme == "http" and ports == [_PORTS["http"], _PORTS["https"]]


def _read(response: http.client.HTTPResponse, most: int, policy: Policy, into: Any) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFault(_("对方平台的答复被压缩，没有读取。"))
    if (length := response.headers.get("Content-Length", "")).isdecimal() and int(length) > most:
        raise FetchFault(_("对方平台的答复超过 %(most)s 字节，没有读取。") % {"most": most})
    # The socket's own timeout does not catch an answer that comes byte by byte.
    end = min(policy.deadline, time.monotonic() + _READ_SECONDS + most / 100_000)
    data, size = bytearray(), 0
    while chunk := response.read1(_CHUNK):
        size += len(chunk)
        if size > most:
            raise FetchFault(_("对方平台的答复超过 %(most)s 字节，没有读取。") % {"most": most})
        if time.monotonic() > end:
            raise FetchFault(_("对方平台答复太慢，已中止。"))
        if into is None:
            data += chunk
        else:
            into.write(chunk)
    if length.isdecimal() and size != int(length):
        raise FetchFault(_("对方平台的答复不完整。"))
    return bytes(data)


def _retry_after(response: http.client.HTTPResponse) -> float | None:
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal() and len(text) < 7:
        seconds = float(text)
    else:
        try:
            seconds = (parsedate_to_datetime(text) - timezone.now()).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(0.5, seconds) if seconds <= _LONGEST_WAIT else None


def _connect(url: str, policy: Policy) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    host = str(parts.hostname).rstrip(".")
    port = parts.port or _PORTS[parts.scheme]
    address = _checked_address(host, port, policy)
    timeout = max(0.5, min(_READ_SECONDS, policy.deadline - time.monotonic()))
    kind: Any = _TlsConnection if parts.scheme == "https" else _Connection
    made: http.client.HTTPConnection = kind(host, port, timeout=timeout)
    made.checked_address = address  # type: ignore[attr-defined]
    return made


class _Connection(http.client.HTTPConnection):
    """A connection to the address that was checked; the name only goes into the Host header."""

    checked_address = ""

    def connect(self) -> None:
        self.sock = socket.create_connection((self.checked_address, self.port), timeout=_CONNECT_SECONDS)
        self.sock.settimeout(self.timeout)


class _TlsConnection(_Connection):
    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _checked_address(host: str, port: int, policy: Policy) -> str:
    """Return one address of ``host``, after checking that each of them may be asked. Raises FetchFault."""
    if _is_local_by_setting(host):
        return host if _is_address(host) else "127.0.0.1"
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise FetchFault(_("找不到主机“%(host)s”。") % {"host": host[:100]}) from None
    for text in found:
        if (reason := reason_against_address(text, private=policy.private)) is not None:
            raise FetchFault(reason)
    return min(found, key=lambda text: (":" in text, text))


def reason_against_address(text: str, *, private: bool) -> str | None:
    """Say why an IP address may not be asked, or return None. ``private``: internal networks are allowed."""
    if is_never_asked(text):
        return _("地址 %(address)s 属于本机、链路本地或专用地址，不能采集。") % {"address": text}
    if not private and not is_on_the_internet(text):
        return _("地址 %(address)s 属于内部网络；请由平台运维人员登记为政务内网来源后再采集。") % {"address": text}
    return None


def _is_local_by_setting(host: str) -> bool:
    return any(
        host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))
        for allowed in settings.HARVEST_LOCAL_HOSTS
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
