"""Events of sites as such; what follows each of them stands in sites/wiring.py."""

from dataclasses import dataclass

from govplatform.events.event import Event

from .models import Tenant


@dataclass(frozen=True)
class TemplatePrepared(Event):
    """The template of all sites was migrated. Sent inside the template's schema, as owner.

    What follows fills in what every site has from its first day (roles, workflows, no sample pages). It runs again
    whenever the platform is initialised or migrated, so each call must do no harm the second time.
    """


@dataclass(frozen=True)
class SiteProvisioned(Event):
    """A new site has got its schema. Sent inside that schema, in the transaction that makes the site, as owner."""

    tenant: Tenant


@dataclass(frozen=True)
class SiteOpened(Event):
    """A site that was being prepared runs from now on. Sent in the transaction that saves its status."""

    tenant: Tenant


@dataclass(frozen=True)
class SiteRenamed(Event):
    """A site has another full name, cleared with its record; in the transaction that gives it."""

    tenant: Tenant
    before: str


@dataclass(frozen=True)
class SiteStateChanged(Event):
    """A site that ran or was offline has another status: offline, back, retiring, closed.

    Sent in the transaction that saves its row. ``before``: the status that it had.
    """

    tenant: Tenant
    before: str


@dataclass(frozen=True)
class SiteSaved(Event):
    """Something of a site's own row may be another than before: its names, look, state, parent. Not of a new site."""

    tenant: Tenant
