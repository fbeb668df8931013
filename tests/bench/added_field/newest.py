"""Which migration of an app comes last."""

import pkgutil
from types import ModuleType


def newest_migration(package: ModuleType) -> str:
    """Name of the app's newest migration, by number."""
    return max(module.name for module in pkgutil.iter_modules(package.__path__))
