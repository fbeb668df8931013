"""The publisher: the one process that signs. It is told of changes by the database and brings the sites' files in line.

Three threads, none of which waits for another: what came down; what changed; whole sites. What is published while its
site is rendered as a whole, or waits for that, is put in place beside it. A site whose delivery fails
is tried again after a growing pause, and keeps none of the others from being delivered. A killed publisher leaves
changes and releases as they are, and the next one goes on. Front nodes are pushed to by threads of their own.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from govplatform.refusals import Refused
from govplatform.system_words import system_words
from govplatform.tenancy.each_site import recover_connection
from govplatform.tenancy.faults import describe_error
from govplatform.tenancy.models import Tenant

from .changes import CHANNEL, note_visible
from .delivering import EARLY, OF_PAGES, deliver, deliver_early, take_down
from .keys import publishers_key
from .looking import LOOK_EVERY, look_until
from .models import Change, DeliveredFile, SiteDelivery
from .nodes.lanes import Lanes, forget_others
from .pauses import Pauses
from .pruning import prune
from .releasing import is_served
from .taking_out import take_out, without_page

logger = logging.getLogger("govplatform.delivery")
_PRUNE_EVERY = 24 * 3600.0
_LONGEST_ERROR = 500
#: Sites that wait at the same time, up to which each is delivered as a whole at once; of so many turns one is for that
#: beyond; turns from one look for days and terms that are over to the next.
_FEW, _TURNS, _OVER_EVERY = 3, 8, 50


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
        """Files first, of all sites together; then the pages that say so, site by site. The lists that named what came
        down are left to the delivery.
        """
        self._take_out()
        # The delivery comes from the other end, and says of a site's own what has not been said by then.
        for site in dict.fromkeys([*_sites_with_more(), *reversed(without_page())]):
            taken = list(Change.objects.filter(down=True, tenant=site).defer("reads"))
            if attempt(site, take_down, pauses):
                Change.objects.filter(pk__in=[one.pk for one in taken]).update(down=False)
                note_visible(taken)
                # a recall may concern a thousand sites: no node waits for the last of them
                self._nodes.wake()
            if Change.objects.filter(down=True).exclude(tenant=site).exists():
                self._take_out()

    def _take_out(self) -> None:
        """What cannot be taken out of all sites together is tried site by site, and says there why."""
        try:
            if take_out():
                self._nodes.wake()
        except Exception:
            logger.exception("taking files out failed")
            recover_connection()

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
    tenant = Tenant.objects.filter(pk=site).prefetch_related("domains").first()
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
    """Site by site, whoever waits longest first, anew after each: nobody waits for somebody who goes on publishing.

    While many wait, the pages themselves that were published go first, and what shows them after that; one turn of
    eight is for that, so that it comes too.
    """
    had: set[tuple[object, ...]] = set()
    for turn in itertools.count(1):
        if turn % _OVER_EVERY == 1:
            for site in _over():
                attempt(site, _deliver_or_beside, pauses)
        waiting = [one for one in _waiting() if one.key not in had]
        if not waiting:
            break
        published = [one for one in waiting if one.pages and not one.is_whole]
        if len(waiting) > _FEW and published and turn % _TURNS:
            chosen, act = published[0], _pages_first
        else:
            chosen, act = waiting[0], _beside if waiting[0].is_whole else _deliver_or_beside
        had.add(chosen.key)
        attempt(chosen.site, act, pauses)


def _deliver_or_beside(tenant: Tenant) -> None:
    """Somebody may be rendering the whole site by the verb."""
    if deliver(tenant, once=True) is None:
        deliver_early(tenant)


def _beside(tenant: Tenant) -> None:
    deliver_early(tenant)


def _pages_first(tenant: Tenant) -> None:
    deliver_early(tenant, pages_alone=True)


@dataclass(frozen=True)
class _Waiting:
    """A site for which something waits. ``newest``: id of its last change; ``unseen``: how many changes citizens do not
    see yet, ``pages`` of them of a page; ``is_whole``: whether it is rendered as a whole.
    """

    site: int
    newest: int
    pages: int
    unseen: int
    is_whole: bool

    @property
    def key(self) -> tuple[object, ...]:
        """The same as long as nothing has become of it."""
        return self.site, self.newest, self.pages


def _waiting() -> list[_Waiting]:
    """Sites for which something waits that can be delivered, those that wait longest first."""
    whole = _whole_sites()
    rows = Change.objects.values("tenant").annotate(
        oldest=Min("made_at"),
        newest=Max("pk"),
        unseen=Count("pk", filter=EARLY),
        pages=Count("pk", filter=EARLY & OF_PAGES),
    )
    found = [
        _Waiting(row["tenant"], row["newest"], row["pages"], row["unseen"], row["tenant"] in whole)
        for row in rows.order_by("oldest", "tenant")
    ]
    return [one for one in found if one.unseen or not one.is_whole]


def _deliver_whole_sites(pauses: Pauses) -> None:
    whole, changes = _whole_sites(), Change.objects.values("tenant").annotate(oldest=Min("made_at")).order_by("oldest")
    waiting = [row["tenant"] for row in changes if row["tenant"] in whole]
    for site in dict.fromkeys([*waiting, *_never_delivered()]):
        attempt(site, deliver, pauses)


def _whole_sites() -> set[int]:
    """Sites that are to be rendered as a whole."""
    anew = set(SiteDelivery.objects.filter(whole=True).values_list("pk", flat=True))
    return anew | set(Change.objects.filter(everything=True).values_list("tenant", flat=True))


def _never_delivered() -> list[int]:
    """Sites that are served and have no files: new ones, and all of them where the publisher is new."""
    sites = Tenant.objects.exclude(kind=Tenant.Kind.CONSOLE).exclude(delivery__whole=False).order_by("pk")
    return [site.pk for site in sites.prefetch_related("domains") if is_served(site)]


def _sites_with_more() -> list[int]:
    """Sites with something that came down and was not taken out of all sites together: those that close, above all."""
    return list(dict.fromkeys(Change.objects.filter(down=True).order_by("pk").values_list("tenant", flat=True)))


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
