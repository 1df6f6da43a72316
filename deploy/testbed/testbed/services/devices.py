"""Small devices and tunnels: CoAP and OpenVPN."""

from __future__ import annotations

from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit


class Coap(Service):
    """libcoap."""

    label, port, protocols = "COAP", 5683, ("udp",)
    packages, programs = ("libcoap3-bin",), ("coap-server-notls", "coap-client-notls")

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.spawn("coap-server-notls", "-A", "::", "-p", port, "-d", 100)

    def _url(self, visit: Visit, path: str) -> str:
        return f"coap://{visit.authority}/{path}"

    @client("coap-client get")
    def get(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 5)):
            confirmable = visit.rng.choice(([], ["-N"]))
            path = visit.rng.choice(("time", ".well-known/core", "async?1", "example_data", "absent"))
            visit.run("coap-client-notls", "-B", 4, *confirmable, "-m", "get", self._url(visit, path))

    @client("coap-client put")
    def put(self, visit: Visit) -> None:
        block = ["-b", visit.rng.choice((64, 256, 512))]
        text = visit.words(visit.rng.randint(3, 200))
        visit.run("coap-client-notls", "-B", 6, *block, "-m", "put", "-e", text, self._url(visit, "example_data"))

    @client("coap-client observe")
    def observe(self, visit: Visit) -> None:
        visit.run("coap-client-notls", "-B", visit.rng.randint(3, 8), "-s", 6, "-m", "get", self._url(visit, "time"))


class Openvpn(Service):
    """OpenVPN over UDP and TCP, with pings through the tunnel."""

    label, port, protocols, weight = "OpenVPN", 1194, ("udp", "tcp"), 4
    packages, programs = ("openvpn", "iputils-ping"), ("openvpn", "ping")

    def start(self, site: Site) -> None:
        for number, port in enumerate(site.ports):
            for kind, protocol in enumerate(("udp6", "tcp6-server")):
                tls = ["--ca", PKI / "ca.pem", "--cert", PKI / "rsa.pem", "--key", PKI / "rsa.key", "--dh", "none"]
                net = ["--server", f"10.{200 + number * 2 + kind}.0.0", "255.255.255.0", "--dev", "tun"]
                login = ["--verify-client-cert", "none", "--auth-user-pass-verify", "/bin/true", "via-file"]
                rest = ["--script-security", 2, "--duplicate-cn", "--keepalive", 5, 20, "--username-as-common-name"]
                site.spawn("openvpn", "--proto", protocol, "--port", port, *tls, *net, *login, *rest)

    def _tunnel(self, visit: Visit, protocol: str) -> None:
        login = visit.file("login", f"{visit.rng.choice(WORDS)}\nsecret\n")
        seconds = visit.rng.randint(4, 9)
        suffix = "6" if visit.family == 6 else "4"
        tls = f"--client --nobind --ca {visit.ca} --auth-user-pass {login} --auth-nocache"
        # The server's first address in the tunnel is the same for both ports of a protocol but for its second number.
        index = visit.site.ports.index(visit.port) * 2 + (protocol == "tcp")
        inner = f"10.{200 + index}.0.1"
        connect = f"openvpn --proto {protocol}{suffix} --remote {visit.address} {visit.port} --dev tun {tls}"
        traffic = (
            f"sleep 2.5; ping -n -i 0.3 -c {seconds * 2} -w {seconds} -s {visit.rng.choice((56, 400, 1200))} {inner}"
        )
        visit.shell(f"({connect} & echo $! > pid); {traffic}; kill $(cat pid); sleep 0.5", timeout=30)
        visit.statuses.clear()

    @client("openvpn UDP")
    def datagrams(self, visit: Visit) -> None:
        self._tunnel(visit, "udp")

    @client("openvpn TCP")
    def stream(self, visit: Visit) -> None:
        self._tunnel(visit, "tcp")
