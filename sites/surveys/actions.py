"""What people do with the answers: choose what is made public, look how somebody is reached."""

from django.utils.translation import gettext as _

from govplatform.accounts.acting import acting
from govplatform.accounts.models import User
from govplatform.audit.actions import record_act
from govplatform.cases.contact import Contact, decrypt
from govplatform.refusals import Refused
from sites.interaction.answering import UNSEEN, masked_question

from .models import Answer, SaidText, Survey
from .permissions import require_chooser

#: Opinions of one page.
MOST_ADOPTED = 200


def pick_saying(survey: Survey, question: int, digest: str, *, acting_user: User) -> Survey:
    """Put what was said into the newest draft of the page, masked, for an editor to say what became of it.

    It is public when that draft has gone through review. Raises Refused while a draft is in review.
    """
    with acting(acting_user, pages=[survey.pk]) as held:
        page = held.page(survey.pk)
        require_chooser(acting_user, page)
        if page.workflow_in_progress:
            raise Refused(_("“%(title)s”的一份改动正在审查，请等审查结束后再选入意见。") % {"title": page.title})
        found = _said(survey, question, digest)
        if found[0].state == SaidText.State.PICKED:
            raise Refused(_("这条意见已经选入。"))
        draft = page.get_latest_revision_as_object()
        if len(draft.adopted) >= MOST_ADOPTED:
            raise Refused(_("一页最多列 %(most)d 条意见，请合并相近的意见。") % {"most": MOST_ADOPTED})
        text = masked_question({"opinion": UNSEEN.sub("", found[0].text)})["opinion"]
        draft.adopted.append(("adopted", {"opinion": text, "people": len(found), "outcome": "", "reply": ""}))
        draft.save_revision(user=acting_user)
        _set(survey, question, digest, SaidText.State.PICKED)
        record_act("survey.pick", acting_user=acting_user, obj=page, detail={"people": len(found)})
    return survey


def sort_saying(survey: Survey, question: int, digest: str, state: str, *, acting_user: User) -> None:
    """Set equal texts aside, or take them back to those that nobody has looked at. Raises Refused."""
    if state not in (SaidText.State.NEW, SaidText.State.ASIDE):
        raise Refused(_("没有“%(state)s”这种状态。") % {"state": state[:20]})
    with acting(acting_user):
        require_chooser(acting_user, survey)
        found = _said(survey, question, digest)
        _set(survey, question, digest, state)
        act = "survey.set_aside" if state == SaidText.State.ASIDE else "survey.take_back"
        record_act(act, acting_user=acting_user, obj=survey, detail={"people": len(found)})


def look_at_answer(answer: Answer, *, acting_user: User) -> Contact:
    """Return how whoever gave the answer is reached; each look is recorded. Raises Refused."""
    with acting(acting_user):
        require_chooser(acting_user, answer.survey)
        contact = decrypt(answer.contact, str(answer.key))
        record_act("survey.contact", acting_user=acting_user, obj=answer.survey, detail={"paper": answer.pk})
    return contact


# --- inside ------------------------------------------------------------------------------


def _said(survey: Survey, question: int, digest: str) -> list[SaidText]:
    found = list(
        SaidText.objects.filter(survey=survey.pk, question=question, digest=digest).order_by("pk").only("text", "state")
    )
    if not found:
        raise Refused(_("没有这条意见，可能已经按保存期限删除。"))
    return found


def _set(survey: Survey, question: int, digest: str, state: str) -> None:
    SaidText.objects.filter(survey=survey.pk, question=question, digest=digest).update(state=state)
