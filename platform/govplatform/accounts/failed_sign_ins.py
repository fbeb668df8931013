"""Counting failed sign-ins: the library's rows come behind the site's chain, in which the failure is recorded."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.db import connection

from govplatform.locks.holding import hold_chain


class FailedSignInHandler(AxesDatabaseHandler):
    """Django's signal reaches axes and the record in no order that we could name; so the chain is taken here."""

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        if connection.in_atomic_block:
            hold_chain()
        super().user_login_failed(sender, credentials, request, **kwargs)
