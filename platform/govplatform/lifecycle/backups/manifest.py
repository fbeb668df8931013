"""The list of what a backup holds, its last file to be written: read and written as JSON."""

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import get_public_schema_name

from ..dumping.faults import DumpBroken
from ..dumping.files import is_safe

NAME = "manifest.json"
DATABASE, FILES, KEYS = "database/", "files/", "keys/"
FORM = 1
#: A list of two million files has 500 MB; more is no list of a backup.
LONGEST = 1 << 30
_DIGEST, _SCHEMA = re.compile(r"[0-9a-f]{64}"), re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class BackupPart:
    """One file of a backup. ``mtime``: of its original, in nanoseconds; 0 for what has none."""

    name: str
    bytes: int
    sha256: str
    sm3: str
    mtime: int = 0


@dataclass(frozen=True)
class Key:
    """A key that the data cannot do without, and that is not among them. ``setting``: which one; ``sha256``: of its
    file, '' where it is given in the environment.
    """

    setting: str
    sha256: str


@dataclass(frozen=True)
class BackupManifest:
    """What a backup holds.

    ``taken_at``: the moment of its one state, ISO; ``migrations``: schema -> ``[app, name]`` of public and template;
    ``rows``: schema -> number of rows; ``sites``: code -> schema of sites with content; ``keepers``: user names of
    those who may restore; ``accounts``: id -> user name; ``role``: the application's role that the grants name;
    ``database_bytes``: what the database took.
    """

    taken_at: str
    version: str
    role: str
    migrations: dict[str, list[list[str]]]
    rows: dict[str, int]
    sites: dict[str, str]
    keepers: list[str]
    accounts: dict[int, str]
    database_bytes: int
    keys: list[Key] = field(default_factory=list)
    parts: list[BackupPart] = field(default_factory=list)
    form: int = FORM

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    @property
    def files(self) -> list[BackupPart]:
        return [part for part in self.parts if part.name.startswith(FILES)]

    @property
    def total(self) -> int:
        return sum(part.bytes for part in self.parts)

    def files_below(self, area: str) -> list[BackupPart]:
        """The files of ``area`` (``media/site_x``)."""
        return [part for part in self.files if part.name.startswith(f"{FILES}{area}/")]

    def write(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, indent=1).encode()


def read_backup_manifest(data: bytes) -> BackupManifest:
    """Raises DumpBroken for what is no list of a backup, names a place outside of it, or is of a newer form."""
    try:
        raw = json.loads(data)
        if isinstance(raw, dict) and isinstance(raw.get("form"), int) and raw["form"] > FORM:
            raise DumpBroken(NAME, _("备份的格式（%(form)s）比这个版本的程序新。") % {"form": raw["form"]})
        manifest = _made(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DumpBroken(NAME, _("清单无法读取。")) from error
    names = [part.name for part in manifest.parts]
    for name in names:
        if not name.startswith((DATABASE, FILES)) or not is_safe(name):
            raise DumpBroken(NAME, _("清单里有不该有的路径：%(name)s") % {"name": name[:200]})
    if len(set(names)) != len(names):
        raise DumpBroken(NAME, _("清单里有重复的路径。"))
    schemas = [*manifest.rows, *manifest.sites.values()]
    if not all(_SCHEMA.fullmatch(schema) for schema in schemas) or get_public_schema_name() not in manifest.rows:
        raise DumpBroken(NAME, _("清单里的数据库模式不对。"))
    return manifest


def _made(raw: dict[str, Any]) -> BackupManifest:
    parts = [
        BackupPart(str(one["name"]), int(one["bytes"]), _digest(one["sha256"]), _digest(one["sm3"]), int(one["mtime"]))
        for one in raw["parts"]
    ]
    manifest = BackupManifest(
        taken_at=str(raw["taken_at"]),
        version=str(raw["version"]),
        role=str(raw["role"]),
        migrations={
            str(schema): [[str(app), str(name)] for app, name in found] for schema, found in raw["migrations"].items()
        },
        rows={str(schema): int(count) for schema, count in raw["rows"].items()},
        sites={str(code): str(schema) for code, schema in raw["sites"].items()},
        keepers=[str(name) for name in raw["keepers"]],
        accounts={int(pk): str(name) for pk, name in raw["accounts"].items()},
        database_bytes=int(raw["database_bytes"]),
        keys=[Key(str(one["setting"]), str(one["sha256"])) for one in raw["keys"]],
        parts=parts,
        form=int(raw["form"]),
    )
    if manifest.moment.tzinfo is None:
        raise ValueError(manifest.taken_at)
    return manifest


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError(value)
    return value
