import io
import itertools
import random
import subprocess
import threading
from datetime import datetime, timezone
from pathlib import Path

import fastavro
import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic
from conftest import damaged

from serveflow_lab import labels, launcher, topic, verdicts
from serveflow_lab.bundle import Bundle
from serveflow_lab.errors import LabError

AT = datetime(2026, 11, 1, 12, 0, 0, 250000, tzinfo=timezone.utc)
VERDICT = {
    "verdictId": "a" * 32,
    "flowId": "b" * 32,
    "segment": 0,
    "communityId": "1:x",
    "originatorAddress": "2001:db8::1",
    "originatorPort": 50000,
    "responderAddress": "2001:db8::2",
    "responderPort": 53,
    "protocol": 17,
    "vlan": 0,
    "domain": 0,
    "task": "service-recognition",
    "label": "DNS",
    "confidence": 0.9,
    "uncertainty": 0.1,
    "top": [{"label": "DNS", "probability": 0.9}, {"label": "mDNS", "probability": 0.05}],
    "stage": "fast",
    "reason": "CONFIDENT",
    "packetsUsed": 1,
    "modelName": "m",
    "modelVersion": "1",
    "modelSha256": "c" * 64,
    "firstPacketMicros": AT,
    "lastPacketMicros": AT,
    "decisionTimeMicros": AT,
    "firstPublishTimeMicros": int(AT.timestamp() * 1e6) - 2000,
}


def encoded(**changed):
    body = io.BytesIO()
    fastavro.schemaless_writer(body, topic.schema(), VERDICT | changed)
    return body.getvalue()


HEADER = topic.single_object_header()


def record(number, **changed):
    return HEADER + encoded(verdictId=f"{number:032x}", originatorPort=number, **changed)


