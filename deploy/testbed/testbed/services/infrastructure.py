"""What networks run on: NTP, SNMP, syslog, DHCP, LDAP."""

from __future__ import annotations

from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit


class Ntp(Service):
    """chronyd."""

    label, port, protocols, weight = "NTP", 123, ("udp",), 4
    packages, programs = ("chrony", "ntpsec-ntpdig", "ntpsec-ntpdate"), ("chronyd", "ntpdig")

    def start(self, site: Site) -> None:
        for port in site.ports:
            text = f"local stratum 3\nallow all\nport {port}\ncmdport 0\npidfile {site.directory}/{port}.pid\n"
            config = site.file(f"chrony-{port}.conf", f"{text}bindcmdaddress /\n")
            # -x: it must tell the time, never set it.
            site.spawn("chronyd", "-d", "-x", "-u", "root", "-f", config)

    @client("chronyd")
    def chrony(self, visit: Visit) -> None:
        source = f"server {visit.address} port {visit.port} iburst maxsamples {visit.rng.randint(1, 4)}"
        visit.run(
            "chronyd",
            "-Q",
            "-x",
            "-u",
            "root",
            source,
            f"pidfile {visit.directory}/pid",
            "cmdport 0",
            "bindcmdaddress /",
        )

    @client("sntp devices")
    def devices(self, visit: Visit) -> None:
        visit.python("sntp", visit.address, visit.port, visit.rng.randint(2, 6), visit.rng.getrandbits(32))

    @client("ntpdig", own_port_only=True)
    def ntpdig(self, visit: Visit) -> None:
        visit.run("ntpdig", f"-{visit.family}", "-t", 3, "-p", visit.rng.randint(1, 4), visit.address)


class Snmp(Service):
    """net-snmp agent, versions 1, 2c and 3."""

    label, port, protocols = "SNMP", 161, ("udp",)
    packages, programs = ("snmpd", "snmp"), ("snmpd", "snmpget", "snmpwalk", "snmpbulkwalk")

    def start(self, site: Site) -> None:
        config = site.file(
            "snmpd.conf",
            "rocommunity public default -V net\nrocommunity6 public default -V net\nview net included .1.3.6.1.2.1\n"
            "createUser ada SHA ada-secret-1 AES ada-secret-2\nrouser ada authpriv -V net\n"
            "sysDescr Example Switch 24\nsysName switch.example\nsysLocation rack 4\nsysContact noc@example.test\n",
        )
        listen = [f"{kind}:{port}" for port in site.ports for kind in ("udp", "udp6")]
        site.file("state/.keep")
        site.spawn(
            "env", f"SNMP_PERSISTENT_DIR={site.directory}/state", "snmpd", "-f", "-Lo", "-C", "-c", config, *listen
        )

    def _target(self, visit: Visit) -> str:
        return f"udp6:[{visit.address}]:{visit.port}" if visit.family == 6 else f"udp:{visit.address}:{visit.port}"

    def _run(self, visit: Visit, tool: str, *arguments: object) -> None:
        visit.run(tool, "-m", "", "-t", 3, "-r", 1, *arguments)

    @client("snmpget v1")
    def get(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 4)):
            oids = [f".1.3.6.1.2.1.1.{visit.rng.randint(1, 6)}.0" for _ in range(visit.rng.randint(1, 4))]
            self._run(visit, "snmpget", "-v1", "-c", "public", self._target(visit), *oids)

    @client("snmpwalk v2c")
    def walk(self, visit: Visit) -> None:
        table = visit.rng.choice((".1.3.6.1.2.1.1", ".1.3.6.1.2.1.2", ".1.3.6.1.2.1.5"))
        self._run(visit, "snmpwalk", "-v2c", "-c", "public", self._target(visit), table)

    @client("snmpbulkwalk v3")
    def bulk(self, visit: Visit) -> None:
        secret = ["-l", "authPriv", "-u", "ada", "-a", "SHA", "-A", "ada-secret-1", "-x", "AES", "-X", "ada-secret-2"]
        self._run(
            visit,
            "snmpbulkwalk",
            "-v3",
            *secret,
            self._target(visit),
            visit.rng.choice((".1.3.6.1.2.1.1", ".1.3.6.1.2.1.31")),
        )

    @client("snmpget wrong community")
    def wrong(self, visit: Visit) -> None:
        self._run(visit, "snmpget", "-v2c", "-c", visit.words(1), self._target(visit), ".1.3.6.1.2.1.1.1.0")
        visit.statuses.clear()


