"""Tells the platform when a site that was being prepared begins to run, whoever changes its status."""

from typing import Any

from django.db.models.signals import post_save, pre_save

from govplatform.events.sheet import follow

from .events import SiteOpened
from .models import Tenant

_OPENS = "_opens_now"


def connect_signals() -> None:
    """Listen to Django's own signals; called once at the start."""
    pre_save.connect(note_opening, sender=Tenant, dispatch_uid="tenancy-note-opening")
    post_save.connect(tell_of_opening, sender=Tenant, dispatch_uid="tenancy-tell-opening")


def note_opening(*, instance: Tenant, update_fields: frozenset[str] | None = None, **_kwargs: Any) -> None:
    """Before a site is saved: note on ``instance`` whether this ends its preparation."""
    if update_fields is not None and "status" not in update_fields:
        return
    if instance.pk and instance.status != Tenant.Status.PREPARING:
        opens = Tenant.objects.filter(pk=instance.pk, status=Tenant.Status.PREPARING).exists()
        setattr(instance, _OPENS, opens)


def tell_of_opening(*, instance: Tenant, **_kwargs: Any) -> None:
    """After a site was saved: send SiteOpened if this ended its preparation."""
    if instance.__dict__.pop(_OPENS, False):
        follow(SiteOpened(tenant=instance))
