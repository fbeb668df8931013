"""Requests for information of the demo's citizens: what ``load_letters`` does with them and not with letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from govplatform.accounts.models import User
from govplatform.cases.disclosure.intake import FIELDS, read_request, submit_request
from govplatform.cases.disclosure.stopping import ask_completion, ask_third_party
from govplatform.cases.models import Case, ClockStop
from govplatform.tenancy.models import Tenant


def send_request(letter: Mapping[str, Any], tenants: Mapping[str, Tenant], *, nonce: str) -> None:
    """Ask for information on the site ``letter["site"]``."""
    given = {name: letter[name] for name in FIELDS if name in letter}
    submit_request(read_request(given), tenants[letter["site"]], nonce=nonce)


def stop_clock(letter: Mapping[str, Any], case: Case, editor: User) -> None:
    """Ask the applicant to complete it (``completion``), or a third party what it says (``third_party``)."""
    if case.state != Case.State.ASSIGNED or ClockStop.objects.filter(case=case).exists():
        return
    if "completion" in letter:
        ask_completion(case, acting_user=editor, text=letter["completion"])
    else:
        ask_third_party(case, acting_user=editor, who=letter["third_party"], text=letter["third_party_asked"])
