"""What an archive needs of each answer besides its bytes; made in the process that rendered it."""

from dataclasses import dataclass

from govplatform.digests import Digest, digest_of_stream
from govplatform.rendering.renderer import Rendered

from .shown_files import Seen, read_page, read_styles

#: By this name the renderer, also in another process, finds ``read_answer``.
READING = "govplatform.archive.capture.reading.read_answer"


@dataclass(frozen=True)
class Made:
    """``seen``: what a page or style sheet shows and leads to; nothing of other answers."""

    digest: Digest
    seen: Seen


def read_answer(address: str, answer: Rendered) -> Made:
    answer.body.seek(0)
    digest = digest_of_stream(answer.body)  # type: ignore[arg-type]
    seen = Seen()
    if answer.status == 200 and answer.type in ("text/html", "application/xhtml+xml"):
        seen = read_page(answer.text(), address)
    elif answer.status == 200 and answer.type == "text/css":
        seen = read_styles(answer.text(), address)
    return Made(digest, seen)
