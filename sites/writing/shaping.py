"""A picture turned or cropped in the console: a new picture beside the one it was made of, which stays as it is.

What was cleared, is under review or stands in another draft does not change under anybody's eyes: a page takes the new
picture into its text, and is reviewed with it.
"""

import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.guarded import GuardedFailure, run_guarded
from govplatform.refusals import Refused
from govplatform.sentences import translated
from sites.media.models import SiteImage
from sites.media.shaped_pixels import TARGET, UNREADABLE, Shape

from .pasted_pictures import note_pasted
from .permissions import require_writer

#: One decoded picture of the most pixels that may be uploaded, and its turned copy (megabytes).
_MEMORY = 1024
_SECONDS = 60
_OUTPUT = 64
_TITLE_LENGTH = 255
#: What a file's name got when it was made of another.
_SHAPED = re.compile(r"-(?:x\d+)$")


def shape_picture(image: SiteImage, shape: Shape, *, acting_user: User) -> SiteImage:
    """Make a new picture of ``image`` as ``shape`` says, with the words of the old one, and return it.

    Raises Refused for anyone but an editor, and for a picture that cannot be turned or cut.
    """
    require_writer(acting_user)
    if shape.changes_nothing():
        raise Refused(_("图片没有改动：请先旋转，或拉出要留下的部分。"))
    pixels = _shaped(image, shape)
    with acting(acting_user):
        require_writer(acting_user)
        made = SiteImage(
            title=_title(image),
            description=image.description,
            map_number=image.map_number,
            collection_id=image.collection_id,
            file=ContentFile(pixels, name=_name(image)),
            uploaded_by_user=acting_user,
        )
        made._set_image_file_metadata()
        made.save()
        made.tags.add(*image.tags.names())
        note_pasted([made], pasted_by=acting_user)
        detail = {"title": made.title, "of": image.pk, "shape": shape.to_json()}
        record_act("picture.shape", acting_user=acting_user, obj=made, detail=detail)
    return made


def _shaped(image: SiteImage, shape: Shape) -> bytes:
    with tempfile.TemporaryDirectory(prefix="shaped-") as name:
        original, target = Path(name) / "original", Path(name) / "shaped"
        try:
            with image.file.storage.open(str(image.file.name)) as stored, original.open("wb") as copy:
                while chunk := stored.read(1 << 20):
                    copy.write(chunk)
        except OSError as lost:
            raise Refused(translated(UNREADABLE)) from lost
        args: dict[str, Any] = {"path": str(original), "target": str(target), "shape": shape.to_json()}
        try:
            answer = run_guarded(TARGET, args, seconds=_SECONDS, memory_mb=_MEMORY, output_mb=_OUTPUT)
        except GuardedFailure as failure:
            raise Refused(translated(failure.message)) from failure
        if answer["refused"]:
            raise Refused(translated(answer["refused"]))
        return target.read_bytes()


def _title(image: SiteImage) -> str:
    mark = _("（裁剪）")
    plain = str(image.title).removesuffix(mark)
    return plain[: _TITLE_LENGTH - len(mark)] + mark


def _name(image: SiteImage) -> str:
    path = PurePosixPath(str(image.file.name))
    return f"{_SHAPED.sub('', path.stem)}-x{image.pk}{path.suffix}"
