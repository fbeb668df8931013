from .domain import Domain
from .fleet import FleetMigration, TemplateDump
from .site_fault import SiteFault
from .tenant import Tenant

__all__ = ["Domain", "FleetMigration", "SiteFault", "TemplateDump", "Tenant"]
