from .domain import Domain
from .fleet import FleetMigration, TemplateDump
from .tenant import Tenant

__all__ = ["Domain", "FleetMigration", "TemplateDump", "Tenant"]
