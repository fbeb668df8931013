"""What a column of letters (咨询投诉) shows besides its own pages: the platform of its portal, in this site's look.

What the portal takes in is answered all over the province: 统一受理、分别办理、统一反馈.
"""

from collections.abc import Iterable
from typing import Any

from govplatform.cases.addresses import ASK, FIGURES, LETTERS, REQUEST_INFORMATION, WRITE
from govplatform.cases.queries import desk_of, published_url
from govplatform.cases.shown import ALL, Narrowed, cases_shown, public_answers
from govplatform.refusals import Refused
from govplatform.rendering.reads import ReadOf, note_read
from govplatform.tenancy.current import current_tenant

_NEWEST = 10


def letters_shown(*, mailbox: bool = False) -> dict[str, Any]:
    """Return the ways to the platform and the newest answers of other sites; ``mailbox``: to letters to leaders here.

    Nothing of it where nobody takes in.
    """
    site = current_tenant()
    try:
        desk = desk_of(site)
    except Refused:
        return {"doors": {"write": WRITE, "ask": ASK}}
    note_read(ReadOf.LETTERS, desk.pk)
    if mailbox:
        answers = public_answers(cases_shown(desk, Narrowed(mailbox=ALL), of=site))
        letters = f"{LETTERS}?mailbox={ALL}"
    else:
        answers = public_answers(cases_shown(desk, Narrowed())).exclude(organisation=site)
        letters = LETTERS
    return {
        "doors": {"write": "" if mailbox else WRITE, "ask": ASK, "letters": letters, "figures": FIGURES},
        "answered_elsewhere": [
            {
                "title": case.published_title or case.get_kind_display(),
                "url": published_url(case),
                "organisation": case.organisation.short_name or case.organisation.full_name,
                "date": case.ended_at,
            }
            for case in answers[:_NEWEST]
            if case.organisation is not None
        ],
        "is_mailbox": mailbox,
    }


def requests_taken(ways: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the ways to the form of 依申请公开 and to how far a request is.

    ``ways``: (address, title) of what is read before: the guide, the catalogue.
    """
    return {"doors": {"request": REQUEST_INFORMATION, "ask": ASK}, "read_before": list(ways)}
