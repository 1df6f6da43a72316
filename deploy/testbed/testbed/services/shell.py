"""Remote shells: OpenSSH, Dropbear and Telnet."""

from __future__ import annotations

from pathlib import Path

from .. import accounts
from ..accounts import PASSWORD, USER
from ..service import Service, Site, client
from ..visit import Visit

_COMMANDS = (
    "ls -la /usr/bin | head -15",
    "uptime",
    "df -h /",
    "cat /etc/services | head -20",
    "ps | tail -5",
    "echo done",
)
_UNKNOWN_HOST = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=20"
_OPTIONS = _UNKNOWN_HOST.split()


def typed(visit: Visit, commands: int, pause: tuple[float, float]) -> str:
    """A shell snippet that prints commands one by one, as a person would type them."""
    lines = [f"sleep {visit.rng.uniform(*pause):.2f}; echo '{visit.rng.choice(_COMMANDS)}'" for _ in range(commands)]
    return f"({'; '.join(lines)}; sleep 0.5; echo exit)"


class Ssh(Service):
    """OpenSSH: logins, commands, file transfers."""

    label, port, weight = "SSH", 22, 5
    packages = ("openssh-server", "openssh-client", "sshpass", "rsync", "dropbear-bin")
    programs = ("sshd", "ssh", "scp", "sftp", "rsync", "sshpass", "dbclient")

    def start(self, site: Site) -> None:
        Path("/run/sshd").mkdir(exist_ok=True)
        for kind in ("ed25519", "rsa"):
            site.run("ssh-keygen", "-q", "-t", kind, "-N", "", "-f", site.directory / f"host_{kind}")
        site.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "key", "-f", site.directory / "identity")
        site.file("authorized", (site.directory / "identity.pub").read_text())
        ports = "\n".join(f"Port {port}" for port in site.ports)
        config = site.file(
            "sshd_config",
            f"{ports}\nHostKey {site.directory}/host_ed25519\nHostKey {site.directory}/host_rsa\nUsePAM no\n"
            f"PidFile none\nAuthorizedKeysFile {site.directory}/authorized\nStrictModes no\nPrintMotd no\n"
            "PasswordAuthentication yes\nMaxStartups 100\nSubsystem sftp internal-sftp\nUseDNS no\nPrintLastLog no\n",
        )
        site.file("data.bin", bytes(range(256)) * 400)
        accounts.own(site.directory / "data.bin")
        site.spawn("/usr/sbin/sshd", "-D", "-e", "-f", config)

    def _options(self, visit: Visit) -> list[object]:
        return ["-i", visit.site.directory / "identity", *_OPTIONS, "-o", f"Port={visit.port}"]

    def _host(self, visit: Visit) -> str:
        return f"[{visit.address}]" if visit.family == 6 else visit.address

    @client("ssh login")
    def login(self, visit: Visit) -> None:
        keyboard = typed(visit, visit.rng.randint(2, 6), (0.3, 2.5))
        options = " ".join(map(str, self._options(visit)))
        visit.shell(f"{keyboard} | ssh -tt {options} {USER}@{visit.address}", timeout=60)

    @client("ssh idle shell")
    def idle(self, visit: Visit) -> None:
        keyboard = typed(visit, 2, (6.0, 12.0))
        options = " ".join(map(str, [*self._options(visit), "-o", "ServerAliveInterval=4", "-C"]))
        visit.shell(f"{keyboard} | ssh -tt {options} {USER}@{visit.address}", timeout=60)

    @client("ssh command")
    def command(self, visit: Visit) -> None:
        cipher = visit.rng.choice(("aes128-ctr", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com"))
        visit.run("ssh", "-c", cipher, *self._options(visit), f"{USER}@{visit.address}", visit.rng.choice(_COMMANDS))

    @client("ssh password")
    def password(self, visit: Visit) -> None:
        visit.run("sshpass", "-p", PASSWORD, "ssh", *_OPTIONS, "-p", visit.port, f"{USER}@{visit.address}", "uptime")

    @client("ssh wrong password")
    def wrong(self, visit: Visit) -> None:
        once = ["-o", "NumberOfPasswordPrompts=1", "-p", visit.port]
        visit.run("sshpass", "-p", visit.words(1), "ssh", *_OPTIONS, *once, f"admin@{visit.address}", "id")
        visit.statuses.clear()

    @client("scp")
    def scp(self, visit: Visit) -> None:
        legacy = visit.rng.choice((["-O"], []))
        file = visit.blob("backup.bin", 2_000, 600_000)
        visit.run("scp", *legacy, *self._options(visit), file, f"{USER}@{self._host(visit)}:{visit.directory.name}.bin")

    @client("sftp")
    def sftp(self, visit: Visit) -> None:
        batch = visit.file("batch", f"pwd\nls\nget {visit.site.directory}/data.bin got.bin\nbye\n")
        visit.run("sftp", "-q", "-b", batch, *self._options(visit), f"{USER}@{self._host(visit)}")

    @client("rsync over ssh")
    def rsync(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(2, 5)):
            visit.blob(f"part-{visit.rng.randrange(99)}.bin", 500, 80_000)
        shell = " ".join(["ssh", *map(str, self._options(visit))])
        target = f"{USER}@{self._host(visit)}:{visit.directory.name}/"
        visit.run("rsync", "-az", "-e", shell, "--exclude", "batch", f"{visit.directory}/", target)

    @client("dropbear client")
    def dbclient(self, visit: Visit) -> None:
        env = {"DROPBEAR_PASSWORD": PASSWORD}
        visit.run("dbclient", "-y", "-y", "-T", "-p", visit.port, f"{USER}@{visit.address}", "uptime", env=env)


class Dropbear(Service):
    """Dropbear, the SSH server of small devices."""

    label, port, weight = "SSH", 22, 2
    packages, programs = ("dropbear-bin", "openssh-client", "sshpass"), ("dropbear", "dbclient", "ssh", "sshpass")

    def start(self, site: Site) -> None:
        site.run("dropbearkey", "-t", "ed25519", "-f", site.directory / "host_key")
        ports = [word for port in site.ports for word in ("-p", port)]
        site.spawn("dropbear", "-F", "-E", "-r", site.directory / "host_key", "-P", site.directory / "pid", *ports)

    @client("dropbear client")
    def dbclient(self, visit: Visit) -> None:
        command = visit.rng.choice(_COMMANDS)
        env = {"DROPBEAR_PASSWORD": PASSWORD}
        visit.run("dbclient", "-y", "-y", "-T", "-p", visit.port, f"{USER}@{visit.address}", command, env=env)

    @client("ssh login")
    def login(self, visit: Visit) -> None:
        keyboard = typed(visit, visit.rng.randint(1, 4), (0.3, 2.0))
        options = " ".join(["-tt", *_OPTIONS, "-p", str(visit.port)])
        visit.shell(f"{keyboard} | sshpass -p {PASSWORD} ssh {options} {USER}@{visit.address}")


class Telnet(Service):
    """Telnet with a shell behind it."""

    label, port = "Telnet", 23
    packages = ("inetutils-telnetd", "inetutils-telnet", "netcat-openbsd", "busybox")
    programs = ("telnetd", "telnet", "nc", "busybox")

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.python("inetd", port, "/usr/sbin/telnetd", "-E", "/bin/sh -i", "-h")

    @client("telnet")
    def telnet(self, visit: Visit) -> None:
        keyboard = typed(visit, visit.rng.randint(2, 6), (0.3, 1.5))
        visit.shell(f"({keyboard}; sleep 1) | telnet {visit.address} {visit.port}")
        visit.statuses.clear()  # telnet calls the end of the connection a failure

    @client("busybox telnet")
    def busybox(self, visit: Visit) -> None:
        keyboard = typed(visit, visit.rng.randint(1, 4), (0.3, 2.0))
        visit.shell(f"({keyboard}; sleep 1) | timeout 30 busybox telnet {visit.address} {visit.port}")
        visit.statuses.clear()

    @client("bot guessing logins")
    def bot(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.shell(
                f"(sleep 0.4; echo root; sleep 0.3; echo 1234; sleep 0.2) | nc -t -N -w 5 {visit.address} {visit.port}"
            )
