"""An archive of a site: everything that is public on it, the same bytes for the same state."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from govplatform.archive.package.opening import json_lines
from govplatform.archive.verification.checking import verify_archive


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_state_gives_the_same_bytes(live: Any, export: Callable[..., Any]):
    first, second = export(folder="first"), export(folder="second")
    assert first.addresses == first.captured > 10
    assert files(first.folder) == files(second.folder)


def test_an_archive_is_whole(live: Any, export: Callable[..., Any]):
    built = export()
    result = verify_archive(built.folder)
    assert result.as_json()["faults"] == []
    certificate = json.loads(built.certificate.read_bytes())
    assert certificate["public"]["count"] == certificate["captured"]["count"] == certificate["replayed"]["count"]
    for one in json_lines(built.folder / "data/addresses.jsonl"):
        print(one["status"], one["role"], one["kind"], one["type"], one["revisit"], one["address"])
    print(open(built.folder / "data/metadata/archive.csv").read()[:3000])
