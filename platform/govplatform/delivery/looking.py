"""What each thread of the publisher does: look when it is told to, and now and then; a failed look ends nothing."""

import logging
import threading
from collections.abc import Callable

from django.db import close_old_connections, connection
from django_tenants.utils import schema_context

from govplatform.tenancy.each_site import recover_connection

#: Seconds. Changes are told; this is for what was said while nobody listened, by another process, or is due by now.
LOOK_EVERY = 1.0


def look_until(
    stopping: threading.Event,
    told: threading.Event,
    look: Callable[[bool], object],
    *,
    logger: logging.Logger,
    what: str,
) -> None:
    """Call ``look`` in ``public`` until ``stopping``, with whether it was told to.

    ``what``: how a look that failed is called in the log.
    """
    while not stopping.is_set():
        was_told = told.wait(LOOK_EVERY)
        told.clear()
        close_old_connections()
        try:
            with schema_context("public"):
                look(was_told)
        except Exception:
            # The database is away, most likely; the next look finds it again.
            logger.exception("the look at %s failed", what)
            recover_connection()
    connection.close()
