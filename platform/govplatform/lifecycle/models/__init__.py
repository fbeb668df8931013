from .application import ApplicationDecision, ApplicationPaper, SiteApplication
from .notice import SiteNotice
from .opening import SiteBatch, SiteBatchRow, SiteOpening

__all__ = [
    "ApplicationDecision",
    "ApplicationPaper",
    "SiteApplication",
    "SiteBatch",
    "SiteBatchRow",
    "SiteNotice",
    "SiteOpening",
]
