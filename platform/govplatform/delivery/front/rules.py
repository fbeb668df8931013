"""``release.layout`` in the words of nginx: which file is the answer of an address, and what is sent beside it.

Four files of ``deploy/nginx/govplatform`` are written from here and not by hand. Whatever nginx could read otherwise
than the application (doubled slashes, dots, escapes of separators) is no file: the application answers it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from django.conf import settings

from govplatform.tenancy.public_headers import (
    CACHE_CONTROL_OF,
    FILE_POLICY,
    NO_CACHE,
    PAGE_CACHE_CONTROL,
    PAGE_POLICY,
    PERMISSIONS_POLICY,
    ROBOTS_TAG_OF,
)

from ..release.entries import BROTLI
from ..release.layout import AWAY, FOLDERS, GONE, INDEX, MISSING, MOVED, NAMES, TYPES, is_download

#: Name below ``govplatform`` -> what writes it.
PLACES, PAGE, FILE = "release_places.conf", "release_page.conf", "release_file.conf"
LOCATIONS = "releases/locations.conf"
_WRITTEN = "# Written by `manage.py nginx_config` from platform/govplatform/delivery/release/layout.py. Do not edit.\n"
_NONE = "/.none"
#: First names of addresses below which no release has everything (``sites/urls.py``).
_MADE_LIVE = ("api", "documents", "interaction", "library", "media", "opensearch\\.xml", "search", "static")
#: What ``layout.place_of`` finds no place for, and some more: bytes, since nginx compares those.
_NO_NAME_OF_A_FILE = r"~(?s)[:*?<>|]|\x22|[^/]{200}|^.{900}|[. ](?:/|$)|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]"
_NUMBER = "[2-9]|[1-9][0-9]{1,5}"
#: Uploads of these types would run in the site's name: the application sends them as mere bytes, and so does nginx.
_ACTIVE = ("text/html", "application/xml")
#: Types of pages that the application sends with their charset; what people uploaded goes as it is.
_WITH_CHARSET = ("text/html", "text/plain", "application/rss+xml")


def release_files() -> Mapping[str, str]:
    """Name -> text of the files that are written from here."""
    parts = {PLACES: _places(), PAGE: _page_headers(), FILE: _file_headers(), LOCATIONS: _locations()}
    return {name: _WRITTEN + text for name, text in parts.items()}


def _places() -> str:
    asked = "~^(?:GET|HEAD) "
    endings = "|".join(sorted(TYPES))
    return "".join(
        [
            "# What kind of place an address has, by the way it was written. Other methods have none.\n",
            _map(
                '"$request_method $request_uri"',
                "$release_kind",
                "",
                {
                    f"{asked}[^?]*(?://|/\\.|%(?:[01]|2[EeFf]|5[Cc]|7[Ff])|[^!-~]|\\\\)": "",
                    f"{asked}/(?:[^?]*/)?(?:\\?|$)": "folder",
                    f"{asked}/[^?]*\\.(?i:{endings})(?:\\?|$)": "file",
                },
            ),
            "# Files of pages are had by the address of the page alone.\n",
            _map(
                "$uri", "$release_file", "$uri", {f"~/{_exactly(INDEX)}$": _NONE, r"~/index\.page-[0-9]+\.html$": _NONE}
            ),
            _map(
                '"$release_kind?$args"',
                "$release_place",
                _NONE,
                {
                    "folder?": f"${{uri}}{INDEX}",
                    f"~^folder\\?page=(?<release_page>{_NUMBER})$": "${uri}index.page-$release_page.html",
                    "file?": "$release_file",
                },
            ),
            "# The same page as brotli, for browsers that read it; what is sent beside it.\n",
            _map(
                '"$http_accept_encoding"',
                "$release_reads_brotli",
                "",
                {r"~*(?:^|[,\s])br\s*(?:;\s*q=(?:1|0?\.0*[1-9])[0-9.]*\s*)?(?:,|$)": "1"},
            ),
            _map(
                '"$release_reads_brotli$release_place"',
                "$release_smaller",
                _NONE,
                {r"~^1(?<brotli_place>/.*\.html)$": f"$brotli_place{BROTLI}"},
            ),
            _map("$uri", "$release_encoding", "", {rf"~\{BROTLI}$": "br"}),
            _map("$uri", "$release_vary", "", {rf"~\{BROTLI}$": "Accept-Encoding"}),
            "# While the application is away: the page, whatever else the query says.\n",
            _map(
                '"$release_kind?$args"',
                "$release_still",
                _NONE,
                {
                    f"~^folder\\?(?:.*&)?page=(?<still_page>{_NUMBER})(?:&|$)": "${uri}index.page-$still_page.html",
                    r"~^folder\?(?!(?:.*&)?page=(?!1(?:&|$)))": f"${{uri}}{INDEX}",
                },
            ),
            "# An address without its closing slash: where it leads, and the file that has to be there.\n",
            _map(
                '"$request_method $request_uri"',
                "$release_closed",
                "",
                {
                    f"{asked}[^?]*(?://|/\\.|%(?:[01]|2[EeFf]|5[Cc]|7[Ff])|[^!-~]|\\\\)": "",
                    f"{asked}(?<open_path>/[^?]*[^?/])(?<open_query>\\?.*)?$": "$open_path/$open_query",
                },
            ),
            _map("$release_closed", "$release_open", f"$uri/{INDEX}", {"": _NONE}),
            "# Where the application makes each answer anew, and names that no file can have: something may be.\n",
            _map(
                "$uri",
                "$release_made_live",
                "",
                {f"~*^/(?:{'|'.join(_MADE_LIVE)})(?:/|$)": "live", _NO_NAME_OF_A_FILE: "live"},
            ),
            "# While the application is away: nothing was ever published here, as far as the ledger was exported.\n"
            "# What has moved since has a mark.\n",
            _map(
                '"$ledger_known$release_made_live $request_method $request_uri"',
                "$release_missing",
                _NONE,
                {
                    "~^1 (?:GET|HEAD) [^?]*(?://|/\\.|%(?:[01]|2[EeFf]|5[Cc]|7[Ff])|[^!-~]|\\\\)": _NONE,
                    f"~^1 (?:GET|HEAD) /[^?]*(?:\\?(?!(?:.*&)?page=)|\\?page=(?:{_NUMBER})$|$)": MISSING,
                },
            ),
            _map("$uri", "$release_leads_on", f"/{MOVED}$uri.html", {"~/$": f"/{MOVED}${{uri}}{INDEX}.html"}),
            "# What is sent beside a file.\n",
            _map("$uri", "$release_cache", PAGE_CACHE_CONTROL, {**CACHE_CONTROL_OF, AWAY: NO_CACHE, MISSING: NO_CACHE}),
            _map("$uri", "$release_robots", "", ROBOTS_TAG_OF),
            _map(
                "$uri", "$release_disposition", "attachment", {_shown(folder): "inline" for folder in sorted(FOLDERS)}
            ),
            _map("$request_uri", "$release_raw_name", "", {"~/(?<raw_name>[^/?]+)$": "$raw_name"}),
            _map(
                "$uri",
                "$release_name",
                "filename*=utf-8''$release_raw_name",
                {"~/(?<plain_name>[ !-.0-~]+)$": r"filename=\"$plain_name\""},
            ),
            _map("$https", "$release_hsts", "", {"on": _hsts()}),
        ]
    )


def _shown(folder: str) -> str:
    """The pattern of the files below ``folder`` that browsers show in place."""
    endings = sorted(ending for ending in TYPES if not is_download(f"{folder}/x.{ending}"))
    return rf"~*^/{folder}/.*\.(?:{'|'.join(endings)})$"


def _page_headers() -> str:
    types = {ending: _with_charset(kind) for ending, kind in TYPES.items()}
    # only pages lie under such a name
    types[BROTLI.removeprefix(".")] = types["html"]
    own = {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Robots-Tag": "$release_robots",
        "Content-Encoding": "$release_encoding",
        "Vary": "$release_vary",
    }
    # nginx does not know that what lies there as brotli is compressed
    return "".join(f"{line}\n" for line in ("gzip off;", *_types(types), *_headers(own)))


def _file_headers() -> str:
    types = {ending: kind for ending, kind in TYPES.items() if kind not in _ACTIVE}
    own = {"Content-Security-Policy": FILE_POLICY, "Content-Disposition": "$release_disposition; $release_name"}
    return "".join(f"{line}\n" for line in ("default_type application/octet-stream;", *_types(types), *_headers(own)))


def _locations() -> str:
    others = ["error_page 403 404 = @application;", "include /etc/nginx/govplatform/error_pages.conf;"]
    send = ["try_files $release_place @application;", *others]
    policy = {"Content-Security-Policy": PAGE_POLICY}
    pages = [f"try_files $release_smaller {send[0].removeprefix('try_files ')}", *others]
    parts = [_location("/", [*pages, f"include /etc/nginx/govplatform/{PAGE};"])]
    for name, kind in NAMES.items():
        types = ["types { }", f'default_type "{_with_charset(kind)}";']
        parts.append(_location(f"~ /{_exactly(name)}$", [*send, *types, *_headers(policy)]))
    for folder in sorted(FOLDERS):
        parts.append(_location(f"^~ /{folder}/", [*send, f"include /etc/nginx/govplatform/{FILE};"]))
    gone = [*_types({"html": _with_charset(TYPES["html"])}), *_headers(policy, cache=NO_CACHE)]
    parts.append(_location(f"^~ /{GONE}/", ["internal;", *others, *gone]))
    return "\n".join(parts)


def _location(match: str, lines: Iterable[str]) -> str:
    inside = "".join(f"    {line}\n" for line in lines)
    return f"location {match} {{\n{inside}}}\n"


def _with_charset(kind: str) -> str:
    return f"{kind}; charset=utf-8" if kind in _WITH_CHARSET else kind


def _hsts() -> str:
    return f"max-age={settings.SECURE_HSTS_SECONDS}" if settings.SECURE_HSTS_SECONDS else ""


def _headers(own: Mapping[str, str], cache: str = "$release_cache") -> Iterator[str]:
    """One line each. Of a file its time says nothing (``layout.stamp_of``), so no answer counts as unchanged by it."""
    yield from ("gzip_static on;", "charset off;", "if_modified_since off;", 'add_header Last-Modified "";')
    headers = {
        **own,
        "Cache-Control": cache,
        "Permissions-Policy": PERMISSIONS_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Strict-Transport-Security": "$release_hsts",
    }
    for name, value in headers.items():
        yield f'add_header {name} "{value}" always;'


def _types(types: Mapping[str, str]) -> Iterator[str]:
    by_type: dict[str, list[str]] = {}
    for ending, kind in types.items():
        by_type.setdefault(kind, []).append(ending)
    yield "types {"
    yield from (f'    "{kind}" {" ".join(endings)};' for kind, endings in by_type.items())
    yield "}"


def _map(of: str, name: str, otherwise: str, cases: Mapping[str, str]) -> str:
    lines: Iterable[str] = (f'    "{_quoted(case)}" "{value}";\n' for case, value in cases.items())
    return f'map {of} {name} {{\n    default "{otherwise}";\n{"".join(lines)}}}\n'


def _quoted(pattern: str) -> str:
    # nginx takes the backslash of \\ and \" away and leaves all others.
    return pattern.replace("\\\\", "\\\\\\\\")


def _exactly(name: str) -> str:
    return re.escape(name).replace("\\-", "-")
