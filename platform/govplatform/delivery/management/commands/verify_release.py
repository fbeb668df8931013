"""The verb ``verify_release``: hold what citizens get against the signed releases. Needs no database."""

import json
import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from govplatform.delivery.verifying.alarms import Alarms, configured_senders
from govplatform.delivery.verifying.faults import Fault, Findings
from govplatform.delivery.verifying.state import VerifierState
from govplatform.delivery.verifying.sweeping import sweep
from govplatform.delivery.verifying.taking_away import Bounds
from govplatform.delivery.verifying.verifier import Place, Unusable, hosts_of, verifier
from govplatform.delivery.verifying.watching import Watch
from govplatform.delivery.verifying.words import describe
from govplatform.verbs import EXIT_FAULTS, VerbCommand

logger = logging.getLogger("govplatform.delivery.verifying")
#: Seconds between two looks for a root that has gone.
_LOOKED_AGAIN = 1.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Command(VerbCommand):
    help = "Verify the files that citizens get against the signed releases; repair them or watch them all the time."

    def add_verb_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--site", metavar="CODE", help="this site alone")
        parser.add_argument("--root", type=Path, metavar="DIR", help="folder of the releases (DELIVERY_ROOT)")
        parser.add_argument("--key", type=Path, metavar="FILE", help="public key of the publisher, PEM")
        parser.add_argument("--memory", type=Path, metavar="DIR", help="folder in which the newest releases are kept")
        parser.add_argument("--repair", action="store_true", help="put right what is wrong, and alarm")
        parser.add_argument("--watch", action="store_true", help="go on until SIGTERM, and alarm")
        parser.add_argument(
            "--every", type=float, default=3600.0, metavar="SECONDS", help="with --watch: between two full sweeps"
        )

    def run(self, **options: Any) -> dict[str, Any]:
        place = _place(options)
        alarms = Alarms(_own("findings.jsonl"), configured_senders()) if options["repair"] or options["watch"] else None
        try:
            if options["watch"]:
                if options["site"]:
                    raise CommandError(_("--watch 监视全部站点，不能和 --site 一起使用。"))
                self.findings = _watch(place, options, alarms)
            else:
                self.findings = _sweep(place, options, alarms)
        except Unusable as error:
            raise CommandError(str(error)) from error
        finally:
            if alarms is not None:
                alarms.send(last=True)
        return self.findings.as_json()

    def describe(self, result: dict[str, Any]) -> str:
        if result["ok"]:
            return _("静态文件完好：核对 %(checked)d 个文件。") % result
        lines = [describe(fault) for fault in self.findings.faults]
        lines += [_("%(host)s：核对期间一直在发布，请再执行一次。") % {"host": host} for host in result["unfinished"]]
        if result["not_told"]:
            lines.append(_("另有 %(more)d 处。") % {"more": result["not_told"]})
        return "\n".join(lines)

    def exit_status(self, result: dict[str, Any]) -> int:
        return 0 if result["ok"] else EXIT_FAULTS


def _place(options: dict[str, Any]) -> Place:
    root = options["root"] or Path(settings.DELIVERY_ROOT)
    # what is remembered of one root says nothing of another one
    usual = root.resolve() == Path(settings.DELIVERY_ROOT).resolve()
    return Place(
        root=root,
        key=options["key"] or Path(settings.DELIVERY_PUBLIC_KEY_FILE),
        memory=options["memory"] or (_own("memory") if usual else None),
        quarantine=_own("quarantine"),
        bounds=Bounds(all=settings.DELIVERY_QUARANTINE_BYTES),
    )


def _own(name: str) -> Path:
    return Path(settings.DELIVERY_VERIFIER_DIR) / name


def _sweep(place: Place, options: dict[str, Any], alarms: Alarms | None) -> Findings:
    tell = alarms.tell if alarms else None
    with verifier(place, repair=options["repair"], tell=tell) as means:
        hosts = None
        if options["site"]:
            hosts = hosts_of(means, options["site"])
            if not hosts:
                raise CommandError(_("没有站点 %(site)s 的静态版本。") % {"site": options["site"]})
        for _step in sweep(means, hosts):
            pass
        return means.findings


def _watch(place: Place, options: dict[str, Any], alarms: Alarms | None) -> Findings:
    total, state = Findings(), VerifierState(_own("state.json"))

    def tell(fault: Fault) -> None:
        total.add(fault)
        state.add(fault)
        if alarms is not None:
            alarms.tell(fault)

    def tick() -> None:
        state.write()
        if alarms is not None:
            alarms.send()

    with _until_stopped() as stopped:
        while not stopped():
            try:
                with verifier(place, repair=options["repair"], tell=tell) as means:
                    means.findings.quarantined = total.quarantined
                    watch = Watch(
                        means,
                        place.root,
                        every=options["every"],
                        stopped=stopped,
                        tick=tick,
                        swept=state.note_sweep,
                    )
                    logger.info(json.dumps({"event": "delivery_watch_begins", "root": str(place.root)}))
                    watch.run()
                total.checked += means.findings.checked
            except Unusable:
                if not total.checked or stopped():
                    raise
            if not stopped():
                time.sleep(_LOOKED_AGAIN)
    return total


@contextmanager
def _until_stopped() -> Iterator[Any]:
    """Yields a function that says whether SIGTERM or SIGINT has come."""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda got, _frame: asked.append(got)) for number in _SIGNALS}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
