"""What the tests of the frame's words have in common: the form of a column, and who proposes and confirms."""

from typing import Any

from govplatform.review.frame.actions import confirm_words
from govplatform.review.frame.kinds import kind_of
from govplatform.review.frame.queries import waiting_for
from govplatform.review.models import FrameProposal
from sites.columns.models import Column
from tests import factories

#: A secrecy mark and a person's telephone number.
SECRET = "机密★10年 联系张三13800138000"
#: A telephone number alone is doubtful.
DOUBTFUL = "张三 13800138000"


def column_form(column: Column, **changed: Any) -> dict[str, Any]:
    """The edit form of a column as the browser sends it."""
    form = {
        "title": column.title,
        "slug": column.slug,
        "column_type": column.column_type,
        "description": column.description,
        "keywords": column.keywords,
        "update_duty": column.update_duty,
        "update_limit_days": column.update_limit_days or "",
        "responsible_unit": column.responsible_unit,
        "show_in_menus": "on",
        "frame_reason": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "1000",
        "action-publish": "1",
    }
    return {**form, **changed}


def waiting(obj: Any) -> FrameProposal | None:
    kind = kind_of(obj)
    assert kind is not None
    return waiting_for(kind, obj.pk)


def confirm(proposal: FrameProposal | None, username: str = "alpha_content") -> Any:
    assert proposal is not None
    return confirm_words(
        proposal, acting_user=factories.user(username), digest=proposal.digest, opinion="文字无误，同意。"
    )
