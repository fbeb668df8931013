from .domain import Domain
from .fleet import FleetMigration, SchemaState, TemplateDump
from .site_fault import SiteFault
from .tenant import Tenant

__all__ = ["Domain", "FleetMigration", "SchemaState", "SiteFault", "TemplateDump", "Tenant"]
