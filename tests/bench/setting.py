"""What the measurements stand on: both sides' databases, filled as far as a figure needs."""

from typing import Any

from .crowd import crowd
from .server import STOCK, Server
from .sides import answer, ask, start

STOCK_RUNS = 5
LAST_RUNS = 5
READ_ARTICLES = 20


class Setting:
    """``sites``: how many sites the platform gets when a figure speaks of all of them."""

    def __init__(self, server: Server, sites: int) -> None:
        self.server = server
        self.sites = sites
        self._stock_seconds: list[float] = []
        self._platform_seconds: list[float] = []
        self._has_articles = False
        self._crowded = False
        self._paths: dict[str, str] = {}

    def stock_sites(self) -> list[float]:
        """Seconds of each site made the stock way."""
        if not self._stock_seconds:
            ask(self.server, "stock", "initialise")
            self._stock_seconds = ask(self.server, "stock", "open_sites", 1, STOCK_RUNS)["seconds"]
        return self._stock_seconds

    def stock_among_many(self) -> None:
        """The stock sites stand in a database with as many schemas as the platform's."""
        self.stock_sites()
        if not self._crowded:
            crowd(self.server, STOCK, "stock_1", max(0, self.sites - STOCK_RUNS))
            self._crowded = True

    def platform_sites(self, count: int) -> list[float]:
        """Seconds of each of the platform's sites, at least ``count`` of them."""
        have = len(self._platform_seconds)
        if not have:
            ask(self.server, "platform", "initialise")
        # The last ones in a process of their own, as an operator opens them: not after hundreds in one session.
        for last in (count - LAST_RUNS, count):
            if have < last:
                self._platform_seconds += ask(self.server, "platform", "open_sites", have + 1, last)["seconds"]
                have = last
        return self._platform_seconds

    def articles_to_read(self) -> None:
        """Twenty live articles on the first site of either side."""
        if self._has_articles:
            return
        self.stock_sites()
        self.platform_sites(1)
        for side in ("stock", "platform"):
            ask(self.server, side, "publish", 1, 1, READ_ARTICLES)
        self._has_articles = True

    def article_everywhere(self) -> dict[str, str]:
        """A live article on every site of the platform. Site code -> path."""
        if not self._paths:
            last = len(self.platform_sites(self.sites))
            middle = last // 2
            processes = [
                start(self.server, "platform", "publish", first, to, 1)
                for first, to in ((1, middle), (middle + 1, last))
            ]
            answers: list[dict[str, Any]] = [answer(process) for process in processes]
            self._paths = {code: path for found in answers for code, path in found["paths"].items()}
        return self._paths
