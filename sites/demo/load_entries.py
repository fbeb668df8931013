"""The demo's entry in the question base: an editor puts a letter's question generally, and it is cleared as a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from govplatform.accounts.models import User
from govplatform.accounts.roles import CONFIDENTIALITY_REVIEWER, CONTENT_REVIEWER, EDITOR
from govplatform.cases.models import Case
from govplatform.review.gate.scans import scan_now
from govplatform.review.submission.actions import submit_for_review
from govplatform.review.submission.from_the_shell import decide_from_the_shell
from sites.demo.recorded_time import at
from sites.interaction.models import QuestionEntry
from sites.interaction.question_base import draft_question, entry_of

#: Minutes from the draft to each decision; short, so that nothing of the same evening comes in between.
_DECIDED = (20, 35)


def keep_question(
    letter: Mapping[str, Any], case: Case, moment: dt.datetime, holder: Callable[[str, str], User]
) -> None:
    """Make of the answered ``case`` what ``letter["entry"]`` says, and publish it, unless that was done before.

    ``entry``: ``title``, ``question`` and ``answer``, put generally. ``holder``: (site, role) -> account.
    """
    site = case.organisation
    assert site is not None
    with tenant_context(site):
        if entry_of(case) is not None:
            return
        editor, entry = holder(site.code, EDITOR.code), letter["entry"]
        with at(moment):
            drafted = draft_question(case, acting_user=editor, title=entry["title"])
            draft = drafted.get_latest_revision_as_object()
            draft.question, draft.answer = entry["question"].strip(), entry["answer"].strip()
            draft.summary, draft.keywords = entry["summary"], entry["keywords"]
            draft.save_revision(user=editor)
            submit_for_review(QuestionEntry.objects.get(pk=drafted.pk), acting_user=editor)
            scan_now(QuestionEntry.objects.get(pk=drafted.pk), acting_user=editor)
        roles = (
            (CONTENT_REVIEWER.code, _("问题写得有普遍性，同意收入。")),
            (CONFIDENTIALITY_REVIEWER.code, _("不含个人信息，同意公开。")),
        )
        for minutes, (role, opinion) in zip(_DECIDED, roles, strict=True):
            with at(moment + dt.timedelta(minutes=minutes)):
                page = QuestionEntry.objects.get(pk=drafted.pk)
                decide_from_the_shell(page, acting_user=holder(site.code, role), approve=True, opinion=opinion)
