"""What the screens of the library share: who may open them, which resource, and the way back."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from content_library.resources.permissions import CONTENT_ROLES, OVERSIGHT_ROLES, may_read_library, may_see
from content_library.resources.queries import get_resource
from govplatform.accounts.screens.screen import Screen
from govplatform.refusals import Refused
from govplatform.tenancy.models import Tenant

from ...models import Resource


def find_visible(uuid: UUID, tenant: Tenant) -> Resource:
    """Return the resource; raise Http404 both when there is none and when ``tenant`` may not see it."""
    try:
        resource = get_resource(uuid)
    except Refused:
        raise Http404 from None
    if not may_see(resource, tenant):
        raise Http404
    return resource


class LibraryScreen(Screen):
    """A screen of the library, about one resource where the address has a ``resource_uuid``."""

    header_icon = "folder-open-inverse"
    resource: Resource

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return CONTENT_ROLES | OVERSIGHT_ROLES

    def may_open(self) -> bool:
        return may_read_library(self.request.user, self.tenant)

    def find(self, **named: Any) -> None:
        if "resource_uuid" in named:
            self.resource = find_visible(named["resource_uuid"], self.tenant)

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("library_browse"), _("信息资源库"))]


class OversightScreen(LibraryScreen):
    """A screen about the library as a whole, open in the supervisor's console alone."""

    @classmethod
    def opening_roles(cls) -> frozenset[str]:
        return OVERSIGHT_ROLES

    def may_open(self) -> bool:
        return self.tenant.is_console and super().may_open()
