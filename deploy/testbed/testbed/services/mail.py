"""Mail: SMTP with and without STARTTLS, IMAP and POP3."""

from __future__ import annotations

from pathlib import Path

from .. import accounts
from ..accounts import PASSWORD, USER
from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit

_EXIM = """
primary_hostname = {name}
spool_directory = {directory}/spool
log_file_path = {directory}/log/%s
pid_file_path = {directory}/pid
exim_user = {user}
exim_group = {user}
never_users = root
daemon_smtp_ports = {ports} : 465
tls_on_connect_ports = 465
tls_advertise_hosts = *
tls_certificate = {pki}/rsa.chain.pem
tls_privatekey = {pki}/rsa.key
local_interfaces = <; 0.0.0.0 ; ::0
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 200
acl_smtp_rcpt = check_rcpt
begin acl
check_rcpt:
  deny message = no such mailbox
       local_parts = nobody
  accept
begin routers
drop:
  driver = redirect
  data = :blackhole:
  allow_fail
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_condition = yes
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = yes
  server_set_id = $auth1
"""


class Smtp(Service):
    """exim, as mail server of a domain: takes mail for anyone and throws it away."""

    label, port, weight = "SMTP", 25, 5
    packages, programs = (
        ("exim4-daemon-light", "swaks", "libnet-ssleay-perl", "libio-socket-inet6-perl", "msmtp", "curl"),
        ("exim4", "swaks", "msmtp", "curl"),
    )

    def start(self, site: Site) -> None:
        for name in ("spool", "log"):
            (site.directory / name).mkdir()
        accounts.own(site.directory, "Debian-exim")
        settings = {"name": site.dns_name, "directory": site.directory, "user": "Debian-exim", "pki": PKI}
        config = site.file("exim.conf", _EXIM.format(ports=" : ".join(map(str, site.ports)), **settings))
        site.spawn("exim4", "-C", config, "-bdf", "-v")

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return "TLS" if port == 465 else super().label_of(protocol, port, site)

    def _people(self, visit: Visit) -> tuple[str, str]:
        rng = visit.rng
        receiver = "nobody" if rng.random() < 0.08 else rng.choice(WORDS)
        return f"{rng.choice(WORDS)}@sender.example", f"{receiver}@{rng.choice(WORDS)}.example"

    @client("swaks")
    def swaks(self, visit: Visit) -> None:
        sender, receiver = self._people(visit)
        tls = visit.rng.choice((["-tls"], [], ["--attach", f"@{visit.blob('photo.jpg', 3_000, 250_000)}"]))
        text = f"Subject: {visit.words(4)}\n\n{visit.words(visit.rng.randint(20, 300))}\n"
        to = [
            "--server",
            visit.address,
            "--port",
            visit.port,
            "--helo",
            "client.example",
            "--timeout",
            20,
            "--hide-all",
        ]
        visit.run("swaks", *to, "--from", sender, "--to", receiver, *tls, "--data" if not tls else "--body", text)
        visit.statuses.clear()  # a refused recipient is part of the mix

    @client("msmtp STARTTLS")
    def msmtp(self, visit: Visit) -> None:
        sender, receiver = self._people(visit)
        auth = visit.rng.choice(([], ["--auth=plain", f"--user={USER}", f"--passwordeval=echo {PASSWORD}"]))
        tls = ["--tls=on", "--tls-starttls=on", "--tls-certcheck=off", "--domain=client.example"]
        text = (
            f"From: {sender}\nTo: {receiver}\nSubject: {visit.words(3)}\n\n{visit.words(visit.rng.randint(10, 900))}\n"
        )
        to = ["--file=/dev/null", f"--host={visit.name}", f"--port={visit.port}", f"--from={sender}"]
        visit.run("msmtp", *to[1:], *tls, *auth, receiver, text=text)
        visit.statuses.clear()

    @client("curl smtp")
    def curl(self, visit: Visit) -> None:
        sender, receiver = self._people(visit)
        scheme, authority = "smtp", visit.authority
        if visit.rng.random() < 0.25:
            scheme, authority = "smtps", visit.authority.rpartition(":")[0] + ":465"
        letter = visit.file("letter", f"From: {sender}\r\nSubject: {visit.words(5)}\r\n\r\n{visit.words(400)}\r\n")
        options = ["-sk", "--mail-from", sender, "--mail-rcpt", receiver, "-T", letter]
        visit.run("curl", *options, f"{scheme}://{authority}/client.example")
        visit.statuses.clear()

    @client("python smtplib")
    def library(self, visit: Visit) -> None:
        tls = visit.rng.choice(("plain", "starttls"))
        attachment = visit.size(1_000, 150_000)
        visit.python(
            "mail_send", visit.address, visit.port, tls, visit.rng.randint(1, 4), attachment, visit.rng.getrandbits(32)
        )


