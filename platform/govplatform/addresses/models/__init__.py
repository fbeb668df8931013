from .address import Address
from .draft import AddressDraft
from .host import HostRules, ListedHost
from .unknown import UnknownPath

__all__ = ["Address", "AddressDraft", "HostRules", "ListedHost", "UnknownPath"]
