"""The verb ``run_publisher``: bring the files of all sites in line with what is published until told to stop."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from govplatform.delivery.publisher import Publisher


class Command(BaseCommand):
    help = "Render what changes on any site, sign it and put the files in place; ``serve`` starts it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Takes none of its own."""

    def handle(self, *args: Any, **options: Any) -> None:
        publisher = Publisher()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_arguments: publisher.stop())
        publisher.run()
