"""Buttons and panels that other parts of the library put on the console's screen of a resource.

A part registers with Wagtail's hooks, so that these screens need not know it::

    @hooks.register("library_resource_acts")
    def acts(resource: Resource, tenant: Tenant, user: User) -> Iterable[ResourceAct]: ...

    @hooks.register("library_resource_panels")
    def panels(resource: Resource, tenant: Tenant, user: User) -> Iterable[Component]: ...

Each asks for itself whether ``user`` may, and answers nothing otherwise.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from wagtail import hooks
from wagtail.admin.ui.components import Component

from govplatform.tenancy.models import Tenant

from ..models import Resource

ACTS, PANELS = "library_resource_acts", "library_resource_panels"


@dataclass(frozen=True)
class ResourceAct:
    """A button that leads to a screen. ``critical``: it takes something away."""

    label: str | Promise
    url: str
    icon: str = ""
    critical: bool = False


def acts_on(resource: Resource, tenant: Tenant, user: Any) -> list[ResourceAct]:
    return [act for hook in hooks.get_hooks(ACTS) for act in hook(resource, tenant, user)]


def panels_of(resource: Resource, tenant: Tenant, user: Any) -> list[Component]:
    return [panel for hook in hooks.get_hooks(PANELS) for panel in hook(resource, tenant, user)]
