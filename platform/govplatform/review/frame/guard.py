"""The refusal that every save of a page of the frame ends at: words that citizens read are those that were cleared."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from govplatform.refusals import Refused

from .kinds import kind_of
from .texts import frame_digest, last_clearance


def require_cleared_words(page: Any, update_fields: Collection[str] | None = None) -> None:
    """Raise Refused when ``page``, about to be stored live, brings words that nobody has cleared.

    However it comes here: the editor, an older version that is published again, a copy, a bulk action. What is stored
    already is not asked about: ``verify_gate`` compares that.
    """
    kind = kind_of(page)
    if kind is None or not page.live:
        return
    if update_fields is not None and not set(update_fields) & {*kind.texts, "live"}:
        return
    texts = kind.texts_of(page)
    stored = kind.find(page.pk) if page.pk is not None else None
    if stored is not None and stored.live and kind.texts_of(stored) == texts:
        return
    if words_are_cleared(page):
        return
    raise Refused(
        _("“%(title)s”的文字还没有经第二人确认，不能直接公开。请在编辑页面修改并保存，由本站的内容审核人员确认后生效。")
        % {"title": kind.title_of(page)}
    )


def words_are_cleared(page: Any) -> bool:
    """Tell whether the words that ``page`` has in memory are those that were cleared of it last."""
    kind = kind_of(page)
    if kind is None or page.pk is None:
        return False
    clearance = last_clearance(kind, page.pk)
    return clearance is not None and clearance.digest == frame_digest(kind, page.pk, kind.texts_of(page))
