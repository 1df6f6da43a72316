"""Log-in services of an organisation: Kerberos, RADIUS, NetBIOS names."""

from __future__ import annotations

from pathlib import Path

from ..accounts import PASSWORD, USER
from ..service import Service, Site, client
from ..visit import Visit

_REALM = "EXAMPLE.TEST"


class Kerberos(Service):
    """MIT Kerberos: tickets over UDP and TCP."""

    label, port, protocols = "Kerberos", 88, ("udp", "tcp")
    packages = ("krb5-kdc", "krb5-admin-server", "krb5-user")
    programs = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit", "kvno")

    def start(self, site: Site) -> None:
        ports = ",".join(map(str, site.ports))
        kdc = (
            f"[realms]\n{_REALM} = {{\n database_name = {site.directory}/db\n key_stash_file = {site.directory}/stash\n"
        )
        lines = f" acl_file = {site.directory}/acl\n kdc_listen = {ports}\n kdc_tcp_listen = {ports}\n}}\n"
        profile = site.file("kdc.conf", kdc + lines)
        plain = site.file("krb5.conf", f"[libdefaults]\ndefault_realm = {_REALM}\n")
        env = ["env", f"KRB5_KDC_PROFILE={profile}", f"KRB5_CONFIG={plain}"]
        site.run(*env, "kdb5_util", "create", "-s", "-r", _REALM, "-P", "master-key")
        for name in (USER, "host/files.example.test", "HTTP/intranet.example.test"):
            site.run(*env, "kadmin.local", "-r", _REALM, "-q", f"addprinc -pw {PASSWORD} {name}")
        site.spawn(*env, "krb5kdc", "-n", "-r", _REALM)

    def _env(self, visit: Visit, limit: int) -> dict:
        config = visit.file(
            "krb5.conf",
            f"[libdefaults]\ndefault_realm = {_REALM}\nudp_preference_limit = {limit}\ndns_lookup_kdc = false\n"
            f"[realms]\n{_REALM} = {{\n kdc = {visit.authority}\n}}\n",
        )
        return {"KRB5_CONFIG": str(config), "KRB5CCNAME": f"FILE:{visit.directory}/tickets"}

    def _login(self, visit: Visit, limit: int) -> None:
        env = self._env(visit, limit)
        visit.run("kinit", USER, text=PASSWORD + "\n", env=env)
        services = ["host/files.example.test", "HTTP/intranet.example.test"]
        visit.run("kvno", *services[: visit.rng.randint(1, 2)], env=env)

    @client("kinit and kvno UDP")
    def datagrams(self, visit: Visit) -> None:
        self._login(visit, 1465)

    @client("kinit and kvno TCP")
    def stream(self, visit: Visit) -> None:
        self._login(visit, 1)

    @client("kinit wrong password")
    def wrong(self, visit: Visit) -> None:
        visit.run("kinit", visit.rng.choice((USER, visit.words(1))), text="wrong\n", env=self._env(visit, 1465))
        visit.statuses.clear()


class Radius(Service):
    """FreeRADIUS with one user."""

    label, port, protocols = "Radius", 1812, ("udp",)
    packages, programs = ("freeradius", "freeradius-utils"), ("freeradius", "radclient")

    def start(self, site: Site) -> None:
        kinds = (("ipaddr", "*"), ("ipv6addr", "::"))
        listens = "".join(
            f"listen {{\n type = auth\n {k} = {a}\n port = {p}\n}}\n" for p in site.ports for k, a in kinds
        )
        anyone = (("ipv4addr", "0.0.0.0/0"), ("ipv6addr", "::/0"))
        clients = "".join(f"client {k} {{\n {k} = {a}\n secret = testing\n}}\n" for k, a in anyone)
        users = site.file("users", f'{USER} Cleartext-Password := "{PASSWORD}"\n\tReply-Message := "welcome"\n')
        site.file(
            "radiusd.conf",
            f"prefix = /usr\nlogdir = {site.directory}\nrun_dir = {site.directory}\nlog {{\n destination = stdout\n}}\n"
            f"security {{\n max_attributes = 200\n reject_delay = 0\n status_server = yes\n}}\n{clients}\n"
            "thread pool {\n start_servers = 1\n max_servers = 4\n min_spare_servers = 1\n max_spare_servers = 2\n}\n"
            f"modules {{\n pap {{\n }}\n chap {{\n }}\n files {{\n usersfile = {users}\n }}\n}}\n"
            f"server default {{\n{listens}authorize {{\n chap\n files\n pap\n}}\n"
            "authenticate {\n Auth-Type PAP {\n pap\n }\n Auth-Type CHAP {\n chap\n }\n}\n}\n",
        )
        site.spawn("freeradius", "-f", "-l", "stdout", "-d", site.directory)

    def _ask(self, visit: Visit, password: str, count: int) -> None:
        kind = visit.rng.choice(("User-Password", "CHAP-Password"))
        nas = f"NAS-Identifier={visit.words(1)},NAS-Port={visit.rng.randrange(99)},Calling-Station-Id=02-00-00-00-00-01"
        request = f"User-Name={USER},{kind}={password},{nas}\n\n" * count
        visit.run("radclient", "-t", 3, "-r", 2, visit.authority, "auth", "testing", text=request)

    @client("radclient")
    def login(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            self._ask(visit, PASSWORD, visit.rng.randint(1, 3))

    @client("radclient wrong password")
    def wrong(self, visit: Visit) -> None:
        self._ask(visit, visit.words(1), 1)
        visit.statuses.clear()


class Netbios(Service):
    """Samba's name service, asked by unicast."""

    label, port, protocols, fixed_port = "NetBIOS", 137, ("udp",), True
    packages, programs = ("samba", "samba-common-bin"), ("nmbd", "nmblookup")

    def start(self, site: Site) -> None:
        for name in ("state", "private", "lock", "cache", "run"):
            (site.directory / name).mkdir()
        folders = "\n".join(f"{d} directory = {site.directory}/{d}" for d in ("state", "lock", "cache"))
        config = site.file(
            "smb.conf",
            f"[global]\nnetbios name = FILES\nworkgroup = OFFICE\nserver string = files\nwins support = yes\n"
            f"interfaces = {site.v4}/24\nbind interfaces only = no\npid directory = {site.directory}/run\n"
            f"private dir = {site.directory}/private\n{folders}\nlog level = 0\n",
        )
        # nmbd wants a broadcast address to listen on; the testbed's hosts have none, being alone on their links.
        site.run("ip", "route", "add", "broadcast", "198.51.100.255", "dev", "eth0", "table", "local")
        Path("/run/samba").mkdir(exist_ok=True)
        site.spawn("nmbd", "-F", "--no-process-group", "--debug-stdout", "-s", config)

    def _tool(self, visit: Visit) -> list[str]:
        return ["nmblookup", "-s", "/dev/null", f"--option=interfaces={visit.host.v4}/24"]

    @client("nmblookup", ipv4_only=True)
    def lookup(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            name = visit.rng.choice(("FILES", "OFFICE", f"PC-{visit.rng.randrange(99)}"))
            visit.run(*self._tool(visit), "--recursion", f"--unicast={visit.address}", name, timeout=15)
        visit.statuses.clear()  # a name that is not there is part of the mix

    @client("nmblookup node status", ipv4_only=True)
    def status(self, visit: Visit) -> None:
        visit.run(*self._tool(visit), "-A", visit.address, timeout=15)
        visit.statuses.clear()
