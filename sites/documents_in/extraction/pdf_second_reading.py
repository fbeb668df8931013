"""The second reading of a PDF, by another library: the lines of each page as PDFium gives them."""

from pathlib import Path

import pypdfium2

from sites.documents_in.extraction.second_reading import Passage


def read_pdf_again(path: Path) -> list[Passage]:
    """Return the lines of a PDF with their pages; none where PDFium cannot open what the first reading could."""
    passages: list[Passage] = []
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return passages
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage().get_text_range()
            # A soft hyphen at a line's end comes as U+FFFE.
            passages += [
                Passage("page", number + 1, line) for line in text.replace("\ufffe", "").splitlines() if line.strip()
            ]
    finally:
        document.close()
    return passages
