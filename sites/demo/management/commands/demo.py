"""The command ``demo``, which ``make demo`` runs: prepare, fill, serve; Ctrl-C ends everything that was started."""

import gc
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext as _

from govplatform import embedded
from govplatform.lifecycle.actions import initialise_platform
from govplatform.serving import AlreadyRunning, Supervisor
from govplatform.serving.management.commands.serve import port_number
from govplatform.serving.processes import platform_children
from govplatform.serving.readiness import platform_is_current
from govplatform.serving.run_record import RunFolder
from govplatform.serving.static_files import collect_static_files
from govplatform.tenancy.fleet import migrate_fleet
from sites.demo.load_archive import load_archive
from sites.demo.load_arrival import load_arrival
from sites.demo.load_search import load_search
from sites.demo.load_sites import FEW_COLLECTIONS
from sites.demo.loading import is_loaded

#: What `--reset` removes below var/. Nothing else is touched.
_DEMO_DATA = ("pg", "media", "static", "static.stamp", "secret_key", "archives", "archive_key.pem", "papers", "demo")


class Command(BaseCommand):
    help = "Prepare the demo province and serve it."
    requires_system_checks: list[str] = []  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=port_number, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--reset", action="store_true", help="throw the demo's data away and begin again")
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *args: Any, **options: Any) -> None:
        var_dir = Path(settings.VAR_DIR)
        self._refuse_when_running(var_dir, options["port"])
        if options["reset"]:
            self._reset(var_dir)
        uses_embedded = "EMBEDDED" in settings.DATABASES["default"]
        # The marker survives kill -9, so that the next run knows it may stop the database server.
        marker = var_dir / "run" / "demo-owns-database"
        owns_database = uses_embedded and (marker.exists() or not embedded.status(var_dir).running)
        if owns_database:
            marker.parent.mkdir(parents=True, exist_ok=True)
            marker.touch()
        try:
            self._prepare()
            connections.close_all()
            if options["no_serve"]:
                return
            port = options["port"]
            self.stdout.write(
                "\n"
                + _(
                    "演示省已就绪：\n\n    http://localhost:%(port)s/\n\n"
                    "起始页列出全部网站、管理后台和演示账号。Ctrl-C 结束。"
                )
                % {"port": port}
                + "\n"
            )
            self.stdout.flush()
            status = Supervisor(platform_children(port, options["workers"]), var_dir, port=port).run()
        finally:
            connections.close_all()
            if owns_database:
                embedded.stop(var_dir)
                marker.unlink(missing_ok=True)
        sys.exit(status)

    def _refuse_when_running(self, var_dir: Path, port: int) -> None:
        folder = RunFolder(var_dir)
        try:
            folder.acquire(port)
        except AlreadyRunning as error:
            raise CommandError(str(error)) from None
        folder.release()

    def _reset(self, var_dir: Path) -> None:
        if "EMBEDDED" not in settings.DATABASES["default"]:
            raise CommandError(
                _("DATABASE_URL 指向外部数据库，这里不代为清空。请自行新建一个空数据库，再执行 make demo。")
            )
        self.stdout.write(_("正在清空演示数据 ……"))
        embedded.stop(var_dir)
        for name in _DEMO_DATA:
            path = var_dir / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        # the key was read when the settings were loaded; the next process must find the same one
        (var_dir / "secret_key").write_text(settings.SECRET_KEY)
        (var_dir / "secret_key").chmod(0o600)

    def _prepare(self) -> None:
        started = time.monotonic()
        usual = gc.get_threshold()
        gc.set_threshold(*FEW_COLLECTIONS)
        try:
            self._fill()
        finally:
            # What serves afterwards is other processes.
            gc.set_threshold(*usual)
        self.stdout.write(_("准备用时 %(seconds).1f 秒。") % {"seconds": time.monotonic() - started})

    def _fill(self) -> None:
        if not platform_is_current():
            self.stdout.write(_("正在初始化平台（首次约需二十秒）……"))
            self.stdout.flush()
            initialise_platform()
            report = migrate_fleet()
            if report.failed:
                names = "、".join(failure["site"] for failure in report.failed)
                raise CommandError(_("以下站点未能迁移：%(sites)s。请执行 migrate_fleet 查看原因。") % {"sites": names})
        if not is_loaded():
            # Whoever follows along in a file sees no counter, and this is the longest part.
            self.stdout.write(_("正在写入演示内容（首次约需一分钟）……"))
            self.stdout.flush()
        call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
        if problem := load_search():
            self.stdout.write(problem)
        if collect_static_files():
            self.stdout.write(_("静态文件已更新。"))
        # After the static files, which belong to what is archived.
        if load_archive():
            self.stdout.write(_("演示归档已制作。"))
        if load_arrival():
            self.stdout.write(_("演示旧网站已上传并预检。"))
