"""Who may do what at the desk of an interview; each answer is a list of reasons, empty when it is allowed."""

from django.utils.translation import gettext as _

from govplatform.accounts.models import User
from govplatform.accounts.permissions import current_roles
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR, REVIEWER_CODES
from govplatform.review.permissions import EDIT, may_on_content, reasons_against_writing_at

from .models import EntryVersion, InterviewPage, Session

#: Who opens the desk.
DESK_ROLES = frozenset({EDITOR.code, *REVIEWER_CODES})


def reasons_against_editing(user: User, page: InterviewPage) -> list[str]:
    """Against typing, correcting, opening, ending, and handling questions."""
    if not may_on_content(user, EDIT):
        return [_("%(user)s 在本站没有编辑角色，不能录入现场文字、处理网友提问。") % {"user": user}]
    return reasons_against_writing_at(user, page)


def reasons_against_deciding(user: User) -> list[str]:
    """Against the confidentiality decision for one interview, and taking it back."""
    return (
        []
        if CONFIDENTIALITY_REVIEWER.code in current_roles(user)
        else [_("%(user)s 在本站没有保密审查角色，不能对访谈作保密审查决定。") % {"user": user}]
    )


def reasons_against_withdrawing(user: User) -> list[str]:
    """Against taking an entry down: whoever works at the desk may, for less is shown then."""
    return (
        []
        if current_roles(user) & DESK_ROLES
        else [_("%(user)s 在本站没有编辑或审查角色，不能撤回现场文字。") % {"user": user}]
    )


def reasons_against_clearing(user: User) -> list[str]:
    """Against using any key at all; which one it is, ``key_of`` says."""
    return (
        []
        if current_roles(user) & REVIEWER_CODES
        else [_("%(user)s 在本站没有审查角色，不能放行现场文字。") % {"user": user}]
    )


def key_of(user: User, version: EntryVersion, session: Session) -> tuple[str, list[str]]:
    """Return which key of ``version`` the person turns, ``content`` or ``secret``, and what speaks against it.

    Editing, content and confidentiality are three people for every wording
    (《江苏省政府办公厅关于促进政府网站有序健康发展的实施意见》第二部分第（五）项).
    """
    held = current_roles(user)
    if version.typed_by_id == user.pk:
        return "", [_("自己录入的文字由别人放行。")]
    for_secret = CONFIDENTIALITY_REVIEWER.code in held and version.severity == "warn" and version.secret_at is None
    same = _("内容审核和保密审查须由不同的人作出：你已经对这次访谈或这一条作过其中一项。")
    if CONTENT_REVIEWER.code in held and version.content_at is None:
        # Whoever decided on the confidentiality of the whole interview is its confidentiality reviewer.
        is_other_s = user.pk in (session.decided_by_id, version.secret_by_id)
        return "content", [same] if is_other_s else []
    if for_secret:
        return "secret", [same] if version.content_by_id == user.pk else []
    return "", [_("%(user)s 不能放行这一条：没有扫描发现的由内容审核放行，有提示的还要保密审查放行。") % {"user": user}]
