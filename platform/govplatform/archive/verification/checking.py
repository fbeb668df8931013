"""The verification of an archive: its certificate, its files, its records, its index, the file for viewers.

Everything is read from the folder alone. The archive may come from anywhere: names in it are compared and never opened,
and nothing is held in memory that it decides the size of.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from govplatform.digests import Digest, digest_of_file

from ..package.bag import DECLARATION, bag_facts, bag_info, manifest_bytes
from ..package.certificate import KIND, is_signed, is_written_so
from ..package.layout import (
    ALGORITHMS,
    BAG_DECLARATION,
    BAG_INFO,
    CERTIFICATE,
    INDEX,
    Names,
    manifest,
    tag_manifest,
)
from ..package.opening import NoArchive, read_certificate
from .faults import Fault, Verification
from .records import RecordCheck
from .viewers_file import check_wacz

#: What reading values of another kind than the form has, or nested without end, comes to.
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,120}")


@dataclass(frozen=True)
class Folder:
    """What is being verified, with the digests of its payload."""

    path: Path
    names: Names
    certificate: Mapping[str, Any]
    digests: Mapping[str, Digest]


def verify_archive(path: Path, *, key: str = "") -> Verification:
    """Check the archive in the folder ``path`` and say what is wrong with it, the first fault first.

    ``key``: the public key (hexadecimal) that must have signed it; '' takes the key that it names itself.
    """
    result = Verification()
    try:
        certificate = read_certificate(path)
    except NoArchive:
        result.faults.append(Fault(CERTIFICATE, _("没有可读的完整性证书：这里不是归档包，或者证书已损坏。")))
        return result
    result.archive = certificate["archive"]
    form = certificate.get("form")
    check = _BY_FORM.get(form) if isinstance(form, int) else None
    if certificate.get("kind") != KIND or check is None:
        result.faults.append(
            Fault(
                CERTIFICATE, _("证书的格式版本“%(form)s”不能识别：请用制作它的版本或更新的版本核验。") % {"form": form}
            )
        )
        return result
    try:
        result.add(_certificate_faults(path, certificate, key))
        signature = certificate.get("signature")
        result.key = str(signature.get("key", "")) if isinstance(signature, dict) else ""
        if result.ok:
            check(path, certificate, result)
    except _UNREADABLE:
        # Whoever signs with a key of their own may write anything into it; it is told like any other fault.
        result.faults.append(Fault(_last_place(result), _("内容的写法不合规则，核验到这里为止。")))
    return result


def _last_place(result: Verification) -> str:
    """Where the verification was when it met what cannot be read."""
    at = result.faults[-1].place if result.faults else ""
    return at or _("第 %(number)s 项之后") % {"number": result.checked}


def _certificate_faults(path: Path, certificate: dict[str, Any], key: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(certificate["archive"]):
        yield Fault(CERTIFICATE, _("归档名称不合规则。"))
        return
    if not is_signed(certificate):
        yield Fault(CERTIFICATE, _("签名与证书内容不符：证书在签名之后改动过，或者签名已损坏。"))
    elif key and certificate["signature"]["key"] != key.strip().lower():
        yield Fault(CERTIFICATE, _("证书不是用指定的密钥签名的。"))
    elif not is_written_so(certificate, (path / CERTIFICATE).read_bytes()):
        yield Fault(CERTIFICATE, _("证书的写法与制作时不同：文件改动过。"))


def _check_form_1(path: Path, certificate: dict[str, Any], result: Verification) -> None:
    names = Names(certificate["archive"])
    result.add(_unexpected(path, names))
    if not result.ok:
        return
    digests = {}
    for name in names.payload():
        digests[name] = digest_of_file(path / name)
        result.checked += 1
    folder = Folder(path, names, certificate, digests)
    wrong = {fault.place: fault for fault in _changed_files(folder)}
    by_record = {names.warc, INDEX}
    result.add(fault for place, fault in wrong.items() if place not in by_record and place != names.wacz)
    if result.ok:
        # Where the records say which of them is broken, that is told before the file as a whole.
        records = RecordCheck(path, names, certificate)
        result.add(records.faults())
        result.checked += records.checked
    if result.ok:
        result.add(fault for place, fault in wrong.items() if place in by_record)
    result.add(check_wacz(path, names, digests))
    result.add(fault for place, fault in wrong.items() if place == names.wacz)
    result.checked += len(names.tags()) + len(ALGORITHMS)
    result.add(_tag_faults(folder))


#: Form of archive -> its check. An archive of an older form is verified by the rules of its time.
_BY_FORM: dict[int, Callable[[Path, dict[str, Any], Verification], None]] = {1: _check_form_1}


def _unexpected(path: Path, names: Names) -> Iterator[Fault]:
    """Files that are missing or too many, links, and folders that hold nothing of the archive."""
    expected = set(names.everything())
    folders = {parent.as_posix() for name in expected for parent in Path(name).parents}
    met = set()
    for current, below, files in os.walk(path, followlinks=False):
        place = Path(current).relative_to(path)
        for name in sorted([*below, *files]):
            found = (place / name).as_posix()
            if (Path(current) / name).is_symlink():
                yield Fault(found, _("归档里不应有符号链接。"))
            elif name in below:
                if found not in folders:
                    yield Fault(found, _("多出的目录：归档里没有登记它。"))
            elif found not in expected or not (Path(current) / name).is_file():
                yield Fault(found, _("多出的文件：归档里没有登记它。"))
            else:
                met.add(found)
    for name in sorted(expected - met):
        yield Fault(name, _("缺少这个文件。"))


def _changed_files(folder: Folder) -> Iterator[Fault]:
    listed = folder.certificate.get("files")
    certified = {one["path"]: one for one in listed if isinstance(one, dict) and "path" in one} if listed else {}
    if sorted(certified) != folder.names.certified():
        yield Fault(CERTIFICATE, _("证书登记的文件与归档的组成不符。"))
        return
    for name in folder.names.certified():
        found = folder.digests[name]
        one = certified[name]
        if found.bytes != one.get("bytes"):
            yield Fault(
                name,
                _("大小是 %(found)s 字节，证书登记的是 %(certified)s 字节。")
                % {"found": found.bytes, "certified": one.get("bytes")},
            )
        elif found.sha256 != one.get("sha256") or found.sm3 != one.get("sm3"):
            yield Fault(name, _("内容与证书登记的摘要（SHA-256、SM3）不符：文件改动过。"))


def _tag_faults(folder: Folder) -> Iterator[Fault]:
    """The files beside the payload follow from it; what differs by one byte was changed."""
    site = folder.certificate.get("site")
    organiser, name = (str(site.get("organiser")), str(site.get("name"))) if isinstance(site, dict) else ("", "")
    facts = bag_facts(organiser, name, folder.names.name, str(folder.certificate.get("state_at")))
    expected = {
        BAG_DECLARATION: DECLARATION,
        BAG_INFO: bag_info(facts, folder.digests.values()),
        **{manifest(one): manifest_bytes(folder.digests, one) for one in ALGORITHMS},
    }
    tags = {name: digest_of_file(folder.path / name) for name in folder.names.tags()}
    for algorithm in ALGORITHMS:
        expected[tag_manifest(algorithm)] = manifest_bytes(tags, algorithm)
    for name, wanted in expected.items():
        with (folder.path / name).open("rb") as stream:
            found = stream.read(len(wanted) + 1)
        if found != wanted:
            same = next(
                (place for place, pair in enumerate(zip(found, wanted, strict=False)) if len(set(pair)) > 1), None
            )
            yield Fault(
                _("%(file)s 第 %(line)s 行") % {"file": name, "line": wanted[:same].count(b"\n") + 1},
                _("与归档的内容不符：这个文件改动过。"),
            )
