"""Where the answer of an address lies as a file, in one way for baker, nginx and verifier.

``/news/`` lies in ``news/index.html``, ``/news/?page=2`` in ``news/index.page-2.html``, any other address in the file
of its name. What was public and is gone lies below ``.gone``. Whatever a file system, nginx or a browser could take
for something else than was meant has no place: the application answers it.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import unquote_to_bytes

INDEX = "index.html"
GONE = ".gone"
#: What the front server says in the look of the site while nobody else answers: ``.answers/503.html``.
ANSWERS = ".answers"
#: The addresses at which the application is asked for that, by the publisher alone: that only what is published can be
#: read for now; that nothing was ever published at an address.
AWAY, MISSING = f"/{ANSWERS}/503.html", f"/{ANSWERS}/404.html"
#: Below it a mark for each address that leads on: where it leads, the application and the ledger know.
MOVED = ".moved"
#: The newest release of a tree stands in the tree itself, so that both are switched by one rename.
RELEASE_FILE = ".release.json"
CURRENT, TREES = "current", "trees"

_PAGE = re.compile(r"page=([1-9][0-9]{0,5})", re.ASCII)
_HOST = re.compile(r"(?!-)[a-z0-9\-]{1,63}(?:\.(?!-)[a-z0-9\-]{1,63})*", re.ASCII)
_NUMBERED = re.compile(r"index\.page-[1-9][0-9]{0,5}\.html", re.ASCII)
#: File systems allow 255 bytes; some are left for endings.
_LONGEST_NAME, _LONGEST_PLACE = 230, 1_000
#: Control characters, what Windows and shells take for something else, and directions of writing.
_UNFIT = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]')

#: Ending -> media type that is sent; a file of another type has no place. Nothing here runs in the site's name.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "html": "text/html", "xml": "application/xml", "txt": "text/plain", "ico": "image/x-icon",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
        "avif": "image/avif", "mp4": "video/mp4", "mp3": "audio/mpeg", "pdf": "application/pdf",
        "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "rtf": "application/rtf", "csv": "text/csv", "zip": "application/zip", "json": "application/json",
    }
)  # fmt: skip
#: Names that have a type of their own.
NAMES: Mapping[str, str] = MappingProxyType({"feed.xml": "application/rss+xml"})
#: Below these lie files that people uploaded; anything else is made by the application.
FOLDERS = frozenset({"documents", "library", "media"})
_PLAYED = frozenset({"mp4", "mp3"})
_PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "gif", "avif"})
#: Folder -> endings of what browsers show in place.
_SHOWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {"documents": _PLAYED, "library": _PLAYED | _PICTURES, "media": frozenset(TYPES)}
)
#: What is made smaller before it is stored, so that nobody compresses it for each citizen.
COMPRESSED = frozenset({"text/html", "application/xml", "application/rss+xml", "text/plain", "text/csv"})


def stamp_of(sha256: str) -> int:
    """The time that a file with that digest has on the disk, in seconds: a piece of the digest, between 1970 and 2004.

    nginx makes an ETag of time and size. So other bytes have another one, also when they were written within the same
    second and are as many, and equal bytes have the same one in every release and on every node.
    """
    return int(sha256[:8], 16) >> 2


def is_host(name: str) -> bool:
    """Whether ``name`` is the name of a host in lower case, and so the name of a folder and no path."""
    return len(name) <= 253 and _HOST.fullmatch(name) is not None


def place_of(target: str) -> str:
    """The file, relative to the tree, in which the answer of ``target`` lies; '' for one that has no place.

    ``target``: path and query as a browser sends them.
    """
    path, _mark, query = target.partition("?")
    names = _names(path)
    if names is None:
        return ""
    if path.endswith("/"):
        page = _PAGE.fullmatch(query) if query else None
        if query and (page is None or page[1] == "1"):
            return ""
        last = f"index.page-{page[1]}.html" if page else INDEX
        place = "/".join([*names, last])
    else:
        if query or not names or names[-1] == INDEX or _NUMBERED.fullmatch(names[-1]):
            return ""
        place = "/".join(names)
    return place if len(place.encode()) <= _LONGEST_PLACE else ""


def gone_place_of(target: str) -> str:
    """The file with the words that ``target`` is gone (410); '' where it has no place."""
    place = place_of(target)
    return f"{GONE}/{place}.html" if place else ""


def answer_place_of(target: str) -> str:
    """The file with what is said while nobody else answers (404, 503); '' for any other address."""
    return target.removeprefix("/") if target in (AWAY, MISSING) else ""


def moved_place_of(target: str) -> str:
    """The mark that ``target`` leads on (301); '' where it has no place."""
    place = place_of(target)
    return f"{MOVED}/{place}.html" if place else ""


def type_of(place: str) -> str:
    """The media type that is sent with the file at ``place``; '' for one that is not sent."""
    if place.startswith((f"{GONE}/", f"{ANSWERS}/", f"{MOVED}/")):
        return "text/html"
    name = place.rpartition("/")[2]
    return NAMES.get(name) or TYPES.get(name.rpartition(".")[2].lower() if "." in name else "", "")


def is_download(place: str) -> bool:
    """Whether browsers are told to keep the file at ``place`` and not to show it."""
    folder, ending = place.partition("/")[0], place.rpartition(".")[2].lower()
    return folder in FOLDERS and ending not in _SHOWN[folder]


def is_stored_file(place: str) -> bool:
    """Whether the file at ``place`` came from somebody, so that nothing in it may run in the site's name."""
    return place.partition("/")[0] in FOLDERS


def is_place(place: str) -> bool:
    """Whether a file may lie at ``place``. For lists that come from elsewhere: no path leads out of the tree."""
    names = place.split("/")
    if names[0] in (GONE, ANSWERS, MOVED):
        names = names[1:]
    return bool(names) and len(place.encode()) <= _LONGEST_PLACE + 16 and all(map(_is_fit, names))


def _names(path: str) -> list[str] | None:
    if not path.startswith("/"):
        return None
    try:
        text = unquote_to_bytes(path).decode()
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    names = text[1:].split("/")
    if names[-1] == "":
        names.pop()
    return names if all(map(_is_fit, names)) else None


def _is_fit(name: str) -> bool:
    return (
        bool(name)
        and not name.startswith(".")
        and not name.endswith((".", " "))
        and not _UNFIT.search(name)
        and len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
    )
