"""A session of a console is renewed at each request, and what has ended stays ended."""

import pytest
from django.contrib.sessions.backends.base import UpdateError

from govplatform.accounts.credentials.console_sessions import SessionStore
from tests.statements import Statements


def kept():
    session = SessionStore()
    session["seen"] = 1
    session.save()
    return session


def test_renewing_is_one_statement_and_keeps_what_is_in_it(db):
    session = SessionStore(kept().session_key)
    assert session["seen"] == 1
    session["seen"] = 2
    before = session.model.objects.get(pk=session.session_key).expire_date
    with Statements() as sent:
        session.save()
    assert len(sent) == 1, [one["sql"] for one in sent.captured_queries]
    assert SessionStore(session.session_key)["seen"] == 2
    assert session.model.objects.get(pk=session.session_key).expire_date > before


def test_what_ended_meanwhile_is_not_brought_back(db):
    session = kept()
    SessionStore(session.session_key).delete()
    with pytest.raises(UpdateError):
        session.save()
    assert not session.exists(session.session_key)
