"""The people and sites of the tests: two sites, a console, and an outsider each time."""

from dataclasses import dataclass

PASSWORD = "Test-password-2026"

#: site code -> (full name, kind, level, identity code, parent, theme)
SITES = {
    "alpha": ("云江省澄州市人民政府", "portal", "city", "5301000001", None, "portal"),
    "beta": ("澄州市白石县人民政府", "portal", "county", "5301210001", "alpha", "county"),
}


@dataclass(frozen=True)
class Player:
    username: str
    full_name: str
    roles: tuple[tuple[str, str], ...]


def _players() -> list[Player]:
    players = []
    for site, surname in (("alpha", "甲"), ("beta", "乙")):
        players += [
            Player(f"{site}_editor", f"{surname}编辑", ((site, "editor"),)),
            Player(f"{site}_editor2", f"{surname}编辑二", ((site, "editor"),)),
            Player(f"{site}_content", f"{surname}内审", ((site, "content-reviewer"),)),
            Player(f"{site}_secret", f"{surname}密审", ((site, "confidentiality-reviewer"),)),
            Player(f"{site}_admin", f"{surname}管理", ((site, "site-admin"),)),
            Player(f"{site}_auditor", f"{surname}审计", ((site, "auditor"),)),
            Player(f"{site}_clerk", f"{surname}受理", ((site, "clerk"),)),
        ]
    return [
        *players,
        Player("both_content", "双站内审", (("alpha", "content-reviewer"), ("beta", "content-reviewer"))),
        Player("operator", "平台运维", (("console", "operator"),)),
        Player("supervisor", "监管员", (("console", "supervisor"),)),
        Player("outsider", "外人", ()),
    ]


PLAYERS = _players()