def dovecot(site: Site, protocol: str, secure_port: int) -> None:
    """One dovecot with a mailbox of a few dozen letters."""
    for folder in ("cur", "new", "tmp"):
        (site.directory / "mail" / folder).mkdir(parents=True)
    for number in range(40):
        word = WORDS[number % len(WORDS)]
        head = f"From: {word}@sender.example\r\nTo: {USER}@example.test\r\nSubject: {word} {number}\r\n"
        body = (" ".join(WORDS[: number % 26 + 1]) + "\r\n") * (1 + number * number // 12)
        site.file(
            f"mail/cur/{1700000000 + number}.M{number}.example:2,S",
            f"{head}Message-ID: <{number}@example>\r\n\r\n{body}",
        )
    accounts.own(site.directory / "mail")
    listeners = "".join(f"inet_listener {protocol}{p} {{\n port = {p}\n}}\n" for p in site.ports)
    config = site.file(
        "dovecot.conf",
        f"""
protocols = {protocol}
base_dir = {site.directory}/run
log_path = /dev/stderr
ssl = yes
ssl_cert = <{PKI}/rsa.chain.pem
ssl_key = <{PKI}/rsa.key
disable_plaintext_auth = no
mail_location = maildir:{site.directory}/mail
first_valid_uid = 1
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={USER} gid={USER} home={site.directory}
}}
service {protocol}-login {{
  inet_listener {protocol} {{
    port = 0
  }}
  inet_listener {protocol}s {{
    port = {secure_port}
    ssl = yes
  }}
  {listeners}
}}
""",
    )
    Path(site.directory, "run").mkdir()
    site.spawn("dovecot", "-F", "-c", config)


class Imap(Service):
    """dovecot with IMAP, STARTTLS and IMAPS."""

    label, port = "IMAP", 143
    packages = ("dovecot-imapd", "curl", "isync", "fetchmail")
    programs = ("dovecot", "curl", "mbsync", "fetchmail")

    def start(self, site: Site) -> None:
        dovecot(site, "imap", 993)

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return "TLS" if port == 993 else super().label_of(protocol, port, site)

    @client("curl imap")
    def curl(self, visit: Visit) -> None:
        url = f"imap://{visit.authority}/INBOX"
        if visit.rng.random() < 0.25:
            url = f"imaps://{visit.authority.rpartition(':')[0]}:993/INBOX"
        tls = visit.rng.choice((["--ssl"], []))
        for uid in visit.rng.sample(range(1, 40), visit.rng.randint(1, 3)):
            visit.run("curl", "-sk", *tls, "-u", f"{USER}:{PASSWORD}", f"{url};UID={uid}")

    @client("python imaplib with IDLE")
    def library(self, visit: Visit) -> None:
        tls = visit.rng.choice(("plain", "starttls"))
        visit.python(
            "mail_read", "imap", visit.address, visit.port, tls, visit.rng.uniform(1, 9), visit.rng.getrandbits(32)
        )

    @client("mbsync")
    def mbsync(self, visit: Visit) -> None:
        tls = visit.rng.choice(("STARTTLS", "None"))
        (visit.directory / "box").mkdir()
        config = visit.file(
            "mbsyncrc",
            f"IMAPAccount a\nHost {visit.name}\nPort {visit.port}\nUser {USER}\nPass {PASSWORD}\nSSLType {tls}\n"
            f"AuthMechs LOGIN\nCertificateFile {visit.ca}\n\nIMAPStore far\nAccount a\n\n"
            f"MaildirStore near\nInbox {visit.directory}/box/i\n\n"
            f"Channel c\nFar :far:\nNear :near:\nMaxMessages {visit.rng.randint(2, 20)}\nCreate Near\nSync Pull\n"
            f"SyncState {visit.directory}/state\n",
        )
        visit.run("mbsync", "-c", config, "c")


class Pop3(Service):
    """dovecot with POP3, STLS and POP3S."""

    label, port = "POP3", 110
    packages = ("dovecot-pop3d", "curl", "fetchmail")
    programs = ("dovecot", "curl", "fetchmail")

    def start(self, site: Site) -> None:
        dovecot(site, "pop3", 995)

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return "TLS" if port == 995 else super().label_of(protocol, port, site)

    @client("curl pop3")
    def curl(self, visit: Visit) -> None:
        url = f"pop3://{visit.authority}"
        if visit.rng.random() < 0.25:
            url = f"pop3s://{visit.authority.rpartition(':')[0]}:995"
        tls = visit.rng.choice((["--ssl"], []))
        for number in (0, *visit.rng.sample(range(1, 40), visit.rng.randint(0, 2))):
            visit.run("curl", "-sk", *tls, "-u", f"{USER}:{PASSWORD}", f"{url}/{number or ''}")

    @client("fetchmail")
    def fetchmail(self, visit: Visit) -> None:
        tls = visit.rng.choice(("sslproto ''", "sslproto auto"))
        config = visit.file(
            "fetchmailrc",
            f"poll {visit.address} protocol pop3 service {visit.port}\n"
            f"user {USER} password {PASSWORD} {tls} no sslcertck "
            f"keep fetchlimit {visit.rng.randint(1, 6)} mda /bin/true\n",
        )
        visit.run(
            "fetchmail", "-f", config, "--nodetach", "--pidfile", visit.directory / "pid", "-i", visit.directory / "ids"
        )
        visit.statuses.clear()  # fetchmail reports the limit on the number of letters as an error

    @client("python poplib")
    def library(self, visit: Visit) -> None:
        tls = visit.rng.choice(("plain", "starttls"))
        visit.python(
            "mail_read", "pop3", visit.address, visit.port, tls, visit.rng.uniform(0, 3), visit.rng.getrandbits(32)
        )
