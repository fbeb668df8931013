"""The pages of an uploaded crawl, kept by themselves: rules are tried on them without unpacking the crawl again."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .models import Arrival
from .survey import Survey


def keep_pages(arrival: Arrival, found: Survey) -> None:
    """Keep the pages of a crawl that was surveyed just now, each content once, in place of those kept before."""
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            seen: set[str] = set()
            for content, file in found.contents.values():
                if content not in seen:
                    seen.add(content)
                    package.write(file, content)
        packed.seek(0)
        forget_pages(arrival)
        arrival.kept.save("kept.pages", File(packed), save=False)
    arrival.save(update_fields=["kept", "changed_at"])


def forget_pages(arrival: Arrival) -> None:
    """Delete the kept pages, if there are any; the row is not stored."""
    if arrival.kept:
        arrival.kept.storage.delete(str(arrival.kept.name))
        arrival.kept = ""


@contextmanager
def kept_pages(arrival: Arrival, contents: list[str]) -> Iterator[dict[str, str]]:
    """Yield {content: path of its bytes} of some kept pages. Raises Refused when they are not there any more."""
    if not arrival.kept or not arrival.kept.storage.exists(str(arrival.kept.name)):
        raise Refused(_("抓取的网页已经删除，不能试用规则；请重新上传抓取文件。"))
    with tempfile.TemporaryDirectory(prefix="arrival-pages-") as folder, arrival.kept.open("rb") as stored:
        with zipfile.ZipFile(stored) as package:
            there = set(package.namelist())
            for content in dict.fromkeys(contents):
                if content in there:
                    (Path(folder) / content).write_bytes(package.read(content))
        yield {content: f"{folder}/{content}" for content in contents if content in there}
