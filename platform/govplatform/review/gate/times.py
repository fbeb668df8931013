"""The check of a version's times: going live and expiring."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.days import moment_words
from govplatform.refusals import PlacedReason


def reasons_against_times(shown: Any) -> list[str]:
    """Say why the times of a version (as ``revision.as_object()`` gives it) make no sense now; empty if they do."""
    ends = getattr(shown, "expire_at", None)
    begins = getattr(shown, "go_live_at", None)
    if ends is None:
        return []
    if ends <= timezone.now():
        said = _("到期撤下的时间（%(time)s）已经过去：发布之后会立即撤下。请改为将来的时间，或不填。")
        return [PlacedReason(said % {"time": moment_words(ends)}, "expire_at")]
    if begins is not None and ends <= begins:
        said = _("到期撤下的时间（%(end)s）不晚于定时发布的时间（%(begin)s），信息不会公开。请改正其中一个。")
        return [PlacedReason(said % {"end": moment_words(ends), "begin": moment_words(begins)}, "expire_at")]
    return []
