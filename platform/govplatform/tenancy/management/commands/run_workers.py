"""The verb ``run_workers``: the workers of some queues in one process, each with its own slots; ``serve`` starts it."""

import asyncio
import contextlib
import os
import signal
from asyncio import ALL_COMPLETED, FIRST_COMPLETED
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from govplatform.tenancy.queues import QUEUES, get_queue
from govplatform.tenancy.worker_connector import worker_connector

#: Workers are told of what is queued and of locks that are free; this is for what was said while they looked.
POLL_SECONDS = 1.0
#: So long a job may go on after the process was told to stop; the queue brings back what did not end.
GRACEFUL_SECONDS = 8.0
#: So much a process gives way that nobody waits for: web, publisher and urgent work get about three times its share.
_NICE = 5
#: What a worker does besides its jobs in a thread: hardly ever more than one thing at once.
_SPARE_THREADS = 2


class Command(BaseCommand):
    help = "Work through the named queues until told to stop; whatever fills one of them, the others go on."

    def add_arguments(self, parser: CommandParser) -> None:
        names = [queue.name for queue in QUEUES]
        parser.add_argument(
            "queues", nargs="+", choices=names, metavar="QUEUE", help=f"a queue to work through: {', '.join(names)}"
        )
        parser.add_argument(
            "--graceful-seconds",
            type=float,
            default=GRACEFUL_SECONDS,
            metavar="SECONDS",
            help="so long running jobs may go on after the process was told to stop (default: 8)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if all(get_queue(name).gives_way for name in options["queues"]):
            os.nice(_NICE)
        with app.replace_connector(worker_connector()):
            asyncio.run(run_workers(options["queues"], graceful_seconds=options["graceful_seconds"]))


async def run_workers(
    names: list[str],
    *,
    graceful_seconds: float = GRACEFUL_SECONDS,
    wait: bool = True,
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Run one worker for each of the queues ``names``, side by side, until SIGTERM or SIGINT.

    ``graceful_seconds``: how long running jobs may go on after the signal. ``wait`` False: end when no job is left.
    ``poll_seconds``: how often a worker looks for jobs of which it was not told. When one worker ends, all end, and its
    error is raised: whoever started the process starts it anew.
    """
    loop = asyncio.get_running_loop()
    threads = sum(get_queue(name).slots for name in names) + _SPARE_THREADS
    loop.set_default_executor(ThreadPoolExecutor(threads, thread_name_prefix="jobs"))
    async with app.open_async():
        working = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[name],
                    name=name,
                    concurrency=get_queue(name).slots,
                    wait=wait,
                    fetch_job_polling_interval=poll_seconds,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=graceful_seconds,
                )
            )
            for name in dict.fromkeys(names)
        ]
        with _stopped_by_signals(loop, working):
            try:
                await asyncio.wait(working, return_when=FIRST_COMPLETED if wait else ALL_COMPLETED)
            finally:
                _stop(working)
                results = await asyncio.gather(*working, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


def _stop(working: Iterable[asyncio.Task[None]]) -> None:
    for worker in working:
        worker.cancel()


@contextlib.contextmanager
def _stopped_by_signals(loop: asyncio.AbstractEventLoop, working: list[asyncio.Task[None]]) -> Iterator[None]:
    heard = []
    for number in (signal.SIGTERM, signal.SIGINT):
        # Only the main thread of a process hears signals.
        with contextlib.suppress(ValueError, RuntimeError):
            loop.add_signal_handler(number, _stop, working)
            heard.append(number)
    yield
    for number in heard:
        loop.remove_signal_handler(number)
