"""Keeping the statistics small."""

from datetime import timedelta

from django.utils import timezone

from ..models import AskedDay, AskedTerm
from .queries import LONGEST


def prune_statistics() -> int:
    """Delete what is older than anybody can look back; return the number of rows."""
    last = timezone.localdate() - timedelta(days=LONGEST)
    return sum(model.objects.filter(day__lt=last).delete()[0] for model in (AskedDay, AskedTerm))