@pytest.fixture(scope="module")
def broker():
    command = [str(launcher.path()), "broker", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.terminate()


def write(broker, name, numbers, **options):
    producer = Producer({"bootstrap.servers": broker, **options})
    if options:
        producer.init_transactions(30)
        producer.begin_transaction()
    for number in numbers:
        producer.produce(name, record(number), key=str(number))
    producer.flush(30)
    if options:
        producer.commit_transaction(30)
        # A commit is answered before its marks are written; the next producer waits for them.
        Producer({"bootstrap.servers": broker, **options}).init_transactions(30)


def ports_in(broker, name):
    return sorted(verdict["source"]["port"] for verdict in topic.read(broker, name))


def make(broker, name, partitions=3):
    admin = AdminClient({"bootstrap.servers": broker})
    admin.create_topics([NewTopic(name, partitions, 1)])[name].result(30)


def test_reads_every_verdict_once(broker):
    make(broker, "all")
    write(broker, "all", range(500))
    write(broker, "all", range(400, 500))

    assert ports_in(broker, "all") == list(range(500))


def test_reads_verdicts_of_transactions(broker):
    make(broker, "transactions")
    write(broker, "transactions", range(50), **{"transactional.id": "t"})

    assert ports_in(broker, "transactions") == list(range(50))


def test_ends_while_others_go_on_writing(broker):
    make(broker, "live", partitions=1)
    write(broker, "live", range(100))
    stop = threading.Event()

    def go_on():
        producer = Producer({"bootstrap.servers": broker})
        for number in itertools.count(100):
            if stop.wait(0.002):
                return
            producer.produce("live", record(number))
            producer.poll(0)

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        found = ports_in(broker, "live")
    finally:
        stop.set()
        writer.join()
    assert found == list(range(len(found))) and len(found) >= 100


def test_an_empty_topic_has_no_verdicts(broker):
    make(broker, "empty")

    assert topic.read(broker, "empty") == []


def test_a_broker_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr(topic, "PATIENCE", 1)

    with pytest.raises(LabError, match="localhost:1"):
        topic.read("localhost:1")


@pytest.mark.parametrize("header", [HEADER, b"\0" + b"0007"])
def test_reads_both_wire_formats(header):
    verdict = topic.decode(header + encoded(), topic.schema(), HEADER)

    row = verdicts.table([topic.as_json(verdict)], ["DNS", "mDNS"]).iloc[0]
    assert (row["src"], row["dport"], row["answer"], row["stage"]) == ("2001:db8::1", 53, 0, "fast")
    assert row["start"] == pytest.approx(AT.timestamp(), abs=1e-6)
    assert topic.as_json(verdict)["serveflow"]["latency_seconds"] == pytest.approx(0.002)


def test_the_fingerprint_is_the_one_that_the_job_writes():
    # Avro's own SchemaNormalization gives these bytes for Verdict.avsc.
    assert HEADER == bytes.fromhex("c301c014dcc48f5fdb85")


@pytest.mark.parametrize(
    ("record", "message"),
    [(b"{}", "neither"), (b"\xc3\x01" + b"12345678" + encoded(), "another schema")],
)
def test_refuses_what_is_no_verdict(record, message):
    with pytest.raises(ValueError, match=message):
        topic.decode(record, topic.schema(), HEADER)


@pytest.mark.parametrize(
    "changed",
    [
        # The last year that a datetime has is 9999, the last that pandas counts in nanoseconds 2262.
        {"firstPacketMicros": 1 << 60},
        {"decisionTimeMicros": -(1 << 60)},
        {"firstPublishTimeMicros": 1 << 60},
        {"lastPacketMicros": AT.replace(year=2300)},
        {"originatorAddress": "2001:db8::x"},
        {"responderPort": 65536},
        {"protocol": -1},
        {"confidence": float("nan")},
        {"top": [{"label": "DNS", "probability": 1.5}]},
    ],
)
def test_a_value_that_no_job_writes_makes_a_record_none(changed):
    assert topic.verdict_in(HEADER + encoded(**changed), topic.schema(), HEADER) is None


def test_takes_a_probability_that_floats_made_a_little_more_than_one():
    sure = HEADER + encoded(confidence=1.0000001192092896)

    assert topic.verdict_in(sure, topic.schema(), HEADER) is not None


def test_no_damage_to_a_record_ends_the_reading():
    chance, schema, classes = random.Random(1), topic.schema(), ["DNS", "mDNS"]
    mine = Bundle(Path("bundle"), {"name": "m", "labels": classes})
    headers = [HEADER, b"\0" + b"0007"]
    records = [head + damaged(encoded(), chance) for head in headers for _ in range(3000)]
    read = [topic.verdict_in(record, schema, HEADER) for record in records]
    kept = [verdict for verdict in read if verdict is not None]
    assert 100 < len(kept) < len(records) - 100

    # What is let through can be joined with labels and judged.
    assert len(list(labels.keys(verdicts.table(kept, classes)))) == len(kept)
    own = [verdict for verdict in kept if topic._is_of(mine, verdict["serveflow"])]
    assert len(verdicts.top_answer(verdicts.table(own, classes), classes)) == len(own) > 100


def test_passes_over_verdicts_of_others(broker, capsys):
    make(broker, "shared", partitions=1)
    top = [{"label": "QUIC", "probability": 0.9}]
    values = [
        record(1),
        record(2, modelName="other"),
        record(3, label="QUIC"),
        record(4, label="unknown", top=top),
        record(5, label="unknown"),
        record(6, top=[{"label": "unknown", "probability": 0.9}]),
        record(7, firstPacketMicros=1 << 60),
        b"{}",
        b"\xc3\x01" + b"12345678" + encoded(),
        b"\0",
    ]
    producer = Producer({"bootstrap.servers": broker})
    for value in values:
        producer.produce("shared", value)
    producer.flush(30)
    mine = Bundle(Path("bundle"), {"name": "m", "labels": ["DNS", "mDNS"]})

    found = topic.read(broker, "shared", mine)
    assert [verdict["source"]["port"] for verdict in found] == [1, 5]
    told = "serveflow: shared: passed over 4 verdicts of other models and 4 other records\n"
    assert capsys.readouterr().err == told
    assert len(topic.read(broker, "shared")) == 6
