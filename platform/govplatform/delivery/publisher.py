"""The publisher: the one process that signs. It is told of changes by the database and brings the sites' files in line.

Three threads, none of which waits for another: what came down; what changed; whole sites. What is published while its
site is rendered as a whole, or waits for that, is put in place beside it. A site whose delivery fails
is tried again after a growing pause, and keeps none of the others from being delivered. A killed publisher leaves
changes and releases as they are, and the next one goes on. Front nodes are pushed to by threads of their own.
"""

import logging
import threading
import time
from collections.abc import Callable

import psycopg
from django.db import connection
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.faults import describe_error
from govplatform.tenancy.models import Tenant

from .changes import CHANNEL, note_visible
from .delivering import EARLY, deliver, deliver_early, is_served, take_down
from .keys import publishers_key
from .looking import LOOK_EVERY, look_until
from .models import Change, DeliveredFile, SiteDelivery
from .nodes.lanes import Lanes, forget_others
from .pauses import Pauses
from .pruning import prune

logger = logging.getLogger("govplatform.delivery")
_PRUNE_EVERY = 24 * 3600.0
_LONGEST_ERROR = 500


class Publisher:
    """``run`` works until ``stop`` is called from another thread or a signal handler."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._nodes = Lanes(self._stopping)
        self._prune_at = 0.0
        self._told = {name: threading.Event() for name in ("down", "changes", "whole")}

    def stop(self) -> None:
        self._stopping.set()
        for told in self._told.values():
            told.set()

    def run(self) -> None:
        """Work until told to stop. Raises Refused at the start without a key to sign with, and for unclear nodes."""
        publishers_key()
        self._nodes.prepare()
        work = {"down": self._take_down_all, "changes": _deliver_changed, "whole": self._whole}
        threads = [
            threading.Thread(target=self._work, args=(name, act), name=f"publisher-{name}", daemon=True)
            for name, act in work.items()
        ]
        for thread in threads:
            thread.start()
        self._nodes.start()
        self._listen()
        for thread in threads:
            thread.join(timeout=5.0)

    def _take_down_all(self, pauses: Pauses) -> None:
        by_site: dict[int, list[Change]] = {}
        for change in Change.objects.filter(down=True).order_by("pk").defer("reads"):
            by_site.setdefault(change.tenant_id, []).append(change)
        for site, taken in by_site.items():
            # The rest of it, the lists, is left to the delivery.
            if attempt(site, take_down, pauses):
                # a recall may concern a thousand sites: no node waits for the last of them
                self._nodes.wake()
                Change.objects.filter(pk__in=[one.pk for one in taken]).update(down=False)
                note_visible(taken)

    def _whole(self, pauses: Pauses) -> None:
        _deliver_whole_sites(pauses)
        if time.monotonic() >= self._prune_at:
            self._prune_at = time.monotonic() + _PRUNE_EVERY
            prune()
            forget_others()

    def _work(self, name: str, act: Callable[[Pauses], None]) -> None:
        pauses = Pauses()

        def look(was_told: bool) -> None:
            act(pauses)
            if was_told:
                # What was released otherwise the nodes' threads find by themselves.
                self._nodes.wake()

        look_until(self._stopping, self._told[name], look, logger=logger, what=name)

    def _listen(self) -> None:
        """Wake the threads when something changes; a connection of its own, made anew when it breaks."""
        while not self._stopping.is_set():
            try:
                parameters = connection.get_connection_params()
                with psycopg.connect(
                    **{name: parameters[name] for name in _CONNECTING if parameters.get(name)}, autocommit=True
                ) as listening:
                    listening.execute(f"LISTEN {CHANNEL}")
                    while not self._stopping.is_set():
                        if list(listening.notifies(timeout=LOOK_EVERY, stop_after=1)):
                            for told in self._told.values():
                                told.set()
            except psycopg.OperationalError:
                self._stopping.wait(LOOK_EVERY)


_CONNECTING = ("dbname", "user", "password", "host", "port", "options", "passfile", "sslmode")


def attempt(site: int, act: Callable[[Tenant], object], pauses: Pauses) -> bool:
    """Do ``act`` to the site unless it failed a moment ago; return whether it went well. Failures show on screen."""
    if not pauses.is_over(site):
        return False
    tenant = Tenant.objects.filter(pk=site).first()
    if tenant is None:
        return False
    try:
        act(tenant)
    except Exception as error:
        pauses.note_failure(site)
        recover_connection()
        SiteDelivery.objects.filter(pk=site).update(error=_words_of(error).replace("\x00", "")[:_LONGEST_ERROR])
        logger.exception("delivery of %s failed", tenant.code)
        return False
    pauses.note_success(site)
    return True


# --- inside ------------------------------------------------------------------------------


def _deliver_changed(pauses: Pauses) -> None:
    whole = set(_sites_with_changes(whole=True))
    seen_first = Change.objects.filter(EARLY, tenant__in=whole).values_list("tenant", flat=True)
    for site in dict.fromkeys([*_sites_with_changes(whole=False), *_over(), *seen_first]):
        attempt(site, deliver_early if site in whole else _deliver_or_beside, pauses)


def _deliver_or_beside(tenant: Tenant) -> None:
    """Somebody may be rendering the whole site by the verb."""
    if deliver(tenant) is None:
        deliver_early(tenant)


def _deliver_whole_sites(pauses: Pauses) -> None:
    for site in dict.fromkeys([*_sites_with_changes(whole=True), *_never_delivered()]):
        attempt(site, deliver, pauses)


def _sites_with_changes(*, whole: bool) -> list[int]:
    """Sites for which something waits, those that wait longest first."""
    anew = set(SiteDelivery.objects.filter(whole=True).values_list("pk", flat=True))
    anew.update(Change.objects.filter(everything=True).values_list("tenant", flat=True))
    waiting = Change.objects.values("tenant").annotate(oldest=Min("made_at")).order_by("oldest")
    return [row["tenant"] for row in waiting if (row["tenant"] in anew) == whole]


def _never_delivered() -> list[int]:
    """Sites that are served and have no files: new ones, and all of them where the publisher is new."""
    sites = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).exclude(delivery__whole=False).order_by("pk")
    return [site.pk for site in sites.prefetch_related("domains") if is_served(site)]


def _over() -> list[int]:
    """Sites on which a day or a term is over that a file names."""
    over = DeliveredFile.objects.filter(until__isnull=True, good_until__lte=timezone.now())
    return list(over.values_list("tenant", flat=True).distinct())


def _words_of(error: Exception) -> str:
    if isinstance(error, Refused):
        return "；".join(error.reasons)
    if isinstance(error, OSError):
        return _("静态文件写不下来：%(why)s。") % {"why": system_words(error)}
    return describe_error(error)
