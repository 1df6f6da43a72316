"""Name services: plain DNS, DNS over TLS, DNS over HTTPS, and the resolver that all hosts use."""

from __future__ import annotations

from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit

_TYPES = ("A", "A", "A", "AAAA", "AAAA", "MX", "TXT", "NS", "SOA", "PTR", "SRV", "HTTPS")


def zone() -> str:
    """Local data of an unbound server: made-up names below .example and .test."""
    lines = []
    for i, word in enumerate(WORDS):
        for j, other in enumerate(WORDS[:12]):
            name = f"{other}.{word}.example."
            lines.append(f'local-data: "{name} 300 IN A 203.0.113.{(i * 12 + j) % 254 + 1}"')
            lines.append(f'local-data: "{name} 300 IN AAAA 2001:db8:113::{i * 12 + j + 1:x}"')
        lines.append(f'local-data: "{word}.example. 3600 IN MX 10 mail.{word}.example."')
        lines.append(f'local-data: "{word}.example. 3600 IN TXT \\"v=spf1 ip4:203.0.113.0/24 -all {"x" * (i * 8)}\\""')
        lines.append(f'local-data: "_sip._udp.{word}.example. 60 IN SRV 1 1 5060 sip.{word}.example."')
    # An answer that does not fit a datagram, so that clients fall back to TCP.
    lines += [f'local-data: "big.example. 60 IN TXT \\"{w * 30}\\""' for w in WORDS]
    return "\n".join("  " + line for line in lines)


def unbound(site: Site, ports: tuple[int, ...], extra: str = "") -> None:
    """One unbound that answers from local data only; it never asks anyone else."""
    interfaces = "\n".join(f"  interface: {a}@{p}" for p in ports for a in (site.v4, site.v6))
    config = site.file(
        f"unbound-{ports[0]}.conf",
        f"""
server:
  username: ""
  chroot: ""
  use-syslog: no
  pidfile: ""
  directory: "{site.directory}"
  do-daemonize: no
  num-threads: 1
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  module-config: "iterator"
  local-zone: "." static
  tls-service-key: "{PKI}/rsa.key"
  tls-service-pem: "{PKI}/rsa.chain.pem"
{interfaces}
{extra}
{zone()}
remote-control:
  control-enable: no
""",
    )
    site.spawn("unbound", "-d", "-c", config)


def question(visit: Visit) -> list[str]:
    """A name and type to ask for; some names do not exist."""
    rng = visit.rng
    kind = rng.choice(_TYPES)
    if kind == "PTR":
        return ["-x", f"203.0.113.{rng.randrange(1, 255)}"]
    if rng.random() < 0.08:
        return ["big.example", "TXT"]
    label = rng.choice(WORDS) if rng.random() < 0.85 else f"{rng.getrandbits(40):x}"
    domain = rng.choice(("example", "example", "test"))
    prefix = "_sip._udp." if kind == "SRV" else "" if kind in ("MX", "TXT") else f"{rng.choice(WORDS[:12])}."
    return [f"{prefix}{label}.{domain}", kind]


class Dns(Service):
    """DNS over UDP and TCP."""

    label, port, protocols = "DNS", 53, ("udp", "tcp")
    packages, programs = ("unbound", "bind9-dnsutils", "knot-dnsutils"), ("unbound", "dig", "kdig")
    weight = 10

    def start(self, site: Site) -> None:
        unbound(site, site.ports)

    @client("dig")
    def dig(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 5)):
            options = visit.rng.sample(["+dnssec", "+noedns", "+nocookie", "+bufsize=1232", "+noadflag"], 2)
            visit.run("dig", f"@{visit.address}", "-p", visit.port, *question(visit), *options)

    @client("dig +tcp")
    def dig_tcp(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 2)):
            visit.run("dig", f"@{visit.address}", "-p", visit.port, "+tcp", *question(visit))

    @client("kdig")
    def kdig(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 5)):
            options = visit.rng.sample(["+edns", "+padding=128", "+nocookie", "+nsid"], 2)
            visit.run("kdig", f"@{visit.address}", "-p", visit.port, *options, *question(visit))

    @client("kdig +keepopen (TCP)")
    def kdig_stream(self, visit: Visit) -> None:
        names = [part for _ in range(visit.rng.randint(2, 5)) for part in question(visit)]
        visit.run("kdig", f"@{visit.address}", "-p", visit.port, "+tcp", "+keepopen", *names)

    @client("stub resolver")
    def stub(self, visit: Visit) -> None:
        visit.python("dns_stub", visit.address, visit.port, visit.rng.randint(4, 12), visit.rng.getrandbits(32))


