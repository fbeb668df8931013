"""A portal with a place for answers, and what a citizen's browser would send."""

import hashlib
import re
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.cache import caches
from django_tenants.utils import tenant_context

from govplatform.cases.codes import new_nonce
from govplatform.cases.intake import TakenIn, submit_case
from govplatform.cases.letters import read_letter
from govplatform.tenancy.queries import get_tenant
from sites.columns.actions import create_column
from sites.interaction.form_tokens import WORK_BITS
from tests.console.conftest import citizen, console

__all__ = ["citizen", "console"]
#: An identity number of the tests: a real date, a right check digit.
IDENTITY = "11010519491231002X"
_NUMERALS = "零一二三四五六七八九"
TEXT = "小区路灯坏了三天，请问由哪个部门维修？"


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    caches["outward"].clear()


def prepare_columns() -> None:
    """Both sites have a column for answers."""
    for code in ("alpha", "beta"):
        with tenant_context(get_tenant(code)):
            create_column("letters", title="互动交流", column_type="complaints", acting_user=None)


@pytest.fixture
def desk(db: None) -> Any:
    """Site alpha, whose clerks take in."""
    prepare_columns()
    return get_tenant("alpha")


def send_in(site: str = "alpha", **given: Any) -> TakenIn:
    """A letter, taken in without a form."""
    fields = {"kind": "consultation", "title": "路灯", "text": TEXT, "may_publish": True, **given}
    return submit_case(read_letter(**fields), get_tenant(site), nonce=new_nonce())


def form_of(page: Any) -> dict[str, str]:
    """What a browser with script would send of the form on ``page``, before anybody has typed."""
    token = unescape(re.search(r'name="token" value="([^"]+)"', page.content.decode()).group(1))
    return {"token": token, "work": work_for(token)}


def form_by_hand(page: Any) -> dict[str, str]:
    """What a browser without script would send of the form on ``page``: no work, but the sum worked out."""
    html = page.content.decode()
    token = unescape(re.search(r'name="token" value="([^"]+)"', html).group(1))
    first, second = re.search(r"验算题：(.)加(.)等于几", html).groups()
    return {"token": token, "work": "", "sum": str(_NUMERALS.index(first) + _NUMERALS.index(second))}


def work_for(token: str) -> str:
    """The work that the browser does, done here."""
    for number in count():
        digest = hashlib.sha256(f"{token}:{number}".encode()).digest()
        if int.from_bytes(digest[:4]) >> (32 - WORK_BITS) == 0:
            return str(number)
    raise AssertionError


def as_form(fields: dict[str, str]) -> dict[str, Any]:
    """The arguments of the client's ``post`` for a form without files."""
    return {"data": urlencode(fields), "content_type": "application/x-www-form-urlencoded"}
