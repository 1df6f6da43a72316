"""File transfer: FTP, TFTP, SMB, iperf bulk."""

from __future__ import annotations

import random
from pathlib import Path

from .. import accounts
from ..accounts import PASSWORD, USER
from ..service import PKI, Service, Site, client
from ..visit import Visit

_SIZES = {"tiny.txt": 300, "note.txt": 4_000, "image.png": 60_000, "firmware.bin": 700_000}


def sample_files(directory: Path) -> None:
    """A few files to fetch, from tiny to large."""
    rng = random.Random(11)
    directory.mkdir(parents=True, exist_ok=True)
    for name, size in _SIZES.items():
        (directory / name).write_bytes(rng.randbytes(size))
    directory.chmod(0o755)


def pick(visit: Visit) -> str:
    """A file's name; large ones are rare."""
    return visit.rng.choices(list(_SIZES), (4, 4, 3, visit.scale))[0]


class Ftp(Service):
    """vsftpd, active and passive, plain and with TLS on the control connection."""

    label, port, weight = "FTP_CONTROL", 21, 4
    packages, programs = ("vsftpd", "curl", "lftp", "ftp"), ("vsftpd", "curl", "lftp", "ftp")

    def start(self, site: Site) -> None:
        home = accounts.HOME
        sample_files(home / "ftp")
        accounts.own(home)
        for port in site.ports:
            config = site.file(
                f"vsftpd-{port}.conf",
                f"listen_ipv6=YES\nlisten=NO\nlisten_port={port}\nlocal_enable=YES\nwrite_enable=YES\n"
                f"anonymous_enable=YES\nanon_root={home}/ftp\nno_anon_password=YES\nconnect_from_port_20=YES\n"
                f"pam_service_name=vsftpd\nsecure_chroot_dir={site.directory}/empty\nssl_enable=YES\n"
                f"rsa_cert_file={PKI}/rsa.chain.pem\nrsa_private_key_file={PKI}/rsa.key\nforce_local_logins_ssl=NO\n"
                "force_local_data_ssl=NO\nrequire_ssl_reuse=NO\nseccomp_sandbox=NO\n"
                "background=NO\nisolate_network=NO\n",
            )
            site.spawn("vsftpd", config)
        Path(site.directory, "empty").mkdir()

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        # Data connections come from port 20 or go to a port that the server names on the control connection.
        if protocol != "tcp":
            return None
        return self.label if port in site.ports else "FTP_DATA"

    @client("curl ftp passive")
    def passive(self, visit: Visit) -> None:
        login = visit.rng.choice(([], ["-u", f"{USER}:{PASSWORD}"]))
        tls = visit.rng.choice(([], ["--ftp-ssl-control"])) if login else []  # else the data would be TLS, too
        folder = "ftp/" if login else ""
        base = f"ftp://{visit.authority}/{folder}"
        visit.run("curl", "-sk", *login, *tls, base)
        visit.run(
            "curl", "-sk", *login, *tls, "-o", "got", *(f"{base}{pick(visit)}" for _ in range(visit.rng.randint(1, 3)))
        )

    @client("curl ftp active")
    def active(self, visit: Visit) -> None:
        base = f"ftp://{visit.authority}/"
        files = [f"{base}{pick(visit)}" for _ in range(visit.rng.randint(1, 3))]
        visit.run("curl", "-s", "-P", visit.own, "--remote-name-all", base + "tiny.txt", *files)

    @client("curl ftp upload")
    def upload(self, visit: Visit) -> None:
        file = visit.blob(f"{visit.directory.name}.bin", 2_000, 400_000)
        active = visit.rng.choice((["-P", "-"], []))
        visit.run("curl", "-s", *active, "-u", f"{USER}:{PASSWORD}", "-T", file, f"ftp://{visit.authority}/")

    @client("lftp mirror")
    def mirror(self, visit: Visit) -> None:
        passive = visit.rng.choice(("true", "false"))
        tls = visit.rng.choice(("yes", "no"))
        settings = (
            f"set ftp:passive-mode {passive}; set ssl:verify-certificate no; set ftp:ssl-allow {tls}; "
            "set ftp:ssl-protect-data no; set ftp:ssl-protect-list no"
        )
        visit.run("lftp", "-c", f"{settings}; open ftp://{visit.authority}; ls; mirror -x firmware . got")

    @client("ftp shell")
    def shell(self, visit: Visit) -> None:
        lines = [
            f"user {USER} {PASSWORD}",
            "cd ftp",
            "ls",
            f"get {pick(visit)}",
            visit.rng.choice(("passive", "pwd")),
            "ls",
            "bye",
        ]
        visit.run("ftp", "-n", "-v", visit.address, visit.port, text="\n".join(lines) + "\n")

    @client("ftp wrong password")
    def wrong(self, visit: Visit) -> None:
        visit.run("curl", "-s", "-u", f"admin:{visit.words(1)}", f"ftp://{visit.authority}/")
        visit.statuses.clear()


