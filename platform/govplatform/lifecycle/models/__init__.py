from .application import ApplicationDecision, ApplicationPaper, SiteApplication
from .dump import SiteDump
from .merge import Merge
from .notice import SiteNotice
from .opening import SiteBatch, SiteBatchRow, SiteOpening

__all__ = [
    "ApplicationDecision",
    "ApplicationPaper",
    "Merge",
    "SiteApplication",
    "SiteBatch",
    "SiteBatchRow",
    "SiteDump",
    "SiteNotice",
    "SiteOpening",
]
