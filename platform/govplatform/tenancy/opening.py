"""Tells the platform when a site begins to run or answers citizens in another way, whoever changes its status."""

from typing import Any

from django.db.models.signals import post_save, pre_save

from govplatform.events.sheet import follow

from .events import SiteOpened, SiteSaved, SiteStateChanged
from .models import Tenant

_BEFORE = "_status_before"
#: What nobody sees of a site.
_UNSEEN = frozenset({"frozen", "frozen_since", "frozen_into"})


def connect_signals() -> None:
    """Listen to Django's own signals; called once at the start."""
    pre_save.connect(note_opening, sender=Tenant, dispatch_uid="tenancy-note-opening")
    post_save.connect(tell_of_opening, sender=Tenant, dispatch_uid="tenancy-tell-opening")


def note_opening(*, instance: Tenant, update_fields: frozenset[str] | None = None, **_kwargs: Any) -> None:
    """Before a site is saved: note on ``instance`` the status that it has had until now, if it will have another."""
    if update_fields is not None and "status" not in update_fields:
        return
    if instance.pk:
        before = Tenant.objects.filter(pk=instance.pk).values_list("status", flat=True).first()
        if before is not None and before != instance.status:
            setattr(instance, _BEFORE, before)


def tell_of_opening(
    *, instance: Tenant, created: bool = False, update_fields: frozenset[str] | None = None, **_kwargs: Any
) -> None:
    """After a site was saved: send SiteOpened if this ended its preparation, SiteStateChanged for any other status.

    SiteSaved before either, of a site that was there before.
    """
    before = instance.__dict__.pop(_BEFORE, None)
    if not created and not (update_fields is not None and update_fields <= _UNSEEN):
        follow(SiteSaved(tenant=instance))
    if before is None:
        return
    if before == Tenant.Status.PREPARING:
        follow(SiteOpened(tenant=instance))
    else:
        follow(SiteStateChanged(tenant=instance, before=before))
