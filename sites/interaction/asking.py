"""办理查询 on every public host: a sender sees how far the case is, adds to it, and judges its answer.

Number and code are sent and stand in no address. What comes after carries a token that was made for this case when both
were right, so that the code stands in no page either.
"""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from govplatform.cases.addresses import ASK, REQUEST_INFORMATION
from govplatform.cases.disclosure.clock_stops import open_stop
from govplatform.cases.disclosure.delivering import note_read
from govplatform.cases.disclosure.late import has_given_up
from govplatform.cases.disclosure.stopping import complete_by_sender
from govplatform.cases.kinds import Kind
from govplatform.cases.models import Case, ClockStop, DisclosureRequest, Judgement, LetterToLeader, Supplement
from govplatform.cases.queries import case_of_sender, find_case, published_url
from govplatform.cases.sender_acts import ADDED, JUDGED, add_to_case, judge_answer
from govplatform.refusals import PlacedReason, Refused, by_place
from sites.public.errors import too_many_requests

from .form_tokens import new_token, read_token
from .writing import for_writers, letter_page, seconds_at_the_door, sent_form, too_large

_ASKED = "ask"
#: What is typed into the forms below the state of a case; it comes back whenever it cannot be taken.
_TYPED = ("added", "grade", "words")


@for_writers
def ask(request: HttpRequest) -> HttpResponse:
    """Show how far a case is, to whoever has its number and code; take what its sender adds or thinks of it."""
    if request.method != "POST":
        return _ask_form(request)
    if wait := seconds_at_the_door(request, "ask"):
        return too_many_requests(request, wait)
    sent = sent_form(request)
    if sent is None:
        return _ask_form(request, reasons=[too_large()], status=413)
    number = sent.get("number", "").replace("\x00", "")
    if sent.get("act"):
        return _act(request, sent, number)
    try:
        read_token(sent.get("token", ""), request.get_host(), _ASKED)
    except Refused as refusal:
        return _ask_form(request, number, refusal.reasons, status=422)
    case = case_of_sender(number, sent.get("code", ""))
    if case is None:
        # Which of the two is wrong is not told apart; it is said at both.
        return _ask_form(request, number, [PlacedReason(_("编号或查询码不对，请核对后再查。"), "code")], status=422)
    return _status(request, case)


# --- inside ------------------------------------------------------------------------------


def _act(request: HttpRequest, sent: QueryDict, number: str) -> HttpResponse:
    try:
        read_token(sent.get("token", ""), request.get_host(), _form_of(number))
        case = find_case(number)
    except Refused:
        words = _("这一页打开的时间太长，已经失效，请再查询一次。刚才填写的内容可以用浏览器的“后退”找回。")
        return _ask_form(request, number, [words], status=422)
    try:
        if sent["act"] == "add" and case.kind == Kind.DISCLOSURE:
            complete_by_sender(case, sent.get("added", ""))
            done = _("补正已收到，答复期限重新起算。")
        elif sent["act"] == "add":
            add_to_case(case, sent.get("added", ""))
            done = _("补充已收到。")
        else:
            judge_answer(case, sent.get("grade", ""), sent.get("words", ""))
            done = _("评价已收到，谢谢。")
    except Refused as refusal:
        typed = {name: sent.get(name, "") for name in _TYPED}
        return _status(request, find_case(number), typed=typed, reasons=refusal.reasons, status=422)
    return _status(request, find_case(number), done=done)


def _form_of(number: str) -> str:
    return f"case:{number}"


def _status(
    request: HttpRequest,
    case: Case,
    *,
    done: str = "",
    typed: dict[str, str] | None = None,
    reasons: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    request_made = stop = None
    if case.kind == Kind.DISCLOSURE:
        note_read(case)
        request_made, stop = DisclosureRequest.objects.get(case=case), open_stop(case)
    if stop is not None and not stop.is_running:
        stop = None
    completes = stop is not None and stop.kind == ClockStop.Kind.COMPLETION
    added = Supplement.objects.filter(case=case).first()
    judged = Judgement.objects.filter(case=case).first()
    context = {
        "case": case,
        "published_url": published_url(case),
        "leader": LetterToLeader.objects.filter(case=case).first(),
        "files_sent": case.attachments.count(),
        "added": added,
        "judged": judged,
        "request_made": request_made,
        "stop": stop,
        "given_up": request_made is not None and has_given_up(case),
        "request_url": REQUEST_INFORMATION,
        "may_add": completes if request_made is not None else added is None and not case.is_over,
        "may_judge": judged is None
        and case.state == Case.State.REPLIED
        and request_made is None
        and case.erased_at is None,
        "grades": Judgement.Grade.choices,
        "most_added": ADDED,
        "most_words": JUDGED,
        "token": new_token(request.get_host(), _form_of(case.number)).text,
        "typed": typed or {},
        "reasons": reasons or [],
        "faults": by_place(reasons or []),
        "done": done,
    }
    return letter_page(request, "interaction/status.html", _("办理情况"), ASK, context, status=status)


def _ask_form(
    request: HttpRequest, number: str = "", reasons: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    token = new_token(request.get_host(), _ASKED)
    reasons = reasons or []
    context = {"number": number[:20], "token": token.text, "reasons": reasons, "faults": by_place(reasons)}
    return letter_page(request, "interaction/ask.html", _("办理查询"), ASK, context, status=status)