class Tftp(Service):
    """TFTP, as network devices load their configuration."""

    label, port, protocols = "TFTP", 69, ("udp",)
    packages, programs = ("tftpd-hpa", "tftp-hpa", "curl", "busybox"), ("in.tftpd", "tftp", "curl", "busybox")

    def start(self, site: Site) -> None:
        sample_files(site.directory / "files")
        for port in site.ports:
            site.spawn("in.tftpd", "-L", "-s", "-c", "-u", "root", "-a", f"[::]:{port}", site.directory / "files")

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return self.label if protocol == "udp" else None  # the transfer itself comes from a fresh port

    def _name(self, visit: Visit) -> str:
        return visit.rng.choice(("tiny.txt", "note.txt", "image.png", "absent.cfg"))

    @client("tftp-hpa")
    def hpa(self, visit: Visit) -> None:
        name = self._name(visit)
        visit.run("tftp", f"-{visit.family}", "-m", "octet", visit.address, visit.port, "-c", "get", name, timeout=30)
        visit.statuses.clear()  # a file that is not there is part of the mix

    @client("tftp-hpa put")
    def put(self, visit: Visit) -> None:
        file = visit.blob(f"{visit.directory.name}.cfg", 400, 40_000)
        visit.run(
            "tftp",
            f"-{visit.family}",
            "-m",
            "octet",
            visit.address,
            visit.port,
            "-c",
            "put",
            file,
            file.name,
            timeout=30,
        )

    @client("curl tftp")
    def curl(self, visit: Visit) -> None:
        block = visit.rng.choice((512, 1024, 1428))
        visit.run("curl", "-s", "--tftp-blksize", block, "-m", 25, f"tftp://{visit.authority}/{self._name(visit)}")
        visit.statuses.clear()

    @client("busybox tftp")
    def busybox(self, visit: Visit) -> None:
        visit.run("busybox", "tftp", "-g", "-r", self._name(visit), "-l", "got", visit.address, visit.port, timeout=30)
        visit.statuses.clear()


class Smb(Service):
    """Samba."""

    label, port = "SMB", 445
    packages, programs = ("samba", "smbclient"), ("smbd", "smbclient", "smbpasswd")

    def start(self, site: Site) -> None:
        sample_files(site.directory / "share")
        site.directory.joinpath("share").chmod(0o777)
        for name in ("state", "private", "lock", "cache", "run", "ncalrpc"):
            (site.directory / name).mkdir()
        folders = "\n".join(f"{d} directory = {site.directory}/{d}" for d in ("state", "lock", "cache"))
        config = site.file(
            "smb.conf",
            f"[global]\nsmb ports = {' '.join(map(str, site.ports))}\nserver role = standalone\ndisable netbios = yes\n"
            "netbios name = FILES\nserver string = files\nmap to guest = bad user\nload printers = no\n"
            f"printing = bsd\nprintcap name = /dev/null\npid directory = {site.directory}/run\n"
            f"private dir = {site.directory}/private\n"
            f"ncalrpc dir = {site.directory}/ncalrpc\n{folders}\npasswd program = /bin/true\nlog level = 0\n"
            f"[share]\npath = {site.directory}/share\nread only = no\nguest ok = yes\nforce user = root\n",
        )
        site.run("smbpasswd", "-c", config, "-s", "-a", USER, text=f"{PASSWORD}\n{PASSWORD}\n")
        site.spawn("smbd", "-F", "--no-process-group", "--debug-stdout", "-s", config)

    def _smb(self, visit: Visit, commands: str, *options: object) -> None:
        share = f"//{visit.address}/share"
        visit.run("smbclient", share, "-p", visit.port, *options, "-c", commands, "-s", "/dev/null", "-t", 20)

    @client("smbclient guest")
    def guest(self, visit: Visit) -> None:
        version = visit.rng.choice(("SMB2_02", "SMB2_10", "SMB3_00", "SMB3_11"))
        self._smb(visit, f"ls; get {pick(visit)} got; allinfo tiny.txt", "-N", "-m", version)

    @client("smbclient user")
    def user(self, visit: Visit) -> None:
        file = visit.blob(f"{visit.directory.name}.doc", 2_000, 200_000)
        self._smb(visit, f"put {file} {file.name}; ls; del {file.name}", "-U", f"{USER}%{PASSWORD}")

    @client("smbclient encrypted")
    def encrypted(self, visit: Visit) -> None:
        self._smb(visit, f"get {pick(visit)} got; du", "-U", f"{USER}%{PASSWORD}", "--client-protection=encrypt")

    @client("smbclient list shares")
    def shares(self, visit: Visit) -> None:
        visit.run("smbclient", "-L", visit.address, "-p", visit.port, "-N", "-s", "/dev/null")
        visit.statuses.clear()  # it also looks for NetBIOS, which is not there

    @client("smbclient wrong password")
    def wrong(self, visit: Visit) -> None:
        self._smb(visit, "ls", "-U", f"{USER}%{visit.words(1)}")
        visit.statuses.clear()


class Iperf(Service):
    """iperf3 bulk transfers."""

    label, port, protocols = "iPerf", 5201, ("tcp", "udp")
    packages, programs, weight = ("iperf3",), ("iperf3",), 2

    def start(self, site: Site) -> None:
        for port in site.ports:
            # One test at a time is all that an iperf3 server can do; it is started again for the next one.
            site.spawn("sh", "-c", f"while :; do iperf3 -s -1 -p {port}; done")

    def awaited(self) -> tuple[str, ...]:
        return ("tcp",)

    exclusive = True

    def _iperf(self, visit: Visit, *options: object) -> None:
        visit.run("iperf3", f"-{visit.family}", "-c", visit.address, "-p", visit.port, *options)

    @client("iperf3")
    def upload(self, visit: Visit) -> None:
        self._iperf(visit, "-n", visit.size(100_000, 2_000_000), "-P", visit.rng.randint(1, 3))

    @client("iperf3 reverse")
    def download(self, visit: Visit) -> None:
        self._iperf(visit, "-n", visit.size(100_000, 2_000_000), "-R")

    @client("iperf3 UDP")
    def datagrams(self, visit: Visit) -> None:
        self._iperf(
            visit,
            "-u",
            "-b",
            visit.rng.choice(("200k", "1M")),
            "-t",
            visit.rng.randint(1, 2),
            "-l",
            visit.rng.choice((200, 1200)),
        )
