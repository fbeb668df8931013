"""The production-grade server with its queue workers, in the foreground."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from govplatform.serving import Supervisor
from govplatform.serving.processes import platform_children
from govplatform.serving.readiness import platform_is_current
from govplatform.serving.static_files import collect_static_files


def port_number(text: str) -> int:
    """A TCP port; raises ValueError outside 1-65535."""
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError(text)
    return number


class Command(BaseCommand):
    help = "Serve the platform; stops cleanly on SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        default = int(os.environ.get("PORT") or 8000)
        parser.add_argument("--port", type=port_number, default=default)
        parser.add_argument("--workers", type=int, default=max(2, os.cpu_count() or 2))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"] < 1:
            raise CommandError(_("--workers 至少为 1。"), returncode=2)
        if not platform_is_current():
            raise CommandError(
                _("数据库还没有初始化到当前版本，请先执行 init_platform（已有站点时执行 migrate_fleet）。")
            )
        collect_static_files()
        connections.close_all()
        children = platform_children(options["port"], options["workers"])
        self.stdout.write(_("正在提供服务：http://localhost:%(port)s（Ctrl-C 结束）") % {"port": options["port"]})
        self.stdout.flush()
        # Never gives up: a database that is away for minutes must not end the service.
        sys.exit(Supervisor(children, Path(settings.VAR_DIR), port=options["port"], give_up_after=None).run())
