"""Files that are dropped into a text: kept among the pictures or attachments of the site, and given back as a block.

A picture is kept upright and no larger than anybody gets to see it. What a file is decides its content; a name that
promises something else is refused.
"""

import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.untrusted_files.kinds import kind_of, suffix_of, wrong_name
from sites.media.models import SiteDocument, SiteImage
from sites.media.turning import reduced, turned
from sites.pages.blocks import BodyBlock

from .pasted_pictures import note_pasted
from .permissions import require_writer

_BODY = BodyBlock()
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Uploaded:
    """A file that was kept. ``block``: ``{"type", "id", "value"}`` as the editor's form takes it; ``said``: what was
    done to it, or ''; ``picture``: number of a picture, None of an attachment.
    """

    block: dict[str, Any]
    title: str
    said: str = ""
    picture: int | None = None


def upload_file(file: UploadedFile, *, acting_user: User) -> Uploaded:
    """Keep ``file`` as a picture or an attachment with the title that its name gives.

    Raises Refused, naming the file, for anyone but an editor, for what is neither, is too large or is not what its name
    says.
    """
    require_writer(acting_user)
    name = PurePath(str(file.name)).name
    is_picture = _is_picture(file, name)
    title = PurePath(name).stem[:255] or _("未命名")
    with acting(acting_user):
        require_writer(acting_user)
        kept = (_keep_picture if is_picture else _keep_document)(file, name, title, acting_user)
        record_act("picture.upload" if is_picture else "attachment.upload", acting_user=acting_user, obj=kept[0])
    return _as_block(*kept)


def turn_picture(image: SiteImage, quarters: int, *, acting_user: User) -> SiteImage:
    """Turn a picture clockwise by ``quarters`` (1 to 3) quarters, where it is kept.

    Raises Refused for anyone but an editor, for a picture that citizens see, and for one that cannot be turned.
    """
    require_writer(acting_user)
    with acting(acting_user):
        require_writer(acting_user)
        image = SiteImage.objects.select_for_update().get(pk=image.pk)
        storage, before = image.file.storage, str(image.file.name)
        try:
            with image.file.open() as file:
                image.file = turned(file, PurePath(before).name, quarters)
        except (OSError, ValueError, KeyError) as problem:
            raise Refused(_("“%(title)s”不能旋转。") % {"title": image.title}) from problem
        image.focal_point_x = image.focal_point_y = image.focal_point_width = image.focal_point_height = None
        image._set_image_file_metadata()
        image.save()
        image.renditions.all().delete()
        transaction.on_commit(lambda: storage.delete(before))
        record_act("picture.turn", acting_user=acting_user, obj=image, detail={"quarters": quarters})
    return image


def _is_picture(file: UploadedFile, name: str) -> bool:
    suffix = suffix_of(name)
    ending = suffix.removeprefix(".")
    is_picture = ending in settings.WAGTAILIMAGES_EXTENSIONS
    if not is_picture and ending not in settings.WAGTAILDOCS_EXTENSIONS:
        told = {
            "name": name,
            "pictures": "、".join(settings.WAGTAILIMAGES_EXTENSIONS),
            "files": "、".join(settings.WAGTAILDOCS_EXTENSIONS),
        }
        raise Refused(_("“%(name)s”不能上传。图片可用 %(pictures)s，附件可用 %(files)s。") % told)
    if not file.size:
        raise Refused(_("“%(name)s”是空的，没有上传。") % {"name": name})
    if promised := wrong_name(suffix, kind_of(file.file, suffix)):
        raise Refused(
            _("“%(name)s”按名称应是%(kind)s，内容却不是，没有上传。") % {"name": name, "kind": _(promised)}
        )
    return is_picture


def _keep_picture(file: UploadedFile, name: str, title: str, user: User) -> tuple[SiteImage, str]:
    form = get_image_form(SiteImage)(
        {"title": title, "collection": Collection.get_first_root_node().pk}, {"file": file}, user=user
    )
    _require_valid(form, name)
    weight = file.size or 0
    try:
        smaller = reduced(file, name)
    except (OSError, ValueError) as problem:
        raise Refused(_("“%(name)s”读不出来，没有上传。") % {"name": name}) from problem
    image: SiteImage = form.save(commit=False)
    if smaller is not None:
        image.file = smaller
    image.uploaded_by_user = user
    image._set_image_file_metadata()
    image.save()
    note_pasted([image], pasted_by=user)
    if smaller is None or smaller.size >= weight:
        return image, ""
    told = {"name": name, "before": f"{weight / MEBIBYTE:.1f}", "after": f"{smaller.size / MEBIBYTE:.1f}"}
    return image, _("“%(name)s”已由 %(before)s MB 缩小到 %(after)s MB。") % told


def _keep_document(file: UploadedFile, name: str, title: str, user: User) -> tuple[SiteDocument, str]:
    form = get_document_form(SiteDocument)(
        {"title": title, "collection": Collection.get_first_root_node().pk}, {"file": file}, user=user
    )
    _require_valid(form, name)
    document: SiteDocument = form.save(commit=False)
    document.uploaded_by_user = user
    document._set_document_file_metadata()
    document.save()
    return document, ""


def _require_valid(form: Any, name: str) -> None:
    if not form.is_valid():
        reasons = [str(reason) for errors in form.errors.values() for reason in errors]
        raise Refused([_("“%(name)s”：%(reason)s") % {"name": name, "reason": reason} for reason in reasons])


def _as_block(kept: SiteImage | SiteDocument, said: str) -> Uploaded:
    if isinstance(kept, SiteImage):
        kind, stored = "image", {"image": kept.pk, "caption": "", "alt": ""}
    else:
        kind, stored = "attachment", {"document": kept.pk, "title": kept.title[:200]}
    child = _BODY.child_blocks[kind]
    value = child.get_form_state(child.normalize(child.to_python(stored)))
    block = {"type": kind, "id": str(uuid.uuid4()), "value": value}
    return Uploaded(block, kept.title, said, kept.pk if kind == "image" else None)
