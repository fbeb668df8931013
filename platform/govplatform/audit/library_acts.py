"""Acts that libraries carry out, entered into the audit record: edits in Wagtail's admin, signing in and out.

Wagtail writes its own log for every create, edit, copy, move and delete of pages, images and
documents, whichever view does it; what it logs is recorded here in the same transaction.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import models, transaction
from django.db.models.signals import post_save

from .actions import Act, record_act, record_acts

#: Beginnings of actions that the review records itself, with more detail.
_RECORDED_ELSEWHERE = ("wagtail.workflow.", "wagtail.publish.schedule")


def connect() -> None:
    """Connect the recorders below to Wagtail's and Django's signals; called once when the app is ready."""
    from wagtail.models import ModelLogEntry, PageLogEntry

    for model in (PageLogEntry, ModelLogEntry):
        post_save.connect(record_log_entry, sender=model, dispatch_uid=f"audit-{model.__name__}")
    user_logged_in.connect(record_sign_in, dispatch_uid="audit-sign-in")
    user_logged_out.connect(record_sign_out, dispatch_uid="audit-sign-out")
    user_login_failed.connect(record_failed_sign_in, dispatch_uid="audit-sign-in-failed")


def record_log_entry(*, instance: Any, created: bool, **_kwargs: Any) -> None:
    """Record a new log entry of Wagtail with its data; the action ``wagtail.edit`` is recorded as ``console.edit``."""
    act = _act_of(instance) if created else None
    if act is not None:
        # Part of the act that saved the entry: what fails here ends that, and needs no savepoint.
        with transaction.atomic(savepoint=False):
            record_acts([act], acting_user=instance.user)


def record_log_entries(entries: Iterable[Any], *, acting_user: models.Model | None) -> None:
    """Record log entries of Wagtail that were stored in bulk, for which Django sends no signal."""
    acts = [act for act in map(_act_of, entries) if act is not None]
    with transaction.atomic():
        record_acts(acts, acting_user=acting_user)


def _act_of(entry: Any) -> Act | None:
    """None where the act is recorded by those who do it, who know more of it."""
    if entry.action.startswith(_RECORDED_ELSEWHERE):
        return None
    content_type = entry.content_type
    kind = content_type.model_class() if content_type else None
    if entry.action == "wagtail.publish" and not getattr(kind, "is_structural", False):
        return None
    detail = {"kind": kind._meta.label_lower if kind else "", **(entry.data or {})}
    return Act(f"console.{entry.action.removeprefix('wagtail.')}", _Subject(entry, kind), detail)


class _Subject:
    """The object of a log entry; it may be gone by now (a delete), so only its name is used."""

    def __init__(self, entry: Any, kind: type[models.Model] | None) -> None:
        self.pk = getattr(entry, "page_id", None) or getattr(entry, "object_id", "")
        self._meta = kind._meta if kind is not None else entry._meta
        self._label = entry.label

    def __str__(self) -> str:
        return str(self._label)


def record_sign_in(*, user: Any, **_kwargs: Any) -> None:
    """Record that ``user`` signed in."""
    with transaction.atomic():
        record_act("account.sign_in", acting_user=user, obj=user)


def record_sign_out(*, user: Any, **_kwargs: Any) -> None:
    """Record that ``user`` signed out; a session that was nobody's is not recorded."""
    if user is not None:
        with transaction.atomic():
            record_act("account.sign_out", acting_user=user, obj=user)


def record_failed_sign_in(*, credentials: dict[str, Any], request: Any = None, **_kwargs: Any) -> None:
    """Record the user name and the address of a failed sign-in, never the password.

    Attempts on an account that is locked already are not recorded, so that an attack cannot fill the record.
    """
    if getattr(request, "axes_locked_out", False):
        return
    with transaction.atomic():
        detail = {"username": str(credentials.get("username", ""))[:150]}
        if address := getattr(request, "axes_ip_address", None):
            detail["address"] = address
        record_act("account.sign_in_failed", acting_user=AnonymousUser(), detail=detail)
