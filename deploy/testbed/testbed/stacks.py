"""Protocol stack settings that differ between hosts: what a passive fingerprint would see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stack:
    """Kernel settings of one network namespace."""

    name: str
    ttl: int
    timestamps: bool
    sack: bool
    window_scaling: bool
    receive_buffer: int
    send_buffer: int
    congestion_control: str
    initial_window: int  # segments a receiver announces at first; 0 leaves the kernel's choice
    ecn: int = 2
    advertised_mss: int = 0  # 0 follows from the MTU of the path

    def sysctls(self) -> dict[str, str]:
        """Settings as the names below /proc/sys."""
        return {
            "net/ipv4/ip_default_ttl": str(self.ttl),
            "net/ipv6/conf/all/hop_limit": str(self.ttl),
            "net/ipv6/conf/default/hop_limit": str(self.ttl),
            "net/ipv4/tcp_timestamps": str(int(self.timestamps)),
            "net/ipv4/tcp_sack": str(int(self.sack)),
            "net/ipv4/tcp_window_scaling": str(int(self.window_scaling)),
            "net/ipv4/tcp_rmem": f"4096 131072 {self.receive_buffer}",
            "net/ipv4/tcp_wmem": f"4096 16384 {self.send_buffer}",
            "net/ipv4/tcp_ecn": str(self.ecn),
            # A connection must not inherit what an earlier one measured: sessions stay independent.
            "net/ipv4/tcp_no_metrics_save": "1",
            "net/ipv6/conf/default/accept_dad": "0",
            "net/ipv6/conf/all/accept_dad": "0",
            "net/ipv6/conf/all/accept_ra": "0",
            "net/ipv6/conf/all/router_solicitations": "0",
            "net/ipv6/conf/default/router_solicitations": "0",
        }

    def route_options(self, mtu: int) -> str:
        """Options of the default route (ip-route(8))."""
        # By route, because the sysctl admits only what the whole machine allows to unprivileged programs.
        options = f" congctl {self.congestion_control}"
        if mtu < 1500:
            options += f" mtu {mtu}"
        if self.advertised_mss:
            options += f" advmss {min(self.advertised_mss, mtu - 60)}"
        if self.initial_window:
            options += f" initrwnd {self.initial_window}"
        return options


# Named after the systems whose visible defaults they take over. The order of the TCP options stays Linux's:
# the kernel has no setting for it (see README, "What is not real").
CLIENT_STACKS = (
    Stack("linux", 64, True, True, True, 33554432, 4194304, "cubic", 0),
    Stack("windows", 128, False, True, True, 16777216, 1048576, "cubic", 44, ecn=0),
    Stack("mac", 64, True, True, True, 4194304, 4194304, "cubic", 45, ecn=1),
    Stack("embedded", 255, False, False, False, 65535, 65536, "reno", 4, ecn=0, advertised_mss=1360),
)

SERVER_STACKS = (
    Stack("linux-bbr", 64, True, True, True, 33554432, 4194304, "bbr", 0),
    Stack("linux-cubic", 64, True, True, True, 6291456, 4194304, "cubic", 0),
    Stack("windows", 128, False, True, True, 16777216, 1048576, "cubic", 44, ecn=0),
    Stack("unix", 64, True, True, False, 65535, 131072, "reno", 22, ecn=0),
    Stack("appliance", 255, False, True, True, 262144, 131072, "reno", 10, ecn=0, advertised_mss=1440),
    Stack("balancer", 64, False, True, True, 4194304, 4194304, "bbr", 6, ecn=1, advertised_mss=1400),
)
