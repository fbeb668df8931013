"""Rule packs as files: one readable TOML file per province, and what it takes over from another (``extends``)."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words

#: Also the width of ``Tenant.rule_pack``.
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class RulePackError(Refused):
    """A pack that cannot be used; each reason names the file, the entry at fault and the way out."""


@dataclass(frozen=True)
class PackFile:
    """A file as it was read. ``code``: its name without ``.toml``; ``raw``: its content as TOML gives it."""

    code: str
    path: Path
    raw: dict[str, Any]

    def fault(self, key: str, sentence: str) -> str:
        """A sentence about an entry of this file, preceded by the names of both."""
        return f"{self.path.name}：{key}：{sentence}"


def pack_folder() -> Path:
    """The folder with this installation's packs."""
    return Path(settings.RULE_PACK_DIR)


def pack_paths() -> list[Path]:
    """Every file of this installation that is meant as a pack."""
    return sorted(pack_folder().glob("*.toml"))


def is_code(name: str) -> bool:
    """Whether a pack can have that name."""
    return _CODE.fullmatch(name) is not None


def available_rule_packs() -> list[str]:
    """Codes of the packs of this installation, whether or not they can be used."""
    return [path.stem for path in pack_paths() if is_code(path.stem)]


def read_chain(path: Path) -> list[PackFile]:
    """Read ``path`` and the files that it extends, directly or through another; the last ancestor comes first.

    An ancestor is looked for beside the file, then among the packs of this installation. Raises RulePackError when a
    file is no TOML, its ancestor is missing, or the files extend each other in a circle.
    """
    chain: list[PackFile] = []
    wanted: Path | None = path
    while wanted is not None:
        file = _read(wanted)
        chain.insert(0, file)
        parent = file.raw.get("extends")
        wanted = None
        if parent is not None:
            wanted = _ancestor(file, parent)
            if any(known.path == wanted for known in chain):
                line = " → ".join([known.code for known in reversed(chain)] + [wanted.stem])
                sentence = _("几个规则包互相沿用，成了一个圈：%(line)s。请删去其中一处 extends。") % {"line": line}
                raise RulePackError(file.fault("extends", sentence))
    return chain


def find_pack(code: str) -> Path:
    """Return the path of the pack ``code``. Raises Refused, naming the packs that exist, when there is none."""
    path = pack_folder() / f"{code}.toml"
    if not is_code(code) or not path.is_file():
        raise Refused(
            _("没有名为“%(code)s”的规则包。可用：%(known)s。")
            % {"code": code, "known": "、".join(available_rule_packs())}
        )
    return path


def _ancestor(file: PackFile, parent: object) -> Path:
    if isinstance(parent, str) and is_code(parent):
        for folder in (file.path.parent, pack_folder()):
            if (path := folder / f"{parent}.toml").is_file():
                return path
    raise RulePackError(
        file.fault(
            "extends",
            _("没有名为“%(code)s”的规则包。可用：%(known)s。")
            % {"code": parent, "known": "、".join(available_rule_packs())},
        )
    )


def _read(path: Path) -> PackFile:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulePackError(
            _("%(file)s：文件打不开（%(why)s）。请核对路径和权限。") % {"file": path, "why": system_words(error)}
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RulePackError(
            _("%(file)s：不是有效的 TOML 文件（%(why)s）。文件须为 UTF-8 编码，写法可参照 national.toml。")
            % {"file": path.name, "why": error}
        ) from error
    return PackFile(path.stem, path, raw)
