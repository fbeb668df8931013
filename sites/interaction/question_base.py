"""答问知识库: an editor makes an entry of what a letter was answered; what has to be looked at again."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context
from wagtail.log_actions import log

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.cases.models import Case
from govplatform.refusals import Refused
from govplatform.review.permissions import ADD, may_on_content, reasons_against_writing_at
from govplatform.rule_packs.packs import site_rule_pack
from govplatform.tenancy.models import Tenant
from sites.columns.models import Column

from .answering import column_of_answers
from .models import PublicReply, QuestionEntry


def draft_question(
    case: Case, *, acting_user: User, column: Column | None = None, title: str = "", look_again_on: date | None = None
) -> QuestionEntry:
    """Make a draft of the question of an answered public letter, on the site that answered; return it.

    It begins with what is public of question and answer; its editor puts it generally and hands it in like any page.
    ``column``: where it stands, beside the answer if not given; ``look_again_on``: else by the rule pack.
    Raises Refused.
    """
    site = case.organisation
    if site is None:
        raise Refused(_not_public(case))
    with tenant_context(site):
        column = column or column_of_answers()
        if column is None:
            raise Refused(_("本站没有公开的“咨询投诉”栏目。请站点管理员先建立，或者指定别的栏目。"))
        with acting(acting_user, on=site, pages=[column.pk]):
            if reasons := _reasons_against(acting_user, case, column):
                raise Refused(reasons)
            reply = PublicReply.objects.live().filter(case_number=case.number).first()
            if reply is None:
                raise Refused(_not_public(case))
            page = QuestionEntry(
                title=title.replace("\x00", "").strip()[:255] or reply.title,
                question=reply.question,
                answer=reply.answer,
                department=reply.department,
                case_number=case.number,
                look_again_on=look_again_on or next_look(),
                source=reply.source,
                repostable=True,
                owner=acting_user,
            )
            Column.objects.get(pk=column.pk).add_child(instance=page)
            revision = page.save_revision(user=acting_user, clean=False)
            log(instance=page, action="wagtail.create", user=acting_user, revision=revision, content_changed=True)
            detail = {"number": case.number, "column": column.slug, "revision": revision.pk}
            record_act("question.drafted", acting_user=acting_user, obj=page, detail=detail)
    return page


def next_look() -> date:
    """The day on which an answer that is written today has to be looked at again, by the current site's rule pack."""
    return timezone.localdate(site_rule_pack().limit("question_checked").after(timezone.now()))


def entry_of(case: Case) -> QuestionEntry | None:
    """Return what was made of ``case`` on the current site; None while nothing was."""
    return QuestionEntry.objects.filter(case_number=case.number).order_by("pk").first()


def entries(*, due: bool = False) -> QuerySet[Any]:
    """The entries of the current site, what has to be looked at first in front; ``due``: public and due alone."""
    found = QuestionEntry.objects.order_by("look_again_on", "pk")
    return found.filter(live=True, look_again_on__lte=timezone.localdate()) if due else found


def may_draft_from(user: User, case: Case, site: Tenant) -> bool:
    """Whether the console of ``site`` offers to make an entry of ``case``."""
    public = case.state == Case.State.REPLIED and bool(case.published_path) and case.organisation_id == site.pk
    return public and may_on_content(user, ADD) and PublicReply.objects.live().filter(case_number=case.number).exists()


# --- inside ------------------------------------------------------------------------------


def _reasons_against(user: User, case: Case, column: Column) -> list[str]:
    if not may_on_content(user, ADD):
        return [_("%(user)s 在本站没有编辑角色，不能收入答问知识库。") % {"user": user}]
    if reasons := reasons_against_writing_at(user, column):
        return list(reasons)
    if (made := entry_of(case)) is not None:
        told = {"number": case.number, "title": made.title}
        return [_("来信 %(number)s 已经收入答问知识库（“%(title)s”），请改那一篇。") % told]
    return []


def _not_public(case: Case) -> str:
    return _("来信 %(number)s 没有公开的答复，不能收入答问知识库。") % {"number": case.number}
