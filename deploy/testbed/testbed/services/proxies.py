"""Proxies: HTTP proxies and SOCKS. What they fetch comes from the testbed's web servers, behind the wire."""

from __future__ import annotations

from ..names import WORDS
from ..service import Service, Site, client
from ..visit import Visit


def destination(visit: Visit, scheme: str = "") -> str:
    """A page of a web server of the run."""
    scheme = scheme or visit.rng.choice(("http", "https"))
    target = visit.site.sites.get(scheme)
    host = target.dns_name if target else "absent.example"
    return f"{scheme}://{host}/{visit.rng.choice(WORDS)}.html"


class _HttpProxy(Service):
    """Clients of HTTP proxies."""

    label = "HTTP_Proxy"

    @client("curl through proxy")
    def curl(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("curl", "-sk", "-m", 25, "-x", f"http://{visit.authority}", destination(visit, "http"))

    @client("curl CONNECT")
    def connect(self, visit: Visit) -> None:
        visit.run("curl", "-sk", "-m", 25, "-x", f"http://{visit.authority}", destination(visit, "https"))

    @client("wget through proxy")
    def wget(self, visit: Visit) -> None:
        proxy = dict.fromkeys(("http_proxy", "https_proxy"), f"http://{visit.authority}")
        visit.run(
            "wget", "-q", "-O", "/dev/null", "--no-check-certificate", "-T", 20, "-t", 1, destination(visit), env=proxy
        )


class Squid(_HttpProxy):
    """squid."""

    port = 3128
    packages, programs = ("squid", "curl", "wget"), ("squid", "curl", "wget")

    def start(self, site: Site) -> None:
        site.directory.chmod(0o777)
        ports = "".join(f"http_port {port}\n" for port in site.ports)
        config = site.file(
            "squid.conf",
            f"{ports}http_access allow all\ncache_mem 16 MB\npid_filename none\naccess_log none\n"
            f"cache_log {site.directory}/cache.log\nshutdown_lifetime 1 second\n"
            f"cache_store_log none\ncoredump_dir {site.directory}\nvisible_hostname {site.dns_name}\n"
            f"pinger_enable off\ncache_effective_user proxy\nworkers 1\nlogfile_rotate 0\n",
        )
        site.spawn("squid", "-N", "-f", config)


class Tinyproxy(_HttpProxy):
    """tinyproxy, one per port."""

    port = 8888
    packages, programs = ("tinyproxy-bin", "curl", "wget"), ("tinyproxy", "curl", "wget")

    def start(self, site: Site) -> None:
        for port in site.ports:
            common = f'Port {port}\nTimeout 60\nMaxClients 50\nLogLevel Error\nPidFile "{site.directory}/{port}.pid"\n'
            config = site.file(f"tinyproxy-{port}.conf", f"{common}ConnectPort 443\n")
            site.spawn("tinyproxy", "-d", "-c", config)


class Socks(Service):
    """microsocks: SOCKS 5."""

    label, port = "SOCKS", 1080
    packages, programs = ("microsocks", "curl", "netcat-openbsd"), ("microsocks", "curl", "nc")

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.spawn("microsocks", "-i", "::", "-p", port)

    @client("curl --socks5")
    def local_names(self, visit: Visit) -> None:
        visit.run("curl", "-sk", "-m", 25, "--socks5", visit.authority, destination(visit))

    @client("curl --socks5-hostname")
    def remote_names(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("curl", "-sk", "-m", 25, "--socks5-hostname", visit.authority, destination(visit))

    @client("nc -X 5")
    def tunnel(self, visit: Visit) -> None:
        target = visit.site.sites.get("ssh") or visit.site.sites.get("smtp") or visit.site
        visit.shell(
            f"(sleep {visit.rng.uniform(0.5, 4):.1f}; echo QUIT)"
            f" | nc -N -w 6 -X 5 -x {visit.authority} {target.v4} {target.ports[0]}"
        )
        visit.statuses.clear()


class Dante(Service):
    """dante: SOCKS 4 and 5, with and without a login."""

    label, port, weight = "SOCKS", 1080, 2
    packages, programs = ("dante-server", "curl"), ("danted", "curl")

    def start(self, site: Site) -> None:
        rules = "client pass {\n from: 0/0 to: 0/0\n}\nsocks pass {\n from: 0/0 to: 0/0\n}\n"
        listens = "".join(f"internal: {a} port = {p}\n" for p in site.ports for a in (site.v4, site.v6))
        methods = "socksmethod: none\nclientmethod: none\nuser.privileged: root\nuser.unprivileged: nobody\n"
        config = site.file("danted.conf", f"logoutput: stderr\n{listens}external: eth0\n{methods}{rules}")
        site.spawn("danted", "-f", config, "-N", 2, "-p", site.directory / "pid")

    @client("curl --socks4", ipv4_only=True)
    def old(self, visit: Visit) -> None:
        visit.run("curl", "-sk", "-m", 25, "--socks4", visit.authority, "-4", destination(visit))

    @client("curl --socks5")
    def new(self, visit: Visit) -> None:
        visit.run("curl", "-sk", "-m", 25, "--socks5-hostname", visit.authority, destination(visit))
