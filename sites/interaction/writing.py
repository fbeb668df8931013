"""我要写信 on every public host: the door by which strangers send something in (办理查询: ``asking``).

What is sent is read up to a limit and not beyond, is plain text, and comes back in the form whenever it cannot be
taken: nobody types a letter twice. Nothing of it stands in an address, and no answer is kept by any cache.
"""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.multipartparser import InputStreamExhausted, MultiPartParser, MultiPartParserError
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from wagtail.models import Page

from content_library.outward.limits import seconds_to_wait
from govplatform.cases.addresses import ASK, WRITE
from govplatform.cases.attachments import ENDINGS, SentFile, read_files
from govplatform.cases.attachments import LARGEST as LARGEST_FILE
from govplatform.cases.attachments import MOST as MOST_FILES
from govplatform.cases.intake import FormUsed, TakenIn, submit_case
from govplatform.cases.kinds import RULES, WRITTEN, Kind
from govplatform.cases.letters import EMAIL, NAME, PHONE, TEXT, TITLE, read_letter
from govplatform.cases.models import LetterToLeader
from govplatform.cases.queries import taking_in
from govplatform.refusals import PlacedReason, Refused
from govplatform.tenancy.models import Tenant
from search.outward.addresses import PREFIX
from search.results_page.asked import PATH as SEARCH_PATH
from sites.columns.mailboxes import Addressee, find_addressee
from sites.pages.context import base_context
from sites.public.errors import closed_answer, give_back, not_taken, too_many_requests

from .form_tokens import Token, new_token, read_token, shown_at_the_door, sum_is_right, work_is_done
from .related import has_questions, questions_alike

#: Bytes of a form: the longest letter in percent signs, three bytes a character, and something for the rest:
#: a request for information has more of it.
_LARGEST = 9 * (TEXT + TITLE + NAME + PHONE + EMAIL) + 16 * 1024
_FORM = "application/x-www-form-urlencoded"
_FORM_WITH_FILES = "multipart/form-data"
#: Of a form with files: all of them as large as they may be, and one more, so that it is told by its name.
LARGEST_WITH_FILES = (MOST_FILES + 1) * LARGEST_FILE + _LARGEST
_LETTER = "letter"
_TYPED = ("to", "kind", "title", "text", "name", "phone", "email", "publish")
_LIMITS = {"title": TITLE, "text": TEXT, "name": NAME, "phone": PHONE, "email": EMAIL}
#: A field that people do not see: who fills it in reads the source of the page, and is no person.
_HONEY = "website"
_VIEW = Callable[..., HttpResponseBase]


