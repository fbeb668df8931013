"""Which IP addresses lead to the internet, which into internal networks, and which must never be asked."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address

#: Of IANA's registries of special-purpose addresses, what Python's ``is_global`` takes for the internet, in part or (in
#: some of its versions) as a whole; and what stands in documents only.
_SPECIAL = tuple(
    ip_network(network)
    for network in (
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.175.48.0/24",
        "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
        "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20", "5f00::/16",
        "fec0::/10",
    )
)  # fmt: skip
#: IPv4 addresses stand in the last four bytes of these (RFC 6052).
_TRANSLATED = ip_network("64:ff9b::/96")
#: Teredo, ORCHID and others (RFC 2928); what of it carries an IPv4 address is looked at by that.
_PROTOCOLS = ip_network("2001::/23")


def is_never_asked(text: str) -> bool:
    """Whether the IP address is this machine's, link-local, multicast or of a special purpose.

    So is an IPv6 address that carries such an IPv4 address. Raises ValueError for what is no address.
    """
    return any(_is_special(one) for one in _led_to(text))


def is_on_the_internet(text: str) -> bool:
    """Whether the IP address can be reached by anybody. Raises ValueError for what is no address."""
    return not is_never_asked(text) and all(one.is_global for one in _led_to(text))


def _led_to(text: str) -> list[Address]:
    """The address itself, or where the IPv4 addresses lead that it carries."""
    address = ip_address(text.split("%")[0])
    if isinstance(address, IPv4Address):
        return [address]
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _TRANSLATED:
        carried.append(IPv4Address(int(address) & 0xFFFFFFFF))
    found = [one for one in carried if one is not None]
    return list(found) or [address]


def _is_special(one: Address) -> bool:
    if one.is_loopback or one.is_link_local or one.is_unspecified or one.is_multicast or one.is_reserved:
        return True
    return one in _PROTOCOLS or any(one in network for network in _SPECIAL)