class Dot(Service):
    """DNS over TLS."""

    label, port, packages, programs = "TLS", 853, Dns.packages, ("unbound", "kdig")

    def start(self, site: Site) -> None:
        for port in site.ports:
            unbound(site, (port,), f"  tls-port: {port}")

    @client("kdig +tls")
    def kdig(self, visit: Visit) -> None:
        visit.run("kdig", f"@{visit.address}", "-p", visit.port, "+tls", *question(visit))

    @client("kdig +tls +keepopen")
    def stream(self, visit: Visit) -> None:
        names = [part for _ in range(visit.rng.randint(2, 8)) for part in question(visit)]
        options = ["+tls-hostname=dot.example", f"+tls-ca={visit.ca}", "+padding"]
        visit.run("kdig", f"@{visit.address}", "-p", visit.port, *options, "+keepopen", *names)


class Doh(Service):
    """DNS over HTTPS."""

    label, port, packages = "TLS", 443, (*Dns.packages, "curl")
    programs = ("unbound", "kdig", "curl")

    def start(self, site: Site) -> None:
        for port in site.ports:
            unbound(site, (port,), f"  https-port: {port}")

    @client("kdig +https")
    def kdig(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 2)):
            visit.run("kdig", f"@{visit.address}", "-p", visit.port, "+https", *question(visit))

    @client("curl --doh-url")
    def curl(self, visit: Visit) -> None:
        # curl asks the DoH server for a name, and then fails to reach the address it got: no such host exists.
        name = f"{visit.rng.choice(WORDS[:12])}.{visit.rng.choice(WORDS)}.example"
        url = f"https://{visit.authority}/dns-query"
        visit.run("curl", "-sk", "--doh-insecure", "-m", "0.8", "--doh-url", url, f"http://{name}/")
        visit.statuses.clear()


class Resolver(Service):
    """The recursive resolver in every host's resolv.conf: its flows come with all other sessions."""

    label, port, protocols, weight = "DNS", 53, ("udp", "tcp"), 5
    packages, programs = ("dnsmasq-base", "bind9-dnsutils"), ("dnsmasq", "host", "nslookup")
    ambient, fixed_port = "glibc resolver", True

    def start(self, site: Site) -> None:
        records = [f"host-record={s.dns_name},{s.v4},{s.v6},120" for s in site.sites.values()]
        records += [f"cname=www.{s.dns_name},{s.dns_name}" for s in site.sites.values()]
        records += [f"host-record={a}.{b}.test,203.0.113.7,2001:db8:113::7" for a in WORDS[:9] for b in WORDS]
        config = site.file("dnsmasq.conf", "no-resolv\nno-hosts\nlocal=/example/test/\n" + "\n".join(records))
        site.spawn("dnsmasq", "-k", "-u", "root", "-x", site.directory / "pid", "-C", config)

    @client("host")
    def host(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("host", "-W", "3", f"{visit.rng.choice(WORDS[:9])}.{visit.rng.choice(WORDS)}.test", visit.address)

    @client("nslookup")
    def nslookup(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("nslookup", f"www.{visit.rng.choice(list(visit.site.sites.values())).dns_name}", visit.address)

    @client("getent")
    def getent(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("getent", "ahosts", f"{visit.rng.choice(WORDS[:9])}.{visit.rng.choice(WORDS)}.test")
