"""``python -m tests.bench.damaged FOLDER [--count N]``: importer and scanner are given files damaged at random.

Each file below FOLDER is damaged in one of several ways (bytes turned, cut, doubled, exchanged; in a package the parts
inside, so that the damage is not only found by the checksum; in XML and HTML elements and values; in a PDF its numbers)
and read as it would be in the guarded process. A refusal with its reason is an answer; an exception, a file that takes
longer than its limit, or a process that dies is a fault.
"""

import argparse
import copy
import faulthandler
import io
import logging
import multiprocessing
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

from lxml import etree, html

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "platform"), str(ROOT)]

from govplatform.confidentiality.scanning.files import scan_file  # noqa: E402
from govplatform.confidentiality.scanning.settings import ScanSettings  # noqa: E402
from sites.documents_in.extraction import ExtractionRefused, extract_document  # noqa: E402

IMPORTED = (".docx", ".pdf", ".html", ".htm", ".txt")
_SECONDS = 150
_MOST_DAMAGE = 12
_PACKAGES = (b"PK\x03\x04",)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.damaged")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = [path for path in sorted(options.folder.rglob("*")) if path.is_file()]
    if not files:
        print("no files", file=sys.stderr)
        return 2
    told: Counter[str] = Counter()
    faults: list[str] = []
    slowest, memory = (0.0, ""), 0
    # One process for a few hundred files: a death is noticed, and the memory of one stretch does not hide the next.
    with tempfile.TemporaryDirectory() as folder:
        for first in range(0, options.count, 250):
            numbers = range(first, min(first + 250, options.count))
            receiving, sending = multiprocessing.Pipe(duplex=False)
            child = multiprocessing.Process(
                target=_stretch, args=(sending, files, numbers, options.seed, Path(folder)), daemon=True
            )
            child.start()
            sending.close()
            at = first
            try:
                while (answer := receiving.recv()) is not None:
                    at, verdict, seconds, name, peak = answer
                    told[verdict.split(":")[0]] += 1
                    if verdict.startswith("fault"):
                        faults.append(f"{name} (number {at}): {verdict}")
                    slowest, memory = max(slowest, (seconds, name)), max(memory, peak)
            except EOFError:
                faults.append(f"the process died behind number {at}")
            child.join()
            print(f"{numbers.stop} {dict(told)} slowest {slowest[0]:.1f} s {slowest[1]} peak {memory} MB", flush=True)
    print("\n".join(faults))
    return 1 if faults else 0


def _stretch(sending: Any, files: list[Path], numbers: range, seed: int, folder: Path) -> None:
    faulthandler.enable()
    # The libraries say much of damaged files; what matters is what comes of it.
    logging.disable()
    signal.signal(signal.SIGALRM, _too_long)
    for number in numbers:
        pick = random.Random(f"{seed}/{number}")
        path = pick.choice(files)
        damaged = folder / f"d{number}{path.suffix}"
        damaged.write_bytes(damage(path.read_bytes(), pick))
        began = time.process_time()
        signal.alarm(_SECONDS)
        try:
            verdict = _read(damaged)
        except Exception:
            verdict = f"fault: {traceback.format_exc(limit=-4)}"
        finally:
            signal.alarm(0)
        damaged.unlink()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sending.send((number, verdict, time.process_time() - began, str(path), peak))
    sending.send(None)


def _too_long(*_: object) -> None:
    raise TimeoutError(f"longer than {_SECONDS} s")


def _read(path: Path) -> str:
    said = "scanned"
    if path.suffix in IMPORTED:
        try:
            extract_document(path, filename=path.name)
            said = "imported"
        except ExtractionRefused:
            said = "refused"
        except RecursionError:
            said = "too deep"
    scan_file(path, path.name, ScanSettings())
    return said


def damage(data: bytes, pick: random.Random) -> bytes:
    """Return the bytes with some of them changed; of a package, most often those of one part."""
    if data.startswith(_PACKAGES) and pick.random() < 0.8:
        try:
            return _damage_package(data, pick)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
            pass
    if pick.random() < 0.6:
        if data.startswith(b"%PDF"):
            return _damage_numbers(data, pick)
        if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<"):
            return _damage_tree(data, pick)
    changed = bytearray(data)
    for _ in range(pick.randint(1, _MOST_DAMAGE)):
        if not changed:
            break
        at = pick.randrange(len(changed))
        length = min(pick.choice((1, 1, 2, 8, 64, 500)), len(changed) - at)
        match pick.randrange(6):
            case 0:
                changed[at : at + length] = pick.randbytes(length)
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length] * pick.choice((1, 2, 50))
            case 3:
                other = pick.randrange(len(changed))
                changed[at : at + length] = changed[other : other + length]
            case 4:
                changed[at] ^= 1 << pick.randrange(8)
            case _:
                if pick.random() < 0.2:
                    del changed[at:]
                else:
                    changed[at : at + length] = bytes(length)
    return bytes(changed)


def _damage_numbers(data: bytes, pick: random.Random) -> bytes:
    """Other numbers in the objects of a PDF; the streams, which are packed, stay as they are."""
    places = [match.span() for match in re.finditer(rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", data)]
    for start, end in sorted(pick.sample(places, k=min(len(places), pick.randint(1, 4))), reverse=True):
        other = pick.choice((b"0", b"-1", b"1e9", b"99999999999", b"2147483648", b"null", b"[]", b"7", b"0.00001"))
        data = data[:start] + other + data[end:]
    return data


def _damage_tree(data: bytes, pick: random.Random) -> bytes:
    """Elements gone, doubled, wrapped or exchanged, values emptied or grown."""
    is_xml = data[:200].lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<?xml")
    try:
        root: Any = etree.fromstring(data) if is_xml else html.fromstring(data)
    except (etree.LxmlError, ValueError):
        return data[: len(data) // 2]
    for _ in range(pick.randint(1, _MOST_DAMAGE)):
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        node, other = pick.choice(nodes), pick.choice(nodes)
        parent = node.getparent()
        match pick.randrange(6):
            case 0 if parent is not None:
                parent.remove(node)
            case 1 if parent is not None:
                for _copy in range(pick.choice((1, 3, 200))):
                    parent.insert(0, copy.deepcopy(node))
                    if len(nodes) > 20_000:
                        break
            case 2:
                other.append(copy.deepcopy(node))
            case 3 if node.attrib:
                name = pick.choice(list(node.attrib))
                node.attrib[name] = pick.choice(("", "-1", "99999999999", "none", "0", "a" * 5000, "%", "１", "rId999"))
            case 4:
                node.text = pick.choice(("", "\u200b", "9" * 3000, "（" * 3000, "第一条", "\ufffd"))
            case _:
                node.tag = other.tag
    return etree.tostring(root, xml_declaration=is_xml, encoding="utf-8")


def _damage_package(data: bytes, pick: random.Random) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    if not parts:
        return data
    for name in pick.sample(sorted(parts), k=min(len(parts), pick.randint(1, 3))):
        if pick.random() < 0.1:
            del parts[name]
        else:
            parts[name] = damage(parts[name], pick)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
