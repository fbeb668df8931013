"""The home page as a part of the frame: its title stands in the browser and in every list of sites."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.review.frame.kinds import Texts
from govplatform.review.frame.page_kinds import FramePageKind


class HomeKind(FramePageKind):
    model = "home.HomePage"
    texts = ("title", "slug")

    def reasons_against(self, obj: Any, texts: Texts) -> list[str]:
        return [] if texts["title"].strip() else [_("首页标题不能为空。")]


HOME = HomeKind()
