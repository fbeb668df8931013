"""Pictures and attachments that a valid clearance names are not changed under the pages that show them."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import pre_delete

from govplatform.refusals import Refused
from govplatform.review.frame.pictures import reasons_against_touching_pictures
from govplatform.review.gate.kept_files import NOTED_LATER, differs, reasons_against_touching
from govplatform.review.models import ClearedFile


class KeptQuerySetMixin:
    """Updates and deletes of many rows ask as those of one do, and name all the files that stand in the way."""

    model: Any

    def update(self, **values: Any) -> int:
        if not values.keys() <= NOTED_LATER:
            self._refuse_touching_cleared()
        return super().update(**values)  # type: ignore[misc, no-any-return]

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_touching_cleared()
        return super().delete()  # type: ignore[misc, no-any-return]

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def _refuse_touching_cleared(self) -> None:
        titles = dict(self.order_by().values_list("pk", "title"))  # type: ignore[attr-defined]
        if reasons := _reasons(self.model.cleared_kind, titles):
            raise Refused(reasons)


class KeptWhileCleared(models.Model):
    """A file of a site. ``cleared_kind``: what the clearance calls it."""

    cleared_kind: ClassVar[str]
    title: Any  # Wagtail's column, which its image and document bring

    class Meta:
        abstract = True

    def reasons_against_storing(self) -> list[str]:
        """Why this file may not be stored as it is now; empty when nothing of it is another than was cleared."""
        if self.pk is None or not differs(self):
            return []
        rows: Any = type(self)._base_manager.filter(pk=self.pk)
        return _reasons(self.cleared_kind, dict(rows.values_list("pk", "title")))

    def clean(self) -> None:
        super().clean()
        # In the form, where what was typed is still there.
        if reasons := self.reasons_against_storing():
            raise ValidationError(reasons)

    def save(self, *args: Any, **kwargs: Any) -> None:
        fields = kwargs.get("update_fields")
        if (fields is None or not set(fields) <= NOTED_LATER) and (reasons := self.reasons_against_storing()):
            raise Refused(reasons)
        super().save(*args, **kwargs)


def refuse_deleting_cleared(*, instance: KeptWhileCleared, **_kwargs: Any) -> None:
    """One by one, with a collection, or in a queryset of somebody else's making. Raises Refused."""
    if reasons := _reasons(instance.cleared_kind, {instance.pk: instance.title}):
        raise Refused(reasons)


def _reasons(kind: str, titles: dict[int, str]) -> list[str]:
    in_frame = reasons_against_touching_pictures(titles) if kind == ClearedFile.Kind.IMAGE else []
    return [*reasons_against_touching(kind, titles), *in_frame]


def connect_signals(*kinds: type[KeptWhileCleared]) -> None:
    """Listen to Django's own signal; called once at the start."""
    for kind in kinds:
        pre_delete.connect(refuse_deleting_cleared, sender=kind, dispatch_uid=f"kept-{kind.__name__}")
