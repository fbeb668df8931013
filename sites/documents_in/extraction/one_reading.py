"""One reading of characters for every format: radicals and compatibility ideographs are what they are drawn like."""

from dataclasses import replace

from govplatform.untrusted_files.characters import fold_characters
from sites.documents_in.extraction.element import Element, ReadFile


def with_ordinary_characters(read: ReadFile) -> ReadFile:
    """Fold every text that a reader found, as the scanner folds what it reads; return ``read``."""
    for element in read.elements:
        _fold(element)
    for image in read.images:
        image.alt = fold_characters(image.alt)
    read.hints = {name: fold_characters(value) for name, value in read.hints.items()}
    read.second = [replace(passage, text=fold_characters(passage.text)) for passage in read.second]
    read.left_out = [fold_characters(text) for text in read.left_out]
    read.put_in = [fold_characters(text) for text in read.put_in]
    return read


def _fold(element: Element) -> None:
    element.text, element.html = fold_characters(element.text), fold_characters(element.html)
    element.caption = fold_characters(element.caption)
    element.rows = [[fold_characters(cell) for cell in row] for row in element.rows]
