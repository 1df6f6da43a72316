"""Work on files and texts together: git, rsync, IRC."""

from __future__ import annotations

from ..names import WORDS
from ..service import Service, Site, client
from ..visit import Visit
from .files import sample_files


class Git(Service):
    """git daemon."""

    label, port = "Git", 9418
    packages, programs = ("git",), ("git",)

    def start(self, site: Site) -> None:
        source = site.directory / "source"
        source.mkdir()
        git = ["git", "-C", source, "-c", "user.name=ada", "-c", "user.email=ada@example.test", "-c", "gc.auto=0"]
        site.run(*git, "init", "-q", "-b", "main")
        for number, word in enumerate(WORDS):
            (source / f"{word}.txt").write_text(f"{word} {number}\n" * (number * 40 + 1))
            site.run(*git, "add", ".")
            site.run(*git, "commit", "-q", "-m", f"Add {word}")
        site.run("git", "clone", "-q", "--bare", source, site.directory / "repos" / "garden.git")
        for port in site.ports:
            site.spawn(
                "git", "daemon", "--export-all", "--reuseaddr", f"--port={port}", f"--base-path={site.directory}/repos"
            )

    @client("git clone")
    def clone(self, visit: Visit) -> None:
        depth = visit.rng.choice(([], ["--depth", "1"], ["-c", "protocol.version=1"]))
        visit.run("git", "clone", "-q", *depth, f"git://{visit.authority}/garden.git", visit.directory / "garden")

    @client("git ls-remote")
    def list(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("git", "ls-remote", f"git://{visit.authority}/garden.git")


class Rsyncd(Service):
    """rsync daemon."""

    label, port = "RSYNC", 873
    packages, programs = ("rsync",), ("rsync",)

    def start(self, site: Site) -> None:
        sample_files(site.directory / "mirror")
        config = site.file(
            "rsyncd.conf",
            f"use chroot = no\nuid = root\ngid = root\n[mirror]\npath = {site.directory}/mirror\nread only = no\n",
        )
        for port in site.ports:
            site.spawn(
                "rsync", "--daemon", "--no-detach", f"--config={config}", f"--port={port}", "--log-file=/dev/null"
            )

    @client("rsync mirror")
    def mirror(self, visit: Visit) -> None:
        limit = visit.rng.choice(("10k", "100k", "100k", "1m"))
        url = f"rsync://{visit.authority}/mirror/"
        visit.run("rsync", "-r", f"--max-size={limit}", "--timeout=20", url, f"{visit.directory}/got/")
        visit.run("rsync", "-rc", f"--max-size={limit}", "--timeout=20", url, f"{visit.directory}/got/")

    @client("rsync upload")
    def upload(self, visit: Visit) -> None:
        file = visit.blob(f"{visit.directory.name}.bin", 1_000, 200_000)
        visit.run("rsync", "-z", "--timeout=20", file, f"rsync://{visit.authority}/mirror/up/")

    @client("rsync list")
    def list(self, visit: Visit) -> None:
        visit.run("rsync", "--timeout=20", f"rsync://{visit.authority}/{visit.rng.choice(('', 'mirror/'))}")


class Irc(Service):
    """ngircd with people who chat."""

    label, port = "IRC", 6667
    packages, programs = ("ngircd", "netcat-openbsd"), ("ngircd", "nc")

    def start(self, site: Site) -> None:
        ports = ", ".join(map(str, site.ports))
        config = site.file(
            "ngircd.conf",
            f"[Global]\nName = {site.dns_name}\nInfo = chat\nPorts = {ports}\nListen = ::,0.0.0.0\n"
            "ServerUID = irc\nServerGID = irc\nMotdPhrase = welcome\nAdminInfo1 = example\n"
            "[Options]\nDNS = no\nIdent = no\nPAM = no\nSyslogFacility = local1\n"
            "[Limits]\nMaxConnectionsIP = 0\nMaxPenaltyTime = 0\n",
        )
        site.spawn("ngircd", "-n", "-f", config)

    def _chat(self, visit: Visit, lines: int, low: float, high: float) -> None:
        nick = f"{visit.words(1)}{visit.rng.randrange(999)}"
        room = visit.rng.choice(("#garden", "#help", "#random"))
        said = [f"PRIVMSG {room} :{visit.words(visit.rng.randint(2, 15))}" for _ in range(lines)]
        script = "; ".join(f"echo '{line}'; sleep {visit.rng.uniform(low, high):.1f}" for line in said)
        hello = f"printf 'NICK {nick}\\r\\nUSER {nick} 0 * :{nick}\\r\\n'; sleep 1; echo 'JOIN {room}'; sleep 0.5"
        visit.shell(f"({hello}; {script}; echo QUIT) | nc -N -w 10 {visit.address} {visit.port}")
        visit.statuses.clear()

    @client("person chatting")
    def person(self, visit: Visit) -> None:
        self._chat(visit, visit.rng.randint(2, 7), 0.5, 3.0)

    @client("bot")
    def bot(self, visit: Visit) -> None:
        self._chat(visit, visit.rng.randint(4, 15), 0.1, 0.4)
