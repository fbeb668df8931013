"""Validating a reference to an object that is at hand, without asking the database whether it is there.

``full_clean`` looks up every foreign key. Wagtail runs it for each of its rows, log entries and workflows included, on
objects that it has read or written a moment ago: one statement in eight of what publishing an article needs.
"""

from functools import wraps
from typing import Any

from django.db import models

_look_up = models.ForeignKey.validate


@wraps(_look_up)
def _validate(field: Any, value: Any, model_instance: models.Model | None) -> None:
    if value is None or not _is_at_hand(field, value, model_instance):
        _look_up(field, value, model_instance)
        return
    # All that is asked of a value besides (its choices, whether it may be empty).
    models.Field.validate(field, value, model_instance)


def _is_at_hand(field: Any, value: Any, model_instance: models.Model | None) -> bool:
    """Whether ``model_instance`` holds the object that ``value`` names, and the database gave or took that object.

    Where it was deleted since, the foreign key in the database says so when the row is written. Where there is none:
    accounts are closed and never deleted (trap T4), and Wagtail's log outlives what it names.
    """
    if model_instance is None or field.remote_field.parent_link or field.get_limit_choices_to():
        return False
    referred = field.get_cached_value(model_instance, default=None)
    return (
        referred is not None
        and not referred._state.adding
        and getattr(referred, field.target_field.attname, None) == value
    )


def install() -> None:
    """Have every foreign key validated so; called once from ``AppConfig.ready``."""
    models.ForeignKey.validate = _validate  # type: ignore[method-assign, assignment]
