"""Files that are dropped into a text: kept among the pictures or attachments of the site, and given back as a block.

They pass the forms of Wagtail's own screens, so what is refused there is refused here.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection, Page
from wagtail.utils.file import hash_filelike

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.untrusted_files.kinds import suffix_of
from sites.media.file_checks import plain_words, title_of
from sites.media.models import SiteDocument, SiteImage
from sites.pages.blocks import BodyBlock

from .pasted_pictures import note_pasted
from .permissions import require_writer

_BODY = BodyBlock()
#: So long an upload whose answer did not arrive is known again.
_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Uploaded:
    """A file that was kept. ``block``: ``{"type", "id", "value"}`` as the editor's form takes it."""

    kept: SiteImage | SiteDocument
    block: dict[str, Any]


def upload_file(file: UploadedFile, *, acting_user: User, page: Page | None = None, again: bool = False) -> Uploaded:
    """Keep ``file`` as a picture or an attachment with the title that its name gives.

    ``page``: into which it was dropped, or the column of a page that is new. ``again``: it may have been kept a moment
    ago, when the answer was lost; then it is that one. Raises Refused for anyone but an editor, on a page that must not
    be changed now, and for what a picture or an attachment may not be.
    """
    pages = [page] if page is not None else []
    require_writer(acting_user, *pages)
    is_picture = _is_picture(file)
    with acting(acting_user):
        require_writer(acting_user, *pages)
        _refuse_at_rest(*pages)
        if again and (known := _known(file, is_picture, acting_user)) is not None:
            return Uploaded(known, _as_block(known))
        kept = _keep(file, is_picture, acting_user)
        if isinstance(kept, SiteImage):
            note_pasted([kept], pasted_by=acting_user)
        act = "picture.upload" if is_picture else "attachment.upload"
        record_act(act, acting_user=acting_user, obj=kept, detail={"title": kept.title})
    return Uploaded(kept, _as_block(kept))


def _refuse_at_rest(*pages: Page) -> None:
    for page in pages:
        if page.workflow_in_progress:
            told = {"title": page.get_admin_display_title()}
            raise Refused(_("“%(title)s”正在审核中，不能改动；撤回送审之后再上传。") % told)


def _is_picture(file: UploadedFile) -> bool:
    ending = suffix_of(str(file.name)).removeprefix(".")
    is_picture = ending in settings.WAGTAILIMAGES_EXTENSIONS
    if not is_picture and ending not in settings.WAGTAILDOCS_EXTENSIONS:
        told = {
            "name": plain_words(str(file.name)),
            "pictures": "、".join(settings.WAGTAILIMAGES_EXTENSIONS),
            "files": "、".join(settings.WAGTAILDOCS_EXTENSIONS),
        }
        raise Refused(_("“%(name)s”不能上传。图片可用 %(pictures)s，附件可用 %(files)s；其他格式请另存后上传。") % told)
    return is_picture


def _keep(file: UploadedFile, is_picture: bool, user: User) -> SiteImage | SiteDocument:
    title = title_of(str(file.name)) or _("未命名")
    make = get_image_form(SiteImage) if is_picture else get_document_form(SiteDocument)
    data = {"title": title, "collection": Collection.get_first_root_node().pk}
    form: Any = make(data, {"file": file}, user=user)
    if not form.is_valid():
        raise Refused([str(reason) for reasons in form.errors.values() for reason in reasons])
    form.instance.uploaded_by_user = user
    kept: SiteImage | SiteDocument = form.save()
    return kept


def _known(file: UploadedFile, is_picture: bool, user: User) -> SiteImage | SiteDocument | None:
    model: Any = SiteImage if is_picture else SiteDocument
    since = timezone.now() - _AGAIN
    own = model.objects.filter(uploaded_by_user=user, created_at__gte=since, file_hash=hash_filelike(file))
    found: SiteImage | SiteDocument | None = own.order_by("-pk").first()
    file.seek(0)
    return found


def _as_block(kept: SiteImage | SiteDocument) -> dict[str, Any]:
    if isinstance(kept, SiteImage):
        kind, stored = "image", {"image": kept.pk, "caption": "", "alt": "", "decorative": False}
    else:
        kind, stored = "attachment", {"document": kept.pk, "title": kept.title[:200]}
    child = _BODY.child_blocks[kind]
    value = child.get_form_state(child.normalize(child.to_python(stored)))
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}
