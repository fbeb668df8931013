"""Pictures that are uploaded for the home page or the head of all pages, where they are chosen."""

from typing import Any

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.refusals import Refused
from govplatform.tenancy.current import current_tenant
from sites.media.models import SiteImage

from .permissions import reasons_against_managing_site


def add_frame_picture(file: Any, *, title: str, acting_user: User) -> SiteImage:
    """Keep an uploaded picture among those of the current site, and return it; citizens see it when it is confirmed.

    ``file``: as ``PictureField`` has checked it. Raises Refused when the person may not.
    """
    with acting(acting_user, frozen_too=False):
        if reasons := reasons_against_managing_site(acting_user, current_tenant()):
            raise Refused(reasons)
        image = SiteImage(title=title[:255], description=title[:255], file=file, uploaded_by_user=acting_user)
        image._set_image_file_metadata()
        image.save()
        record_act("picture.frame", acting_user=acting_user, obj=image, detail={"title": image.title})
    return image
