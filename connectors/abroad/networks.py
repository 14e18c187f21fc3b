"""Which addresses belong to everybody's network, and which to somebody's own."""

from ipaddress import IPv4Address, IPv6Address, ip_network

Address = IPv4Address | IPv6Address

NOT_PUBLIC_4 = tuple(
    ip_network(each)
    for each in (
        "0.0.0.0/8",  # this network; 0.0.0.0 is this machine
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT; also where one cloud answers who runs a machine
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # where another cloud does
        "169.254.0.0/16",  # this link, where most clouds do
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; again a cloud's
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # once the relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast
    )
)
"""From the IANA registry of special addresses (RFC 6890), what clouds use, and multicast."""

PUBLIC_6 = ip_network("2000::/3")
"""All that was ever given out. What is beyond is this machine, this link, private, multicast, or nothing yet."""

NOT_PUBLIC_6 = tuple(
    ip_network(each)
    for each in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which holds an address of version 4 of anybody's choice
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)

TRANSLATED = ip_network("64:ff9b::/96")
"""Where a network that speaks only version 6 reaches version 4 (RFC 6052): the last 32 bits are that address."""


def meant(address: Address) -> Address:
    """The address of version 4 that one of version 6 holds, where it does; else the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in TRANSLATED:
            return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether an address is one of everybody's network. What holds another address is judged by that one."""
    address = meant(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)
