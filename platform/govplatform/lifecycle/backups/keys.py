"""Keys lie apart from the data that they open or sign: named in the list of a backup, written elsewhere if asked."""

import os
from pathlib import Path

from django.utils.translation import gettext as _

from govplatform.digests import digest_of_file
from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.whole_files import write_whole_file

from .areas import key_files
from .manifest import Key


def reasons_against_key_folder(out: Path, keys_to: Path | None, *, beside: bool) -> list[str]:
    """Why keys may not be written to ``keys_to``: whoever has the data would have them too."""
    if keys_to is None or beside:
        return []
    data, keys = out.resolve(), keys_to.resolve()
    if data == keys or data in keys.parents or keys in data.parents:
        return [_("密钥不能和数据放在一起：请给 --keys 另一个目录；确要放在一起，请加 --keys-beside。")]
    return []


def keep_keys(folder: Path, name: str) -> list[Path]:
    """Write the installation's keys into a folder of their own below ``folder``, for its owner's eyes alone."""
    target = folder / f"keys-of-{name}"
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = [(setting, path.read_bytes()) for setting, path in key_files()]
    except OSError as error:
        raise Refused(
            _("备份已完成，但密钥没有写出：%(path)s：%(why)s。") % {"path": target, "why": system_words(error)}
        ) from error
    for setting, data in found:
        write_whole_file(target / setting, [data], mode=0o600)
    return [target / setting for setting, _data in found]


def reasons_against_keys(wanted: list[Key], folder: Path | None) -> list[str]:
    """Why the keys in ``folder`` are not those that a backup was made with."""
    reasons = []
    for key in wanted:
        path = folder / key.setting if folder is not None else None
        if path is not None and key.sha256 and path.is_file() and digest_of_file(path).sha256 != key.sha256:
            reasons.append(_("%(path)s 不是这个备份所用的密钥。") % {"path": path})
    return reasons


def put_keys(wanted: list[Key], folder: Path | None, places: dict[str, str]) -> list[str]:
    """Put the keys of ``folder`` into their places where none lies; return the settings of those that are missing."""
    missing = []
    for key in wanted:
        place = Path(places[key.setting]) if places.get(key.setting) else None
        source = folder / key.setting if folder is not None else None
        if place is not None and place.is_file() and digest_of_file(place).sha256 == key.sha256:
            continue
        if place is None or source is None or not source.is_file() or not key.sha256 or place.exists():
            missing.append(key.setting)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole_file(place, [source.read_bytes()], mode=0o600)
        os.chmod(place, 0o644 if key.setting.endswith("PUBLIC_KEY_FILE") else 0o600)
    return missing
