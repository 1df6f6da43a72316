"""Flows of a capture."""

from testbed.flows import FlowTable

A, B = "10.20.0.5", "198.51.100.10"


def table(records) -> FlowTable:
    result = FlowTable()
    result.add_all(records)
    return result


def test_both_directions_are_one_flow_seen_from_the_first_sender(frames):
    there = frames.ipv4(6, A, B, frames.tcp(40000, 80))
    back = frames.ipv4(6, B, A, frames.tcp(80, 40000))
    (flow,) = table([frames.record(there, 1.5), frames.record(back, 1.75)]).flows
    assert (flow.source, flow.source_port, flow.destination, flow.destination_port) == (A, 40000, B, 80)
    assert (flow.packets, flow.start, flow.end) == (2, 1_500_000, 1_750_000)


def test_a_flow_is_cut_after_a_minute_of_silence(frames):
    frame = frames.ipv4(17, A, B, frames.udp(5000, 53))
    flows = table(frames.record(frame, at) for at in (1, 61, 121.5)).flows
    assert [flow.packets for flow in flows] == [2, 1]


def test_a_connection_that_nobody_accepts_is_in_vain(frames):
    syn, syn_ack, ack, reset = 0x02, 0x12, 0x10, 0x14
    there = {flags: frames.record(frames.ipv4(6, A, B, frames.tcp(40000, 80, flags=flags))) for flags in (syn, ack)}
    back = {flags: frames.record(frames.ipv4(6, B, A, frames.tcp(80, 40000, flags=flags))) for flags in (syn_ack, reset)}
    assert table([there[syn], back[reset]]).flows[0].in_vain
    assert table([there[syn], there[syn]]).flows[0].in_vain
    assert not table([there[syn], back[syn_ack], there[ack], back[reset]]).flows[0].in_vain
    assert not table([there[ack], back[reset]]).flows[0].in_vain  # what is left of a longer one


def test_vlan_tag_does_not_split_a_flow(frames):
    there = frames.ipv4(17, A, B, frames.udp(5000, 53), vlan=42)
    back = frames.ipv4(17, B, A, frames.udp(53, 5000))
    assert len(table([frames.record(there), frames.record(back)]).flows) == 1


def test_echo_request_and_reply_are_one_flow_with_types_as_ports(frames):
    request = frames.ipv4(1, A, B, bytes([8, 0]) + bytes(6))
    reply = frames.ipv4(1, B, A, bytes([0, 0]) + bytes(6))
    (flow,) = table([frames.record(request), frames.record(reply)]).flows
    assert (flow.source_port, flow.destination_port, flow.packets) == (8, 0, 2)


def test_icmp_error_has_type_and_code_as_ports(frames):
    (flow,) = table([frames.record(frames.ipv4(1, B, A, bytes([3, 3]) + bytes(6)))]).flows
    assert (flow.source_port, flow.destination_port) == (3, 3)


def test_later_fragments_belong_to_the_flow_of_the_first(frames):
    first = frames.ipv4(17, A, B, frames.udp(5000, 53, bytes(64)), fragment=0x2000)
    second = frames.ipv4(17, A, B, bytes(64), fragment=9)
    result = table([frames.record(first), frames.record(second)])
    assert [flow.packets for flow in result.flows] == [2]
    assert result.lost_fragments == 0


def test_fragment_without_its_first_and_arp_are_counted(frames):
    arp = bytes(12) + b"\x08\x06" + bytes(28)
    result = table([frames.record(frames.ipv4(17, A, B, bytes(64), fragment=9)), frames.record(arp)])
    assert (result.flows, result.lost_fragments, result.not_ip) == ([], 1, 1)
