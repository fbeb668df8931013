"""The demo province: sites, people, and content in every stage of review."""

from typing import Any

from govplatform.verbs import VerbCommand
from sites.demo.loading import load_demo


class Command(VerbCommand):
    help = "Fill the platform with the demo province; may be run again, and goes on where it was broken off."

    def run(self, **options: Any) -> dict[str, Any]:
        return load_demo(self.progress).as_json()

    def describe(self, result: dict[str, Any]) -> str:
        return (
            f"演示省：{result['sites']} 个站点，{result['people']} 个账号，{result['pages']} 条信息"
            f"（本次新写 {result['created']} 条），用时 {result['seconds']} 秒。"
        )
