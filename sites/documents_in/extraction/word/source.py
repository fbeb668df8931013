"""What the reading of all stories of one Word document shares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sites.documents_in.extraction.word.blocks import Foreign, LeftOut
from sites.documents_in.extraction.word.controls import Controls
from sites.documents_in.extraction.word.numbering import Counters
from sites.documents_in.extraction.word.styles import Styles


@dataclass
class Source:
    """The parts and counts of one document.

    take_image(id of a relationship, words for it): index of a picture; read_chunk(id of a relationship): a piece of
    another format; address(id of a relationship): where a link leads; note(kind, its reference): its mark in the text.
    """

    styles: Styles
    counters: Counters
    controls: Controls
    left_out: LeftOut
    take_image: Callable[[str, str], int]
    read_chunk: Callable[[str], Foreign | None]
    address: Callable[[str], str]
    note: Callable[[str, Any], str]