class Syslog(Service):
    """rsyslogd over UDP and TCP."""

    label, port, protocols = "Syslog", 514, ("udp", "tcp")
    packages, programs = ("rsyslog", "bsdutils", "netcat-openbsd"), ("rsyslogd", "logger", "nc")

    def start(self, site: Site) -> None:
        inputs = "".join(f'input(type="{m}" port="{p}")\n' for p in site.ports for m in ("imudp", "imtcp"))
        modules = 'module(load="imudp")\nmodule(load="imtcp")\n'
        config = site.file(
            "rsyslog.conf", f'{modules}global(workDirectory="{site.directory}")\n{inputs}*.* /dev/null\n'
        )
        site.spawn("rsyslogd", "-n", "-f", config, "-i", site.directory / "pid")

    def _log(self, visit: Visit, *options: object) -> None:
        lines = "\n".join(
            f"{visit.rng.choice(WORDS)}d[{visit.rng.randrange(9999)}]: {visit.words(9)}"
            for _ in range(visit.rng.randint(1, 12))
        )
        where = [
            "-n",
            visit.address,
            "-P",
            visit.port,
            "-t",
            visit.words(1),
            "-p",
            f"local{visit.rng.randrange(8)}.info",
        ]
        visit.run("logger", *options, *where, text=lines + "\n")

    @client("logger UDP RFC 3164")
    def old(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 4)):
            self._log(visit, "--udp", "--rfc3164")
            visit.think(0.1, 1.5)

    @client("logger UDP RFC 5424")
    def new(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            self._log(visit, "--udp", "--rfc5424")

    @client("logger TCP")
    def stream(self, visit: Visit) -> None:
        self._log(visit, "--tcp", visit.rng.choice(("--octet-count", "--rfc5424")))

    @client("device long-lived TCP")
    def device(self, visit: Visit) -> None:
        lines = "; ".join(
            f"echo '<134>1 - device.example fw - - - {visit.words(8)}'; sleep {visit.rng.uniform(0.2, 2):.1f}"
            for _ in range(5)
        )
        visit.shell(f"({lines}) | nc -N -w 5 {visit.address} {visit.port}")


class Dhcp(Service):
    """ISC dhcpd: leases by broadcast, renewals and relayed requests by unicast."""

    label, port, protocols, exclusive, fixed_port = "DHCP", 67, ("udp",), True, True
    packages, programs = ("isc-dhcp-server", "udhcpc", "busybox"), ("dhcpd", "udhcpc")
    weight = 4

    def start(self, site: Site) -> None:
        ranges = (
            "subnet 10.16.0.0 netmask 255.240.0.0 {\n range 10.30.0.10 10.30.3.250;\n option routers 10.30.0.1;\n}\n"
        )
        config = site.file(
            "dhcpd.conf",
            f"authoritative;\ndefault-lease-time 600;\noption domain-name-servers 198.51.100.53;\n{ranges}"
            "subnet 198.51.100.0 netmask 255.255.255.0 {\n range 198.51.100.200 198.51.100.250;\n}\n",
        )
        leases = site.file("leases")
        site.spawn(
            "dhcpd",
            "-4",
            "-f",
            "-d",
            "-user",
            "root",
            "-group",
            "root",
            "-cf",
            config,
            "-lf",
            leases,
            "-pf",
            site.directory / "pid",
            "eth0",
        )

    @client("udhcpc")
    def udhcpc(self, visit: Visit) -> None:
        # /bin/true as its script: the lease is asked for, but the address is not used.
        options = ["-f", "-q", "-n", "-t", 3, "-T", 2, "-s", "/bin/true", "-i", "eth0"]
        visit.run("udhcpc", *options, *visit.rng.choice(([], ["-x", "hostname:device"], ["-V", "camera-2.1"])))

    @client("renewals")
    def renew(self, visit: Visit) -> None:
        visit.python("dhcp", "inform", visit.host.v4, visit.site.v4, visit.rng.randint(1, 2), visit.rng.getrandbits(32))

    @client("relay agent")
    def relay(self, visit: Visit) -> None:
        visit.python("dhcp", "relay", visit.host.v4, visit.site.v4, visit.rng.randint(1, 5), visit.rng.getrandbits(32))


class Ldap(Service):
    """OpenLDAP with a small directory."""

    label, port = "LDAP", 389
    packages, programs = ("slapd", "ldap-utils"), ("slapd", "slapadd", "ldapsearch", "ldapmodify", "ldapwhoami")

    def start(self, site: Site) -> None:
        (site.directory / "db").mkdir()
        schemas = "".join(f"include /etc/ldap/schema/{s}.schema\n" for s in ("core", "cosine", "inetorgperson"))
        config = site.file(
            "slapd.conf",
            f"{schemas}moduleload back_mdb\npidfile {site.directory}/pid\nTLSCertificateFile {PKI}/rsa.chain.pem\n"
            f"TLSCertificateKeyFile {PKI}/rsa.key\ndatabase mdb\nsuffix dc=example,dc=test\n"
            f"rootdn cn=admin,dc=example,dc=test\nrootpw secret\ndirectory {site.directory}/db\nindex uid eq\n",
        )
        entries = [
            "dn: dc=example,dc=test\nobjectClass: dcObject\nobjectClass: organization\ndc: example\no: Example\n"
        ]
        for i, word in enumerate(WORDS * 4):
            entries.append(
                f"dn: uid={word}{i},dc=example,dc=test\nobjectClass: inetOrgPerson\nuid: {word}{i}\ncn: {word} {i}\n"
                f"sn: {word}\nmail: {word}{i}@example.test\ntelephoneNumber: +1 555 01{i:02}\ndescription: {word * 9}\n"
            )
        ldif = site.file("data.ldif", "\n".join(entries))
        site.run("slapadd", "-f", config, "-l", ldif)
        urls = " ".join(f"ldap://[::]:{port} ldap://0.0.0.0:{port}" for port in site.ports)
        site.spawn("slapd", "-d", "0", "-f", config, "-h", urls)

    def _ldap(self, visit: Visit, tool: str, *arguments: object, text: str | None = None) -> None:
        visit.run(tool, "-H", f"ldap://{visit.authority}", *arguments, text=text, env={"LDAPTLS_REQCERT": "never"})

    @client("ldapsearch anonymous")
    def search(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            word = visit.rng.choice(WORDS)
            self._ldap(
                visit, "ldapsearch", "-x", "-LLL", "-b", "dc=example,dc=test", f"(uid={word[:3]}*)", "mail", "cn"
            )

    @client("ldapsearch paged bound")
    def paged(self, visit: Visit) -> None:
        bind = ["-x", "-D", "cn=admin,dc=example,dc=test", "-w", "secret"]
        page = visit.rng.choice((10, 25, 50))
        self._ldap(
            visit, "ldapsearch", *bind, "-E", f"pr={page}/noprompt", "-b", "dc=example,dc=test", "(objectClass=*)"
        )

    @client("ldapsearch STARTTLS")
    def starttls(self, visit: Visit) -> None:
        self._ldap(visit, "ldapsearch", "-x", "-ZZ", "-b", "dc=example,dc=test", f"(cn={visit.rng.choice(WORDS)}*)")

    @client("ldapmodify")
    def modify(self, visit: Visit) -> None:
        index = visit.rng.randrange(len(WORDS))
        name = f"uid={WORDS[index]}{index},dc=example,dc=test"
        change = f"dn: {name}\nchangetype: modify\nreplace: description\ndescription: {visit.words(12)}\n"
        self._ldap(visit, "ldapmodify", "-x", "-D", "cn=admin,dc=example,dc=test", "-w", "secret", text=change)

    @client("ldapwhoami wrong password")
    def wrong(self, visit: Visit) -> None:
        self._ldap(visit, "ldapwhoami", "-x", "-D", f"uid={visit.words(1)},dc=example,dc=test", "-w", "wrong")
        visit.statuses.clear()
