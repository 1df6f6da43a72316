"""Key-value stores: Redis and memcached."""

from __future__ import annotations

from ..names import WORDS
from ..service import Service, Site, client
from ..visit import Visit


class Redis(Service):
    """Redis."""

    label, port = "Redis", 6379
    packages, programs = ("redis-server", "redis-tools"), ("redis-server", "redis-cli", "redis-benchmark")

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.spawn("redis-server", "--port", port, "--bind", "*", "-::*", "--save", "", "--protected-mode", "no")

    def _cli(self, visit: Visit, *arguments: object, text: str | None = None) -> None:
        visit.run("redis-cli", "-h", visit.address, "-p", visit.port, *arguments, text=text)

    @client("redis-cli")
    def cli(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 4)):
            key = f"user:{visit.rng.randrange(1000)}"
            self._cli(
                visit, *visit.rng.choice((("SET", key, visit.words(20)), ("GET", key), ("INCR", "hits"), ("PING",)))
            )

    @client("redis-cli RESP3 script")
    def script(self, visit: Visit) -> None:
        lines = [f"LPUSH jobs {visit.rng.choice(WORDS)}" for _ in range(visit.rng.randint(3, 15))]
        self._cli(visit, "-3", text="\n".join([*lines, "LRANGE jobs 0 50", "QUIT"]) + "\n")

    @client("redis-benchmark")
    def benchmark(self, visit: Visit) -> None:
        count = ["-n", visit.rng.randint(10, 60), "-c", visit.rng.randint(1, 3), "-q", "-t", "set,get"]
        visit.run("redis-benchmark", "-h", visit.address, "-p", visit.port, *count)


class Memcached(Service):
    """memcached with the text, meta and binary protocol."""

    label, port = "Memcached", 11211
    packages, programs = ("memcached", "libmemcached-tools"), ("memcached", "memcping", "memccat", "memccp")

    def start(self, site: Site) -> None:
        for port in site.ports:
            site.spawn("memcached", "-u", "nobody", "-p", port, "-U", 0, "-l", "::", "-l", "0.0.0.0")

    @client("text protocol")
    def text(self, visit: Visit) -> None:
        commands = []
        for _ in range(visit.rng.randint(1, 12)):
            key, value = visit.rng.choice(WORDS), visit.words(visit.rng.randint(1, 60))
            commands.append(
                visit.rng.choice((f"get {key}", f"set {key} 0 300 {len(value)}\n{value}", f"mg {key} v t", "stats"))
            )
        text = "\\r\\n".join("\n".join(commands).split("\n"))
        visit.shell(
            f"(printf '{text}\\r\\n'; sleep {visit.rng.uniform(0.5, 2):.1f}; printf 'quit\\r\\n')"
            f" | timeout 20 nc -N {visit.address} {visit.port}"
        )

    @client("libmemcached")
    def library(self, visit: Visit) -> None:
        servers = f"--servers={visit.authority}"
        binary = visit.rng.choice(([], ["--binary"]))
        visit.run("memccp", servers, *binary, visit.blob("value.bin", 100, 60_000))
        visit.run("memccat", servers, *binary, "value.bin")
