"""Ethernet, VLAN and IP fields of a frame, read and written in place."""

from __future__ import annotations

import struct

ETHERTYPE_IPV4 = 0x0800
ETHERTYPE_IPV6 = 0x86DD
ETHERTYPE_VLAN = 0x8100
ETHERNET_LENGTH = 14

_IPV6_EXTENSIONS = {0, 43, 60}  # hop-by-hop, routing, destination options: same length encoding
_IPV6_FRAGMENT = 44


def network_layer(frame: bytes) -> tuple[int, int]:
    """EtherType and offset of the network layer, behind any VLAN tags."""
    ethertype, offset = int.from_bytes(frame[12:14], "big"), ETHERNET_LENGTH
    while ethertype in (ETHERTYPE_VLAN, 0x88A8) and len(frame) >= offset + 4:
        ethertype = int.from_bytes(frame[offset + 2 : offset + 4], "big")
        offset += 4
    return ethertype, offset


def addresses(frame: bytes, ethertype: int, offset: int) -> tuple[bytes, bytes] | None:
    """Source and destination IP address, None for anything but IP."""
    if ethertype == ETHERTYPE_IPV4:
        return frame[offset + 12 : offset + 16], frame[offset + 16 : offset + 20]
    if ethertype == ETHERTYPE_IPV6:
        return frame[offset + 8 : offset + 24], frame[offset + 24 : offset + 40]
    return None


def decrement_ttl(frame: bytearray, ethertype: int, offset: int, hops: int) -> bool:
    """Lower TTL or hop limit; False when it ran out on the way."""
    if ethertype == ETHERTYPE_IPV6:
        if frame[offset + 7] <= hops:
            return False
        frame[offset + 7] -= hops
        return True
    if frame[offset + 8] <= hops:
        return False
    frame[offset + 8] -= hops
    # Incremental checksum update (RFC 1624): TTL is the high byte of its 16-bit word.
    checksum = int.from_bytes(frame[offset + 10 : offset + 12], "big") + (hops << 8)
    checksum = (checksum & 0xFFFF) + (checksum >> 16)
    frame[offset + 10 : offset + 12] = checksum.to_bytes(2, "big")
    return True


def transport_layer(frame: bytes, ethertype: int, offset: int) -> tuple[int, int, int]:
    """Protocol number, offset and fragment offset of what the IP header carries.

    The offset is that of the transport header, or of the bare data in a later fragment.
    """
    if ethertype == ETHERTYPE_IPV4:
        fragment = int.from_bytes(frame[offset + 6 : offset + 8], "big") & 0x1FFF
        return frame[offset + 9], offset + (frame[offset] & 0x0F) * 4, fragment
    protocol, at, fragment = frame[offset + 6], offset + 40, 0
    while len(frame) >= at + 8:
        if protocol in _IPV6_EXTENSIONS:
            protocol, at = frame[at], at + 8 + frame[at + 1] * 8
        elif protocol == _IPV6_FRAGMENT:
            fragment = int.from_bytes(frame[at + 2 : at + 4], "big") >> 3
            protocol, at = frame[at], at + 8
            if fragment:
                break
        else:
            break
    return protocol, at, fragment


def handshake(frame: bytes, at: int) -> tuple[bool, bool]:
    """The flags SYN and ACK of the TCP header at that offset."""
    flags = frame[at + 13] if len(frame) > at + 13 else 0
    return bool(flags & 0x02), bool(flags & 0x10)


def payload_offset(frame: bytes) -> int:
    """Where the transport payload starts; the frame's length when there is none to be found."""
    ethertype, offset = network_layer(frame)
    if ethertype not in (ETHERTYPE_IPV4, ETHERTYPE_IPV6) or len(frame) < offset + 20:
        return len(frame)
    protocol, at, fragment = transport_layer(frame, ethertype, offset)
    if fragment:
        return at
    if protocol == 6 and len(frame) >= at + 13:
        return at + (frame[at + 12] >> 4) * 4
    return at + 8  # UDP, ICMP and ICMPv6 headers


def with_vlan(frame: bytes, vlan: int) -> bytes:
    """The frame with an 802.1Q tag."""
    return bytes(frame[:12]) + struct.pack("!HH", ETHERTYPE_VLAN, vlan) + bytes(frame[12:])


def without_vlan(frame: bytes) -> bytes:
    """The frame without its outermost 802.1Q tag, if it has one."""
    if int.from_bytes(frame[12:14], "big") == ETHERTYPE_VLAN:
        return frame[:12] + frame[16:]
    return frame
