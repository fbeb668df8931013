"""The scene of a site's life: a department's small site retires into the portal of its county, with its notice up.

It is played once, after the scenes of the library, through the actions that people use, and leaves an entry in the
platform's audit chain. A visitor finds the site with its banner, and the merge is theirs to run.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.models import Page

from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.audit.models import PLATFORM_CHAIN
from govplatform.lifecycle.actions import CONSOLE_CODE
from govplatform.lifecycle.applications.actions import decide_application, file_application
from govplatform.lifecycle.applications.papers import GivenPaper
from govplatform.lifecycle.applications.request import Asked
from govplatform.lifecycle.models import SiteApplication
from govplatform.lifecycle.notices.actions import put_up_notices
from govplatform.lifecycle.states.actions import carry_out
from govplatform.locks.holding import holding
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from govplatform.tenancy.models import Tenant
from sites.demo.content import DemoSite, Province
from sites.demo.load_library import SCENE_ACT, scenes_done

LIFE_SCENES = ("retire",)
#: Which site retires, and into which.
RETIRING, INTO = "linye", "qingshan"
_REASON = "按照全县政府网站集约整合的安排，本网站内容并入县政府门户网站，申请关停。"
_APPROVAL = "青山县人民政府办公室关于同意青山县林业局网站关停的复函（演示材料）。"
_OPINIONS = ("同意，请做好内容迁移。", "同意上报。", "同意上报。", "同意关停，迁移公告公示期满后办理。")


@dataclass
class LifeScenes:
    """The player of the scene. ``people``: accounts by user name; ``tenants``: by code; ``say``: called once."""

    province: Province
    people: dict[str, User]
    tenants: dict[str, Tenant]
    say: Callable[[str], None] = lambda what: None

    def run(self) -> None:
        """Play the scene unless it was played. Raise Refused when an action of the platform refuses."""
        if set(LIFE_SCENES) <= scenes_done():
            return
        self.say(_("网站关停场景"))
        # Several acts on several sites, all of them or none: nobody else acts anywhere meanwhile.
        with holding(*Tenant.objects.values_list("schema_name", flat=True), PLATFORM_CHAIN):
            self._retire(self.province.site(RETIRING))
            console = Tenant.objects.get(code=CONSOLE_CODE)
            with tenant_context(console):
                detail = {"scene": LIFE_SCENES[0]}
                record_act(SCENE_ACT, acting_user=None, obj=console, detail=detail, chain=PLATFORM_CHAIN)

    def _retire(self, site: DemoSite) -> None:
        code = site.facts.code
        administrator = self._holder("site-admin", code)
        paper = GivenPaper("approval", "同意关停的复函.txt", io.BytesIO(_APPROVAL.encode()))
        application = file_application(
            self.tenants[code],
            Asked(kind=SiteApplication.Kind.RETIRE, reason=_REASON, ground="consolidation", into=INTO),
            acting_user=administrator,
            papers=[paper],
        )
        supervisor = self._holder("supervisor", CONSOLE_CODE)
        for opinion in _OPINIONS:
            application = decide_application(application, acting_user=supervisor, approve=True, opinion=opinion)
        put_up_notices(application.pk)
        notice = application.notices.get()
        with tenant_context(notice.site):
            item = site.articles[0]
            for reviewer, opinion in (
                (item.content_reviewer, item.content_opinion),
                (item.confidentiality_reviewer, item.confidentiality_opinion),
            ):
                page = Page.objects.get(pk=notice.page_id)
                decide_from_the_shell(page, acting_user=self.people[reviewer], approve=True, opinion=opinion)
        carry_out(application.pk)

    def _holder(self, role: str, code: str) -> User:
        found = next(person for person in self.province.people if person.holds(code, role))  # type: ignore[arg-type]
        return User.objects.get(username=found.username)
