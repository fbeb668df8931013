"""What citizens have sent in to site alpha, in the states whose screens and pages the walks look at.

Made by the acts themselves, without the forms and without the pages of answers, which take seconds to review.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django_tenants.utils import tenant_context

from govplatform.cases.actions import accept_case, assign_case, take_case
from govplatform.cases.codes import new_nonce
from govplatform.cases.disclosure.intake import read_request, submit_request
from govplatform.cases.disclosure.stopping import ask_third_party, charge_fee, record_opinion
from govplatform.cases.error_reports.intake import read_error, submit_error
from govplatform.cases.intake import TakenIn
from govplatform.cases.models import Case, Unit
from govplatform.cases.opinions import ask_opinion
from govplatform.cases.replies import note_answered, note_handed_in
from govplatform.cases.units import add_unit
from govplatform.locks.holding import holding
from govplatform.tenancy.queries import get_tenant
from sites.interviews.questions import ask_question, read_question
from sites.surveys.given import Given
from sites.surveys.intake import submit_answer
from tests.factories import user
from tests.interviews.conftest import an_interview
from tests.surveys.conftest import live_survey

from .conftest import send_in

REQUEST = {
    "applicant": "person", "name": "申请人甲", "document_kind": "other", "document_number": "演示证字0001号",
    "phone": "0000-0000001", "title": "路灯养护合同", "text": "去年的合同。", "medium": "electronic", "way": "online",
}  # fmt: skip
#: Of each kind of question, as tests/surveys/conftest.py asks them.
_GIVEN = Given(chosen=[0, 10002, 20000, 20001, 30004, 40000, 40101, 40203, 50000], texts={5: "多开几间自习室。"})


def assigned(case: Case, *, forwarding: bool = False) -> Case:
    """``case``, which alpha's clerk has given to alpha itself."""
    clerk, alpha = user("alpha_clerk"), get_tenant("alpha")
    accept_case(case, acting_user=clerk, forwarding=forwarding)
    return assign_case(Case.objects.get(pk=case.pk), alpha, acting_user=clerk)


def link_for_unit(case: Case) -> str:
    """The path behind which a unit without a site says what it thinks of ``case``."""
    alpha, name = get_tenant("alpha"), "供电营业所"
    unit = Unit.objects.filter(desk=alpha, name=name).first() or add_unit(alpha, name, acting_user=user("alpha_clerk"))
    link = ask_opinion(case, unit, acting_user=user("alpha_clerk"), note="请查线路。")[1]
    return f"/interaction/{link.partition('/interaction/')[2]}"


def answered_letter(path: str = "") -> TakenIn:
    """A letter whose answer was cleared; ``path``: of the page that shows it, '' for none."""
    taken, alpha = send_in(), get_tenant("alpha")
    assigned(taken.case)
    with tenant_context(alpha), holding():
        note_handed_in(taken.case.number, alpha)
        note_answered(taken.case.number, alpha, "已经派工，三日内修好。", path, "路灯" if path else "")
    return taken


def console_places() -> list[tuple[str, str]]:
    """(name, path) of screens of alpha's console that show a conversation; call inside alpha."""
    alpha, editor = get_tenant("alpha"), user("alpha_editor")
    waiting, letter = send_in().case, send_in(name="来信人").case
    accept_case(waiting, acting_user=user("alpha_clerk"))
    found = [{"rule": "id-card", "severity": "block", "where": "page 1"}]
    letter.attachments.create(place=1, name="现场.pdf", kind="pdf", size=9, data=b"", state="checked", findings=found)
    link_for_unit(assigned(letter))
    report = submit_error(read_error("content", "/news/", "电话少了一位。", on=alpha), alpha, nonce=new_nonce()).case
    assigned(report, forwarding=True)
    request = take_case(
        assigned(submit_request(read_request(REQUEST), alpha, nonce=new_nonce()).case), acting_user=editor
    )
    ask_third_party(request, acting_user=editor, who="第三方丙", text="是否同意公开合同？")
    record_opinion(Case.objects.get(pk=request.pk), acting_user=editor, agrees=False, text="涉及商业秘密。")
    charge_fee(Case.objects.get(pk=request.pk), acting_user=editor, amount="12.50", text="每件超出部分。")
    survey = live_survey(slug="walked-survey")
    submit_answer(survey, _GIVEN, nonce=new_nonce(), address="192.0.2.1")
    talk = an_interview(slug="walked-talk")
    ask_question(talk, read_question("稳岗返还什么时候到账？", phone="0000-0000001"), nonce=new_nonce())
    shown = [("case", one.pk) for one in (waiting, letter, report, request)]
    shown += [
        ("case_print", request.pk),
        ("survey", survey.pk),
        ("interview", talk.pk),
        ("interview_questions", talk.pk),
    ]
    return [(name, _path(name, number)) for name, number in shown]


def _path(name: str, number: int) -> Any:
    return reverse(name, args=[number], urlconf=settings.CONSOLE_URLCONF)
