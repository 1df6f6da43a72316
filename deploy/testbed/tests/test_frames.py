"""Fields of frames."""

import struct

from testbed import frames as fields


def checksum_holds(frame: bytes) -> bool:
    total = sum(struct.unpack("!10H", frame[14:34]))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total == 0xFFFF


def test_ttl_goes_down_and_the_checksum_stays_right(frames):
    for ttl in (2, 64, 128, 255):
        for hops in (1, 5, 17):
            frame = bytearray(frames.ipv4(17, "10.0.0.1", "198.51.100.9", frames.udp(1, 2), ttl=ttl))
            alive = fields.decrement_ttl(frame, *fields.network_layer(frame), hops)
            assert alive == (ttl > hops)
            if alive:
                assert frame[22] == ttl - hops
                assert checksum_holds(frame)


def test_hop_limit_goes_down(frames):
    frame = bytearray(frames.ipv6(17, "2001:db8::1", "2001:db8::2", frames.udp(1, 2), hops=64))
    assert fields.decrement_ttl(frame, *fields.network_layer(frame), 3)
    assert frame[21] == 61


def test_vlan_tag_comes_and_goes(frames):
    plain = frames.ipv4(6, "10.0.0.1", "10.0.0.2", frames.tcp(1, 2))
    tagged = fields.with_vlan(plain, 42)
    assert fields.network_layer(tagged) == (0x0800, 18)
    assert fields.without_vlan(tagged) == plain
    assert fields.without_vlan(plain) == plain


def test_payload_starts_behind_tcp_options(frames):
    frame = frames.ipv4(6, "10.0.0.1", "10.0.0.2", frames.tcp(1, 2, b"GET /", options=bytes(12)))
    assert frame[fields.payload_offset(frame) :] == b"GET /"


def test_payload_starts_behind_ipv6_extension_headers(frames):
    hop_by_hop = bytes([17, 0]) + bytes(6)
    frame = frames.ipv6(0, "2001:db8::1", "2001:db8::2", hop_by_hop + frames.udp(1, 2, b"data"))
    assert frame[fields.payload_offset(frame) :] == b"data"


def test_short_and_foreign_frames_have_no_payload():
    assert fields.payload_offset(bytes(12) + b"\x08\x06" + bytes(28)) == 42
    assert fields.payload_offset(b"\0" * 5) == 5
