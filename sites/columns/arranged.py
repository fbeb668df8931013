"""What is kept of a column besides itself: what it lists of other columns, what is pinned in it, who writes in it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page


class ListingQuerySet(models.QuerySet["Listing"]):
    def below(self, column: Any) -> Self:
        """What is listed in ``column`` or in a column below it."""
        return self.filter(column__path__startswith=column.path)


class Listing(models.Model):
    """A page that a column lists besides the one it stands in; its address stays (``listing.py`` writes it)."""

    column = models.ForeignKey("columns.Column", verbose_name=_("栏目"), on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, verbose_name=_("信息"), on_delete=models.CASCADE, related_name="+")
    listed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("设置人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    listed_at = models.DateTimeField(_("设置时间"))

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("多栏目列出")
        verbose_name_plural = _("多栏目列出")
        constraints = [models.UniqueConstraint(fields=["column", "page"], name="one_listing_of_a_page_in_a_column")]


class PinQuerySet(models.QuerySet["Pin"]):
    def standing(self) -> Self:
        """Those whose last day has not passed, what was pinned last first."""
        return self.filter(last_day__gte=timezone.localdate()).order_by("-pinned_at", "-pk")


class Pin(models.Model):
    """A page that stands first in the list of a column, until the end of ``last_day``; ``pinning.py`` writes it."""

    column = models.ForeignKey("columns.Column", verbose_name=_("栏目"), on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, verbose_name=_("信息"), on_delete=models.CASCADE, related_name="+")
    last_day = models.DateField(_("最后一日"))
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("置顶人"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    pinned_at = models.DateTimeField(_("置顶时间"))

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("置顶")
        verbose_name_plural = _("置顶")
        constraints = [models.UniqueConstraint(fields=["column", "page"], name="one_pin_of_a_page_in_a_column")]


class Department(models.Model):
    """部门: editors of the site who write in the same columns (``writing_rights.py``)."""

    name = models.CharField(_("部门"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("写稿部门")
        verbose_name_plural = _("写稿部门")

    def __str__(self) -> str:
        return self.name


class DepartmentMember(models.Model):
    """An editor who belongs to a department."""

    department = models.ForeignKey(Department, verbose_name=_("部门"), on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("编辑"),
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )

    class Meta:
        verbose_name = _("部门成员")
        verbose_name_plural = _("部门成员")
        constraints = [models.UniqueConstraint(fields=["department", "user"], name="member_once")]


class WritingRight(models.Model):
    """A column in which, and below which, an editor or a department writes. Exactly one of the two is named."""

    column = models.ForeignKey("columns.Column", verbose_name=_("栏目"), on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("编辑"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    department = models.ForeignKey(
        Department, verbose_name=_("部门"), null=True, on_delete=models.CASCADE, related_name="rights"
    )

    class Meta:
        verbose_name = _("写稿范围")
        verbose_name_plural = _("写稿范围")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user=None, department__isnull=False) | models.Q(user__isnull=False, department=None),
                name="right_of_one_or_many",
            ),
        ]
