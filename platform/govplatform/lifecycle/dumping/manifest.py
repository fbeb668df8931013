"""The list of what a dump holds, its first part: read and written as JSON."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .faults import DumpBroken
from .files import is_safe

NAME = "manifest.json"
BEFORE, AFTER = "structure/before.sql", "structure/after.sql"
ROWS, FILES = "rows/", "files/"
#: A list of a million files has 200 MB; more is no list of a site.
LONGEST = 512 << 20


@dataclass(frozen=True)
class Part:
    """One part of a dump. ``bytes``, ``sha256``, ``sm3``: of the part as it lies in the dump."""

    name: str
    bytes: int
    sha256: str
    sm3: str


@dataclass(frozen=True)
class DumpedTable:
    """``rows``: how many; ``digest``: SHA-256 of them in the order of their key, as COPY writes them."""

    name: str
    columns: tuple[str, ...]
    rows: int
    digest: str


@dataclass(frozen=True)
class Manifest:
    """What a dump holds.

    ``site``: the site's record as it was; ``version``: fingerprint of the platform's
    template then; ``migrations``: ``[app, name]`` that the schema
    had; ``structure``: digest of tables, constraints, indexes, triggers; ``accounts``: id -> user name of everybody
    whom the rows name; ``text_bytes``: the rows before they were compressed.
    """

    site: dict[str, Any]
    version: str
    migrations: list[list[str]]
    structure: str
    tables: list[DumpedTable]
    sequences: dict[str, tuple[int, bool]]
    accounts: dict[int, str]
    text_bytes: int
    parts: list[Part] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def files(self) -> list[Part]:
        return [part for part in self.parts if part.name.startswith(FILES)]

    @property
    def file_bytes(self) -> int:
        return sum(part.bytes for part in self.files)

    def write(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """Raises DumpBroken for what is no list of a dump, or names a place outside of it."""
    try:
        raw = json.loads(data)
        manifest = Manifest(
            site=dict(raw["site"]),
            version=str(raw["version"]),
            migrations=[[str(app), str(name)] for app, name in raw["migrations"]],
            structure=str(raw["structure"]),
            tables=[
                DumpedTable(str(one["name"]), tuple(map(str, one["columns"])), int(one["rows"]), str(one["digest"]))
                for one in raw["tables"]
            ],
            sequences={str(name): (int(value), bool(called)) for name, (value, called) in raw["sequences"].items()},
            accounts={int(pk): str(name) for pk, name in raw["accounts"].items()},
            text_bytes=int(raw["text_bytes"]),
            parts=[
                Part(str(one["name"]), int(one["bytes"]), str(one["sha256"]), str(one["sm3"])) for one in raw["parts"]
            ],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DumpBroken(NAME, _("清单无法读取。")) from error
    tables = [f"{ROWS}{table.name}.gz" for table in manifest.tables]
    expected = [BEFORE, *tables, AFTER]
    if [part.name for part in manifest.parts[: len(expected)]] != expected:
        raise DumpBroken(NAME, _("清单里的表和备份的部分不一致。"))
    for part in manifest.parts[len(expected) :]:
        if not part.name.startswith(FILES) or not is_safe(part.name.removeprefix(FILES)):
            raise DumpBroken(NAME, _("清单里有不该有的路径：%(name)s") % {"name": part.name})
    return manifest
