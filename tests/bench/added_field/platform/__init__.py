"""The articles' own migrations and, behind them, the one that is measured."""

from sites.articles import migrations

__path__ = [*__path__, *migrations.__path__]
