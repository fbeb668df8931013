"""The scene of a site's life: a department's small site retires into the portal of its county, with its notice up.

It is played once, after the scenes of the library, through the actions that people use, and leaves an entry in the
platform's audit chain. A visitor finds the site with its banner, and the merge is theirs to run.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from sites.demo.content import CONTENT_FOLDER, Province, read_toml
from sites.demo.load_library import SCENE_ACT, scenes_done

LIFE_SCENES = ("retire",)


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
            self._retire(read_toml(CONTENT_FOLDER / "life.toml")["retirement"])
            console = Tenant.objects.get(code=CONSOLE_CODE)
            with tenant_context(console):
                detail = {"scene": LIFE_SCENES[0]}
                record_act(SCENE_ACT, acting_user=None, obj=console, detail=detail, chain=PLATFORM_CHAIN)

    def _retire(self, entry: dict[str, Any]) -> None:
        code = entry["site"]
        site = self.province.site(code)
        administrator = self._holder("site-admin", code)
        paper = GivenPaper("approval", entry["paper"], io.BytesIO(entry["approval"].encode()))
        application = file_application(
            self.tenants[code],
            Asked(kind=SiteApplication.Kind.RETIRE, reason=entry["reason"], ground=entry["ground"], into=entry["into"]),
            acting_user=administrator,
            papers=[paper],
        )
        supervisor = self._holder("supervisor", CONSOLE_CODE)
        for opinion in entry["opinions"]:
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
