"""The refusal of a write in a frozen site: made where the database says no, so that every entry reads the same words.

A site is frozen by taking the application's right to write in its schema (``tenancy.freezing``). Whatever writes all
the same, by whichever way, gets ``SiteFrozen`` from its connection: screens and verbs show it as the refusal it is.
"""

import logging
from types import TracebackType
from typing import Any

from django.db import Error, ProgrammingError
from django.db.utils import DatabaseErrorWrapper
from django.utils.translation import gettext as _

from govplatform.refusals import Busy

logger = logging.getLogger("govplatform.tenancy")
#: SQLSTATE of insufficient_privilege.
DENIED = "42501"
_STATE = "SELECT frozen, frozen_into, moved_into_id IS NOT NULL FROM public.tenancy_tenant WHERE schema_name = %s"


class SiteFrozen(Busy, ProgrammingError):
    """Nothing may be written in a site whose content is on its way into another one, or is there already.

    Jobs treat it as ``Busy``: it is no answer, the thing stays to be done. It is the database's error as well, so that
    whoever watches for those is told.
    """


def frozen_words(into: str, *, moved: bool) -> str:
    """One sentence for a person: why nothing can be changed on the site. ``into``: full name of the other site."""
    if moved:
        return _("本站内容已并入“%(site)s”，只能查看，请到该站办理。") % {"site": into}
    return _("本站内容正在并入“%(site)s”，暂停编辑，只能查看。") % {"site": into}


class FrozenAware(DatabaseErrorWrapper):
    """Django's translation of the driver's errors, which knows frozen sites."""

    wrapper: Any

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc_value is not None and getattr(exc_value, "sqlstate", None) == DENIED:
            words = _why_frozen(self.wrapper)
            if words:
                raise SiteFrozen(words).with_traceback(traceback) from exc_value
        super().__exit__(exc_type, exc_value, traceback)


def _why_frozen(connection: Any) -> str:
    """The sentence for the site in whose schema the connection works; '' when that site is not frozen."""
    # Of the object only what is loaded: the transaction is broken, nothing can be asked on this connection.
    known = getattr(connection.tenant, "__dict__", {})
    if known.get("frozen"):
        return frozen_words(known.get("frozen_into", ""), moved=known.get("moved_into_id") is not None)
    if not connection.schema_name or connection.schema_name == "public":
        return ""
    # What this process knows of the site may be older than its being frozen.
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(_STATE, [connection.schema_name])
            row = cursor.fetchone()
    except Error:
        logger.exception("whether %s is frozen could not be read", connection.schema_name)
        return ""
    finally:
        other.close()
    return frozen_words(row[1], moved=row[2]) if row and row[0] else ""
