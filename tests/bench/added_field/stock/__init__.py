"""The stock content's own migrations and, behind them, the one that is measured."""

from tests.bench.stock.content import migrations

__path__ = [*__path__, *migrations.__path__]
