"""SQL databases: PostgreSQL and MariaDB."""

from __future__ import annotations

import glob
import shutil

from .. import accounts
from ..accounts import PASSWORD, USER
from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit

_ROWS = ", ".join(f"({i}, '{word}', '{word * 8}')" for i, word in enumerate(WORDS * 2))
_SCHEMA = f"CREATE TABLE item (id INT PRIMARY KEY, name VARCHAR(40), note TEXT); INSERT INTO item VALUES {_ROWS};"


def query(visit: Visit) -> str:
    """A statement as applications send them."""
    number = visit.rng.randrange(60)
    return visit.rng.choice(
        (
            f"SELECT * FROM item WHERE id = {number};",
            f"SELECT name, count(*) FROM item GROUP BY name ORDER BY name LIMIT {number % 20 + 1};",
            f"UPDATE item SET note = '{visit.words(20)}' WHERE id = {number};",
            f"SELECT * FROM item WHERE name LIKE '{visit.rng.choice('abcdefgh')}%';",
            "SELECT 1;",
        )
    )


class Postgresql(Service):
    """PostgreSQL."""

    label, port = "PostgreSQL", 5432
    packages, programs = ("postgresql",), ("psql", "pg_dump", "runuser")

    @classmethod
    def missing(cls, absent_modules: set[str]) -> list[str]:
        return super().missing(absent_modules) or ([] if cls._directory() else ["postgresql"])

    @staticmethod
    def _directory() -> str:
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
        return found[-1].removesuffix("/postgres") if found else ""

    def start(self, site: Site) -> None:
        bin_directory = self._directory()
        key = site.file("server.key", (PKI / "rsa.key").read_bytes(), 0o600)
        accounts.own(site.directory, "postgres")
        first = site.directory / f"data-{site.ports[0]}"
        secret = site.file("secret", PASSWORD)
        options = ["-D", first, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-sync"]
        site.run("runuser", "-u", "postgres", "--", f"{bin_directory}/initdb", *options)
        (first / "pg_hba.conf").write_text("local all all trust\nhost all all all scram-sha-256\n")
        socket_options = f"-c unix_socket_directories={site.directory} -c listen_addresses=*"
        tls = f"-c ssl=on -c ssl_cert_file={PKI}/rsa.chain.pem -c ssl_key_file={key}"
        schema = f"CREATE DATABASE shop;\n\\c shop\n{_SCHEMA}"
        single = f"-c fsync=off {socket_options} -p {site.ports[0]}"
        control = ["runuser", "-u", "postgres", "--", f"{bin_directory}/pg_ctl", "-D", first, "-w"]
        site.run(*control, "-l", site.directory / "setup.log", "-o", single, "start")
        site.run(
            "psql",
            "-h",
            site.directory,
            "-p",
            site.ports[0],
            "-U",
            USER,
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
            text=schema,
        )
        site.run("pgbench", "-i", "-q", "-h", site.directory, "-p", site.ports[0], "-U", USER, "shop")
        site.run(*control, "stop")
        for port in site.ports[1:]:  # before any server writes into the first directory again
            data = shutil.copytree(first, site.directory / f"data-{port}")
            accounts.own(data, "postgres")
            data.chmod(0o700)
        for port in site.ports:
            data = site.directory / f"data-{port}"
            server = f"{bin_directory}/postgres -D {data} -p {port} -c fsync=off {socket_options} {tls}"
            site.spawn("runuser", "-u", "postgres", "--", *server.split())

    def _target(self, visit: Visit, tls: str) -> tuple[list[object], dict]:
        where = ["-h", visit.address, "-p", visit.port, "-U", USER]
        return where, {"PGPASSWORD": PASSWORD, "PGSSLMODE": tls, "PGCONNECT_TIMEOUT": "20"}

    @client("psql")
    def psql(self, visit: Visit) -> None:
        where, env = self._target(visit, "disable")
        visit.run("psql", *where, "shop", text="\n".join(query(visit) for _ in range(visit.rng.randint(1, 8))), env=env)

    @client("psql TLS")
    def tls(self, visit: Visit) -> None:
        where, env = self._target(visit, visit.rng.choice(("require", "prefer")))
        visit.run("psql", *where, "shop", text="\n".join(query(visit) for _ in range(visit.rng.randint(1, 8))), env=env)

    @client("pgbench")
    def bench(self, visit: Visit) -> None:
        where, env = self._target(visit, "disable")
        visit.run(
            "pgbench", "-n", *where, "-c", visit.rng.randint(1, 3), "-t", visit.rng.randint(2, 12), "shop", env=env
        )

    @client("pg_dump")
    def dump(self, visit: Visit) -> None:
        where, env = self._target(visit, "prefer")
        table = visit.rng.choice(("item", "pgbench_branches", "pgbench_tellers"))
        visit.run("pg_dump", *where, "-t", table, "-f", "dump.sql", "shop", env=env)

    @client("psql wrong password")
    def wrong(self, visit: Visit) -> None:
        where, env = self._target(visit, "prefer")
        visit.run("psql", *where, "shop", "-c", "SELECT 1", env=env | {"PGPASSWORD": visit.words(1)})
        visit.statuses.clear()


class Mysql(Service):
    """MariaDB."""

    label, port = "MySQL", 3306
    packages = ("mariadb-server", "mariadb-client")
    programs = ("mariadbd", "mariadb", "mariadb-dump", "mariadb-slap", "mariadb-install-db")

    def start(self, site: Site) -> None:
        data = site.directory / "data"
        site.run(
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={data}",
            "--user=mysql",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            timeout=120,
        )
        site.directory.chmod(0o777)
        user = f"'{USER}'@'%' IDENTIFIED BY '{PASSWORD}'"
        lines = _SCHEMA.replace("; ", ";\n")  # an init file has one statement a line
        init = site.file(
            "init.sql",
            f"CREATE DATABASE shop;\nUSE shop;\n{lines}\nCREATE USER {user};\nGRANT ALL ON *.* TO '{USER}'@'%';\n",
        )
        common = f"--no-defaults --user=mysql --datadir={data} --skip-name-resolve --bind-address=*"
        threads = f"--thread-handling=pool-of-threads --extra-port={site.ports[1]} --extra-max-connections=100"
        tls = f"--ssl-cert={PKI}/rsa.chain.pem --ssl-key={PKI}/rsa.key"
        files = f"--socket={site.directory}/socket --pid-file={site.directory}/pid"
        site.spawn(
            "mariadbd",
            *common.split(),
            *threads.split(),
            *tls.split(),
            *files.split(),
            f"--port={site.ports[0]}",
            f"--init-file={init}",
        )

    def _target(self, visit: Visit, *more: object) -> list[object]:
        return ["--no-defaults", "-h", visit.address, "-P", visit.port, "-u", USER, f"-p{PASSWORD}", *more]

    @client("mariadb")
    def shell(self, visit: Visit) -> None:
        statements = "\n".join(query(visit) for _ in range(visit.rng.randint(1, 8)))
        visit.run("mariadb", *self._target(visit, "--skip-ssl", "shop"), text=statements)

    @client("mariadb TLS")
    def tls(self, visit: Visit) -> None:
        statements = "\n".join(query(visit) for _ in range(visit.rng.randint(1, 8)))
        visit.run("mariadb", *self._target(visit, "--ssl", "--compress", "shop"), text=statements)

    @client("mariadb-dump")
    def dump(self, visit: Visit) -> None:
        visit.run("mariadb-dump", *self._target(visit, "--result-file=dump.sql", "shop", "item"))

    @client("mariadb-slap")
    def slap(self, visit: Visit) -> None:
        load = [
            f"--query={query(visit)}",
            "--create-schema=shop",
            f"--concurrency={visit.rng.randint(1, 3)}",
            f"--iterations={visit.rng.randint(1, 3)}",
        ]
        visit.run("mariadb-slap", *self._target(visit), *load)

    @client("mariadb wrong password")
    def wrong(self, visit: Visit) -> None:
        where = ["--no-defaults", "-h", visit.address, "-P", visit.port, "-u", "admin", f"-p{visit.words(1)}"]
        visit.run("mariadb", *where, "-e", "SELECT 1")
        visit.statuses.clear()
