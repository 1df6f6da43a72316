"""Message brokers: MQTT and AMQP."""

from __future__ import annotations

from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit


class Mqtt(Service):
    """mosquitto, versions 3.1 to 5, plain and TLS."""

    label, port, weight = "MQTT", 1883, 4
    packages, programs = ("mosquitto", "mosquitto-clients"), ("mosquitto", "mosquitto_pub", "mosquitto_sub")

    def start(self, site: Site) -> None:
        listeners = "".join(f"listener {port}\n" for port in site.ports)
        tls = f"listener 8883\ncertfile {PKI}/rsa.chain.pem\nkeyfile {PKI}/rsa.key\n"
        config = site.file("mosquitto.conf", f"allow_anonymous true\nuser root\n{listeners}{tls}")
        site.spawn("mosquitto", "-c", config)

    def label_of(self, protocol: str, port: int, site: Site) -> str | None:
        return "TLS" if port == 8883 else super().label_of(protocol, port, site)

    def _target(self, visit: Visit) -> list[object]:
        version = visit.rng.choice(("mqttv31", "mqttv311", "mqttv311", "mqttv5"))
        return [
            "-h",
            visit.address,
            "-p",
            visit.port,
            "-V",
            version,
            "-i",
            f"{visit.words(1)}-{visit.rng.randrange(999)}",
        ]

    @client("sensor QoS 0")
    def sensor(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 4)):
            reading = f'{{"t":{visit.rng.uniform(-10, 35):.1f},"rh":{visit.rng.randrange(100)}}}'
            visit.run("mosquitto_pub", *self._target(visit), "-t", f"home/{visit.rng.choice(WORDS)}", "-m", reading)
            visit.think(0.2, 2)

    @client("gateway QoS 1 and 2")
    def gateway(self, visit: Visit) -> None:
        lines = "\n".join(visit.words(6) for _ in range(visit.rng.randint(3, 25)))
        qos = visit.rng.choice((1, 2))
        visit.run("mosquitto_pub", *self._target(visit), "-t", "plant/line1", "-q", qos, "-l", text=lines + "\n")

    @client("subscriber")
    def subscriber(self, visit: Visit) -> None:
        seconds = visit.rng.randint(4, 15)
        visit.run(
            "mosquitto_sub", *self._target(visit), "-t", "#", "-q", visit.rng.randrange(3), "-k", 5, "-W", seconds
        )
        visit.statuses.clear()  # it always ends by its timeout

    @client("mosquitto_pub TLS")
    def tls(self, visit: Visit) -> None:
        where = ["-h", visit.address, "-p", 8883, "--cafile", visit.ca, "--insecure"]
        visit.run("mosquitto_pub", *where, "-t", f"home/{visit.rng.choice(WORDS)}", "-m", visit.words(5))


class Amqp(Service):
    """RabbitMQ."""

    label, port = "AMQP", 5672
    packages = ("rabbitmq-server", "amqp-tools")
    programs = ("rabbitmq-server", "amqp-publish", "amqp-get", "amqp-consume", "amqp-declare-queue")
    modules = {"pika": "pika"}

    def start(self, site: Site) -> None:
        listeners = "".join(f"listeners.tcp.{i} = :::{port}\n" for i, port in enumerate(site.ports, 1))
        config = site.file("rabbitmq.conf", f"{listeners}loopback_users = none\nlog.console = true\nlog.file = false\n")
        site.file(".erlang.cookie", "TESTBEDTESTBEDTESTBED", 0o400)
        site.directory.chmod(0o777)
        settings = {
            "RABBITMQ_CONFIG_FILE": config,
            "RABBITMQ_MNESIA_BASE": site.directory / "mnesia",
            "RABBITMQ_LOG_BASE": site.directory / "log",
            "RABBITMQ_NODENAME": "rabbit@localhost",
            "RABBITMQ_PID_FILE": site.directory / "pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": site.file("plugins", "[].\n"),
            "HOME": site.directory,
        }
        server = "/usr/lib/rabbitmq/bin/rabbitmq-server"
        site.spawn("env", *(f"{key}={value}" for key, value in settings.items()), server)

    def _url(self, visit: Visit) -> str:
        return f"--url=amqp://guest:guest@{visit.authority}"

    @client("amqp-tools")
    def tools(self, visit: Visit) -> None:
        queue = visit.rng.choice(WORDS)
        visit.run("amqp-declare-queue", self._url(visit), "-q", queue)
        for _ in range(visit.rng.randint(1, 3)):
            visit.run("amqp-publish", self._url(visit), "-r", queue, "-b", visit.words(visit.rng.randint(2, 80)))
        visit.run("amqp-get", self._url(visit), "-q", queue)
        visit.statuses.clear()  # an empty queue counts as a failure

    @client("pika producer")
    def producer(self, visit: Visit) -> None:
        visit.python("amqp", "publish", visit.address, visit.port, visit.rng.randint(3, 25), visit.rng.getrandbits(32))

    @client("pika consumer")
    def consumer(self, visit: Visit) -> None:
        visit.python("amqp", "consume", visit.address, visit.port, visit.rng.randint(3, 10), visit.rng.getrandbits(32))