def for_writers(view: _VIEW) -> _VIEW:
    """Wrap a view of the public host that takes a form: closed sites answer as everywhere, nothing is kept."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        response = _closed_to_what_is_sent(request) or closed_answer(request) or view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return answer


def _closed_to_what_is_sent(request: HttpRequest) -> HttpResponse | None:
    """A form that was open while its site closed is given back with all that was typed; None where none was sent."""
    tenant: Tenant | None = getattr(request, "tenant", None)
    if request.method != "POST" or tenant is None or not tenant.answers_from_ledger:
        return None
    if wait := seconds_at_the_door(request, "letter"):
        return too_many_requests(request, wait)
    sent_with_files(request)
    return not_taken(request)


@for_writers
def write(request: HttpRequest) -> HttpResponse:
    """Show the form, or take what was written: number and code, or the form again and what is to be put right (422)."""
    if request.method != "POST":
        kind = request.GET.get("kind", "")
        return _letter_form(request, {"kind": kind if kind in WRITTEN else "", "to": request.GET.get("to", "")})
    if wait := seconds_at_the_door(request, "letter"):
        return too_many_requests(request, wait)
    read = sent_with_files(request)
    if read is None:
        too_much = too_large_with_files() if request.content_type == _FORM_WITH_FILES else too_large()
        return _letter_form(request, {}, [too_much], status=413)
    sent, files = read
    typed = {name: sent.get(name, "") for name in _TYPED}
    try:
        token = read_token(sent.get("token", ""), request.get_host(), _LETTER)
        if wait := seconds_for_work(request, sent, token):
            return too_many_requests(request, wait)
        letter = read_letter(
            typed["kind"],
            typed["title"],
            typed["text"],
            may_publish=typed["publish"] == "yes",
            name=typed["name"],
            phone=typed["phone"],
            email=typed["email"],
        )
        taken = submit_case(
            letter,
            request.tenant,  # type: ignore[attr-defined]
            nonce=token.nonce,
            to_leader=letter_to(find_addressee(typed["to"])),
            files=read_files(files),
        )
    except FormUsed as used:
        return _letter_form(request, typed, used.reasons, status=409)
    except Refused as refusal:
        return _letter_form(request, typed, refusal.reasons, status=422)
    return sent_page(request, _("来信已收到"), WRITE, taken)


def sent_page(request: HttpRequest, title: str, path: str, taken: TakenIn, *, back_url: str = "") -> HttpResponse:
    """The page after a form was taken: number, query code, how many files came. ``back_url``: '' for none."""
    context = {
        "case": taken.case,
        "query_code": taken.query_code,
        "files_sent": taken.case.attachments.count(),
        "back_url": back_url,
    }
    return letter_page(request, "interaction/sent.html", title, path, context)


def sent_with_files(request: HttpRequest) -> tuple[QueryDict, list[SentFile]] | None:
    """What was sent, with its files; None where it is more than the form can hold, or no form."""
    if request.content_type != _FORM_WITH_FILES:
        sent = sent_form(request)
        return (sent, []) if sent is not None else None
    body = request.read(LARGEST_WITH_FILES + 1)
    if len(body) > LARGEST_WITH_FILES:
        return None
    try:
        meta = {**request.META, "CONTENT_LENGTH": len(body)}
        fields, files = MultiPartParser(meta, BytesIO(body), [_InMemory(request)], "utf-8").parse()
    except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent, RequestDataTooBig, InputStreamExhausted):
        return None
    give_back(request, fields)
    return fields, [SentFile(one.name or "", one.read()) for one in files.getlist("files")]


class _InMemory(MemoryFileUploadHandler):
    """Keeps files in memory, whatever their size: the whole body is there already, and no larger than a form may be."""

    def handle_raw_input(self, *_args: Any, **_named: Any) -> None:
        self.activated = True


# --- what the other pages of letters share -----------------------------------------------


def sent_form(request: HttpRequest, largest: int = _LARGEST) -> QueryDict | None:
    """What was sent; None where it is more than the form can hold (``largest``: bytes), or no form."""
    if request.content_type != _FORM:
        return None
    body = request.read(largest + 1)
    if len(body) > largest:
        return None
    try:
        sent = QueryDict(body, encoding="utf-8")
    except TooManyFieldsSent:
        return None
    give_back(request, sent)
    return sent


def too_large() -> str:
    return _("内容太长，没有收到。请用浏览器的“后退”回到填写的内容，缩短到 %(most)d 个字以内再提交。") % {"most": TEXT}


def too_large_with_files() -> str:
    told = {"most": TEXT, "files": MOST_FILES, "largest": LARGEST_FILE // 2**20}
    return (
        _(
            "内容或者附件太大，没有收到。请用浏览器的“后退”回到填写的内容：文字最多 %(most)d 个字，"
            "附件最多 %(files)d 个，每个最大 %(largest)d MB。"
        )
        % told
    )


def letter_page(
    request: HttpRequest, template: str, title: str, path: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    home = Page.objects.filter(depth=2, live=True).first()
    if home is None:
        raise Http404
    frame = base_context(home, request)
    return render(
        request,
        template,
        {
            **frame,
            "page": {"title": title},
            "meta_tags": [*frame["meta_tags"], {"name": "robots", "content": "noindex, follow"}],
            "breadcrumb": [{"title": _("首页"), "url": "/"}, {"title": title, "url": ""}],
            "canonical_url": "",
            "feed_url": "",
            "is_home": False,
            "write_url": WRITE,
            "ask_url": ASK,
            **context,
        },
        status=status,
    )


# --- inside ------------------------------------------------------------------------------


def seconds_at_the_door(request: HttpRequest, kind: str) -> int:
    """Seconds that the address, or its network, has to wait; each request counts against both."""
    return seconds_to_wait(request, kind) or seconds_to_wait(request, f"{kind}_network", network=True)


def seconds_for_work(request: HttpRequest, sent: QueryDict, token: Token, by_hand: str = "letter_by_hand") -> int:
    """Seconds to wait for who answers the sum too often; 0 where the work was done. Raises Refused for neither.

    ``by_hand``: the limit that holds for the sum.
    """
    if sent.get(_HONEY):
        raise Refused(_("有一栏是用来识别自动程序的，请让它空着（浏览器自动填写的也请清除）。"))
    if work_is_done(token, sent.get("work", "")):
        return 0
    if not sum_is_right(token, sent.get("sum", "")):
        raise Refused(PlacedReason(_("验算题：答案不对，或者没有填写。请按下面新的题目填写。"), "sum"))
    return seconds_to_wait(request, by_hand)


def _letter_form(
    request: HttpRequest, typed: dict[str, str], reasons: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    token = new_token(request.get_host(), _LETTER)
    context = {
        "typed": typed,
        "kinds": [
            {
                "code": kind.value,
                "label": kind.label,
                "explained": RULES[kind].explained,
                "chosen": typed.get("kind") == kind,
            }
            for kind in map(Kind, WRITTEN)
        ],
        "addressee": _addressee(typed.get("to", "")),
        "limits": _LIMITS,
        "files": {"most": MOST_FILES, "largest": LARGEST_FILE // 2**20, "endings": ",".join(ENDINGS)},
        "desk": desk_here(request),
        # Sent once and not taken: what is answered already stands there without a script as well.
        "alike": questions_alike(typed.get("title", ""), request.tenant) if reasons else [],  # type: ignore[attr-defined]
        "questions_url": f"{SEARCH_PATH}?kind=question&scope=all" if has_questions() else "",
        "answers_url": PREFIX,
        **shown_at_the_door(token, reasons),
    }
    return letter_page(request, "interaction/write.html", _("我要写信"), WRITE, context, status=status)


def letter_to(leader: Addressee | None) -> LetterToLeader | None:
    """Return what is kept of the leader a letter is written to."""
    return LetterToLeader(page=leader.page, name=leader.name, post=leader.post) if leader is not None else None


def _addressee(page: str) -> Addressee | None:
    """The leader that the form names; None where there is none any more: the letter goes to the site then."""
    try:
        return find_addressee(page)
    except Refused:
        return None


def desk_here(request: HttpRequest) -> Tenant | None:
    """The site that takes in what is written here; None while nobody does."""
    try:
        return taking_in(request.tenant)  # type: ignore[attr-defined]
    except Refused:
        return None
