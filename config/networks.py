"""Addresses and networks as a setting names them."""

import ipaddress

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(text: str) -> tuple[Network, ...]:
    """The networks of a text with commas or blanks between; an address is a network of one.

    Raises ValueError with what is wrong, in words.
    """
    found = []
    for word in text.replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(word.strip("[]")))
        except ValueError as error:
            raise ValueError(
                f"里的“{word}”不是 IP 地址或者网段（如 127.0.0.1、10.1.0.0/16、::1），几个用逗号分开"
            ) from error
        if found[-1].prefixlen == 0:
            raise ValueError(f"里的“{word}”是所有的地址：只写前面那几台代理服务器的")
    return tuple(found)
