from .address import Address
from .host import HostRules, ListedHost
from .unknown import UnknownPath

__all__ = ["Address", "HostRules", "ListedHost", "UnknownPath"]
