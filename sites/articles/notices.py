"""Notices of the life of sites as articles in the column 通知公告 (``govplatform.lifecycle.notices.pages``)."""

from html import escape
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from wagtail.log_actions import log

from govplatform.accounts.models import User
from govplatform.lifecycle.notices.pages import NoticeText
from govplatform.refusals import Refused
from sites.columns.models import Column, ColumnType

from .models import Article

#: The column that every site begins with; where it was removed, the first one with news takes notices.
_COLUMN = "notices"


class ArticleNotices:
    """Makes notices for ``lifecycle``."""

    def write_notice(self, text: NoticeText, *, acting_user: User) -> Article:
        """Return the draft of a notice in the current site, with a first revision. Raises Refused without a column."""
        column = _column()
        page = Article(
            title=text.title,
            source=text.source,
            summary=text.paragraphs[0][:500],
            owner=acting_user,
            live=False,
            body=[_paragraphs(text.paragraphs)],
        )
        made: Article = column.add_child(instance=page)
        revision = made.save_revision(user=acting_user, clean=False)
        log(instance=made, action="wagtail.create", user=acting_user, revision=revision, content_changed=True)
        return made


def _column() -> Column:
    live = Column.objects.filter(live=True)
    found: Column | None = (
        live.filter(slug=_COLUMN).order_by("path").first()
        or live.filter(column_type=ColumnType.NEWS).order_by("path").first()
    )
    if found is None:
        raise Refused(_("本站没有可以发布公告的栏目（通知公告），请先建立。"))
    return found


def _paragraphs(paragraphs: tuple[str, ...]) -> dict[str, Any]:
    html = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
    return {"type": "rich_text", "value": html, "id": str(uuid4())}
