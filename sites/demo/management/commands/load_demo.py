"""The command ``load_demo``: load the demo province with sites, people, and content in every stage of review."""

from typing import Any

from django.utils.translation import gettext as _

from govplatform.verbs import VerbCommand
from sites.demo.loading import load_demo


class Command(VerbCommand):
    help = "Fill the platform with the demo province; may be run again, and goes on where it was broken off."

    def run(self, **options: Any) -> dict[str, Any]:
        return load_demo(self.progress).as_json()

    def describe(self, result: dict[str, Any]) -> str:
        return (
            _(
                "演示省：%(sites)s 个站点，%(people)s 个账号，%(pages)s 条信息"
                "（本次新写 %(created)s 条），用时 %(seconds)s 秒。"
            )
            % result
        )
