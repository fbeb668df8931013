"""The work of the job: an uploaded crawl is read, its report kept, and drafts are made of its pages.

It may be killed at any moment and run again: the report is made anew, and no page is made twice.
"""

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Busy, Refused
from sites.documents_in.permissions import require_editor_of_all_columns

from .clearing import clear_drafts
from .keeping_pages import keep_pages
from .kept_report import keep_report
from .making import DraftMaking
from .matching import ColumnChoice
from .models import Arrival
from .permissions import require_preparer
from .reading.bounds import MEBIBYTE, CrawlBounds
from .survey import rules_from, survey, unpacked_crawl

_CHUNK = 1 << 20
#: An upload is small beside what a verb may be given; so is what it may unpack to.
UPLOADED = CrawlBounds(total_bytes=4 * 1024 * MEBIBYTE, unpack_seconds=1_800)

logger = logging.getLogger("sites.arrivals")


class Stopped(Exception):
    """Somebody asked the work to stop."""


def work_on(arrival: Arrival) -> None:
    """Do what the arrival waits for: its report, or its report and its drafts; note how that ended.

    Raises Busy, DatabaseError and OSError for what the queue may try again; the arrival then waits.
    """
    try:
        _work_on(arrival)
    except Stopped:
        arrival.note(state=Arrival.State.STOPPED, stopping=False, reason="")
    except (Busy, DatabaseError, OSError):
        arrival.note(state=Arrival.State.WAITING)
        raise
    except Refused as refusal:
        arrival.note(state=Arrival.State.FAILED, reason="".join(refusal.reasons))
    except Exception:
        logger.exception("work on arrival %s failed", arrival.pk)
        reason = _("处理时出现意外，已记录；已经生成的草稿都在，可以再次导入接着做。仍然不行时请联系平台运维人员。")
        arrival.note(state=Arrival.State.FAILED, reason=reason)


def _work_on(arrival: Arrival) -> None:
    require_editor_of_all_columns(arrival.started_by) if arrival.importing else require_preparer(arrival.started_by)
    state = Arrival.State.RUNNING if arrival.importing else Arrival.State.SURVEYING
    arrival.note(state=state, done=0, total=0, reason="", began_at=timezone.now())
    rules = rules_from(arrival.rules) if arrival.rules else []
    columns = ColumnChoice(arrival.column)
    if faults := columns.faults(rules):
        raise Refused(faults)

    def read(done: int, total: int) -> None:
        arrival.note(done=done, total=total)
        _go_on(arrival)

    with crawl_on_disk(arrival) as path, unpacked_crawl(path, arrival.host, UPLOADED) as entries:
        found = survey(
            entries,
            host=arrival.host,
            rules=rules,
            columns=columns,
            bounds=UPLOADED,
            limit=arrival.limit,
            progress=read,
        )
        keep_report(arrival, found)
        keep_pages(arrival, found)
        arrival.note(surveyed_at=timezone.now())
        if not arrival.importing:
            arrival.note(state=Arrival.State.SURVEYED, done=len(found.pages), total=len(found.pages))
            return
        arrival.note(done=0, total=len(found.pages), began_at=timezone.now())
        DraftMaking(arrival, found, rules, UPLOADED, arrival.started_by).make(lambda done, total: _go_on(arrival))
        clear_drafts(arrival, go_on=lambda: _go_on(arrival))
    arrival.note(state=Arrival.State.DONE, done=len(found.pages), total=len(found.pages))


def _go_on(arrival: Arrival) -> None:
    if Arrival.objects.filter(pk=arrival.pk, stopping=True).exists():
        raise Stopped


@contextmanager
def crawl_on_disk(arrival: Arrival) -> Iterator[Path]:
    """Yield the path of a local copy of the uploaded crawl. Raises Refused when it is not the one that was uploaded."""
    if not arrival.crawl or not arrival.crawl.storage.exists(str(arrival.crawl.name)):
        raise Refused(_("抓取文件已经删除，请重新上传。"))
    with tempfile.NamedTemporaryFile(prefix="arrival-") as local:
        with arrival.crawl.open("rb") as stored:
            shutil.copyfileobj(stored, local, _CHUNK)
        local.flush()
        local.seek(0)
        if hashlib.file_digest(local, "sha256").hexdigest() != arrival.sha256:  # type: ignore[arg-type]
            raise Refused(_("存储中的抓取文件与上传时的不一致，没有处理。请核查存储，或重新上传。"))
        yield Path(local.name)
