"""Texts of attachments: each file once, whoever shows it, in the process that also reads what strangers send."""

import logging
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote_from_bytes

from django.db import connection
from django.utils import timezone

from content_library.models import Resource, ResourceFile
from content_library.resources.blobs import open_blob
from content_library.resources.showing import shown_sql
from govplatform.confidentiality.scanning.limits import ReadLimits
from govplatform.guarded import GuardedFailure, run_guarded
from govplatform.tenancy.jobs import enqueue

from ..models import FileText
from .actions import READ_FILE, index_resources
from .describing import LONGEST_FILE
from .guarded_reading import TARGET

#: Files that are queued again at once.
_MOST = 500
_FORGET = f"""
DELETE FROM public.search_filetext f WHERE NOT EXISTS (
 SELECT 1 FROM public.content_library_resourcefile x
 JOIN public.content_library_resource r ON r.current_id = x.version_id
 WHERE x.blob_id = f.sm3 AND x.kind = 'document' AND {shown_sql("r")})
"""
logger = logging.getLogger("govplatform.search")


def read_file_text(sm3: str) -> None:
    """Read the text of the file with these bytes, keep it, and bring the documents in line that have the file.

    Does nothing for a file that was read. A file that cannot be read is kept as such: its name is found all the same.
    """
    row = FileText.objects.filter(sm3=sm3, state=FileText.State.WAITING).first()
    use = ResourceFile.objects.filter(blob_id=sm3).order_by("pk").first()
    if row is None or use is None:
        return
    try:
        text, state = _read(sm3, use.name), FileText.State.READ
    except (GuardedFailure, FileNotFoundError) as problem:
        logger.warning("the text of %s cannot be read: %s", sm3, problem)
        text, state = "", FileText.State.UNREADABLE
    # PostgreSQL takes neither NUL nor half characters; readers of damaged files may meet them.
    text = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    FileText.objects.filter(sm3=sm3).update(text=text, state=state, read_at=timezone.now())
    uses = ResourceFile.objects.filter(blob_id=sm3).values("version_id")
    index_resources(Resource.objects.filter(current_id__in=uses).values_list("pk", flat=True))


def queue_unread_files() -> int:
    """Queue the reading of files whose job was lost; return how many wait. Harmless for those that are queued."""
    waiting = list(FileText.objects.filter(state=FileText.State.WAITING).values_list("sm3", flat=True)[:_MOST])
    for sm3 in waiting:
        enqueue(READ_FILE, in_schema="public", once=f"search.read_file:{sm3}", sm3=sm3)
    return len(waiting)


def forget_unused_texts() -> int:
    """Delete the texts of files that nothing shown has any more; return how many. Who shows them again reads anew."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
        return int(cursor.rowcount)


def _read(sm3: str, name: str) -> str:
    limits = ReadLimits()
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        local = Path(folder) / f"file{Path(name).suffix.lower()[:10]}"
        with open_blob(sm3) as stored, local.open("wb") as copy:
            shutil.copyfileobj(stored, copy)
        args = {"path": quote_from_bytes(str(local).encode()), "name": name, "characters": LONGEST_FILE}
        answer = run_guarded(
            TARGET, args, seconds=limits.seconds, memory_mb=limits.memory_mb, output_mb=limits.output_mb
        )
    return str(answer["text"])
