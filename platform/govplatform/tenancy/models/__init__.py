from .domain import Domain
from .fleet import FleetMigration, SchemaState, TemplateDump
from .tenant import Tenant

__all__ = ["Domain", "FleetMigration", "SchemaState", "TemplateDump", "Tenant"]
