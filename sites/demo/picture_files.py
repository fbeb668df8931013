"""The cache of drawn pictures under ``var/cache/demo-pictures``, so that a second load draws none of them again.

``draw_ahead`` starts processes that draw while the loader is busy with the database. They have a finite list and end
by themselves, whatever becomes of the process that started them; a picture that is not there yet when it is wanted is
drawn on the spot.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterable
from multiprocessing.process import BaseProcess
from pathlib import Path

from sites.demo.content import Gallery, Picture, Province, Structured
from sites.demo.pictures import draw_picture

Wanted = tuple[str, int]


def pictures_of(province: Province) -> list[Wanted]:
    """Return (motif, seed) of every picture in the province's items, each once, in the order of the items."""
    wanted: dict[Wanted, None] = {}

    def note(picture: Picture) -> None:
        wanted.setdefault((picture.motif, picture.seed))

    for site in province.sites:
        for item in site.items:
            if item.picture:
                note(item.picture)
            if isinstance(item, Structured) and item.map:
                note(item.map)
            for block in item.blocks:
                if isinstance(block, Picture):
                    note(block)
                elif isinstance(block, Gallery):
                    for picture in block.pictures:
                        note(picture)
    return list(wanted)


def picture_bytes(folder: Path, motif: str, seed: int) -> bytes:
    """Return the JPEG bytes of a picture, from ``folder`` or drawn now and kept there."""
    path = folder / f"{motif}-{seed}.jpg"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        drawn = draw_picture(motif, seed)
        _keep(path, drawn)
        return drawn


def draw_ahead(folder: Path, wanted: Iterable[Wanted], processes: int = 2) -> list[BaseProcess]:
    """Start processes that draw the pictures which ``folder`` lacks; return them. Waiting for them is not needed."""
    missing = [one for one in wanted if not (folder / f"{one[0]}-{one[1]}.jpg").exists()]
    if not missing:
        return []
    # spawn: the parent has database connections and threads that a fork must not inherit
    context = multiprocessing.get_context("spawn")
    started: list[BaseProcess] = []
    for number in range(min(processes, len(missing))):
        process = context.Process(target=_draw_all, args=(str(folder), missing[number::processes]), daemon=True)
        process.start()
        started.append(process)
    return started


def _draw_all(folder: str, wanted: list[Wanted]) -> None:
    for motif, seed in wanted:
        if os.getppid() == 1:
            return
        picture_bytes(Path(folder), motif, seed)


def _keep(path: Path, content: bytes) -> None:
    # Written under another name and renamed, so that a process that is killed leaves no half picture.
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    os.replace(name, path)
