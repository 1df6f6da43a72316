"""Verdicts from the Kafka topic, as the dictionaries that `serveflow classify` prints."""

import io
import ipaddress
import json
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import fastavro
from fastavro.schema import fingerprint, to_parsing_canonical_form

from serveflow_lab.errors import LabError

SCHEMA = (
    Path(__file__).resolve().parents[2] / "schemas" / "src" / "main" / "avro" / "Verdict.avsc"
)

# Avro's single-object encoding: two marker bytes and the writer schema's eight-byte fingerprint.
SINGLE_OBJECT = b"\xc3\x01"
SINGLE_OBJECT_HEADER = 10
# The registry's wire format: a zero byte and a four-byte schema id.
CONFLUENT_HEADER = 5

# Sums of floats: probabilities of the job may be a ten-thousandth beyond 0 and 1.
SLACK = 1e-3

# Captures count nanoseconds since 1970 in 64 bits, and so does pandas.
EARLIEST = datetime(1678, 1, 1, tzinfo=timezone.utc)
LATEST = datetime(2262, 1, 1, tzinfo=timezone.utc)

# Seconds in which a broker answers, also one that is reached for the first time.
PATIENCE = 30


def schema():
    return fastavro.parse_schema(json.loads(SCHEMA.read_text(encoding="utf-8")))


def single_object_header():
    """What a verdict of this release begins with."""
    text = to_parsing_canonical_form(json.loads(SCHEMA.read_text(encoding="utf-8")))
    return SINGLE_OBJECT + bytes.fromhex(fingerprint(text, "CRC-64-AVRO"))


def verdict_in(record, reader_schema, header):
    """One Kafka record's verdict as `as_json` has it; None where the record is no verdict."""
    try:
        verdict = decode(record, reader_schema, header)
        _check(verdict)
        return as_json(verdict)
    except Exception:
        # Anybody may write to a topic, and a damaged record can end in whatever Avro, datetime or
        # ipaddress raise. The reader counts it.
        return None


def decode(record, reader_schema, header):
    """One Kafka record, in either wire format, as Avro's plain values.

    `header` is that of the reader's schema: with another, the record is none of its verdicts.
    """
    if record.startswith(SINGLE_OBJECT):
        if not record.startswith(header):
            raise ValueError("a record of another schema")
        body = record[SINGLE_OBJECT_HEADER:]
    elif record[:1] == b"\0":
        body = record[CONFLUENT_HEADER:]
    else:
        raise ValueError("neither single-object encoding nor the registry's wire format")
    return fastavro.schemaless_reader(io.BytesIO(body), reader_schema, reader_schema)


def _check(verdict):
    """Refuses values that no job writes: a damaged record may decode all the same."""
    for end in ("originator", "responder"):
        ipaddress.ip_address(verdict[f"{end}Address"])
        _within(0, verdict[f"{end}Port"], 65535)
    _within(0, verdict["protocol"], 255)
    for share in (verdict["confidence"], *(top["probability"] for top in verdict["top"])):
        _within(-SLACK, share, 1 + SLACK)
    for packet in ("firstPacketMicros", "lastPacketMicros"):
        _within(EARLIEST, verdict[packet], LATEST)


def _within(least, value, most):
    if not least <= value <= most:
        raise ValueError(f"{value} is not within {least} and {most}")


def as_json(verdict):
    """The fields that the lab reads, where `serveflow classify` has them."""
    return {
        "source": {"ip": verdict["originatorAddress"], "port": verdict["originatorPort"]},
        "destination": {
            "ip": verdict["responderAddress"],
            "port": verdict["responderPort"],
        },
        "network": {"iana_number": str(verdict["protocol"])},
        "serveflow": {
            "verdict_id": verdict["verdictId"],
            "label": verdict["label"],
            "confidence": verdict["confidence"],
            "stage": verdict["stage"],
            "model": {"name": verdict["modelName"]},
            "latency_seconds": _latency(verdict),
            "reason": str(verdict["reason"]).lower(),
            "packets_used": verdict["packetsUsed"],
            "first_packet": verdict["firstPacketMicros"].isoformat(),
            "last_packet": verdict["lastPacketMicros"].isoformat(),
            "flow_id": verdict["flowId"],
            "segment": verdict["segment"],
            "top": [
                {"label": top["label"], "probability": top["probability"]}
                for top in verdict["top"]
            ],
        },
    }


def _latency(verdict):
    """Seconds from publishing the first packet to the decision; None where it is unknown."""
    published = verdict["firstPublishTimeMicros"]
    if published == 0:
        return None
    start = datetime.fromtimestamp(0, timezone.utc) + timedelta(microseconds=published)
    return (verdict["decisionTimeMicros"] - start).total_seconds()


def read(bootstrap_servers, topic="verdicts", bundle=None):
    """All verdicts that the topic holds now, a repeat after a failure dropped.

    Jobs may share a topic: with a bundle, only verdicts of its model and labels.
    """
    from confluent_kafka import Consumer, KafkaException, TopicPartition

    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": "serveflow-lab",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
        }
    )
    try:
        held = consumer.list_topics(topic, timeout=PATIENCE).topics[topic]
        if held.error is not None:
            raise LabError(f"no topic {topic} at {bootstrap_servers}: {held.error.str()}")
        found, reader_schema, header = {}, schema(), single_object_header()
        unreadable, others = 0, set()
        partitions = [TopicPartition(topic, partition, 0) for partition in held.partitions]
        for value in _until_now(consumer, partitions):
            verdict = verdict_in(value, reader_schema, header)
            if verdict is None:
                unreadable += 1
            elif bundle is None or _is_of(bundle, verdict["serveflow"]):
                found[verdict["serveflow"]["verdict_id"]] = verdict
            else:
                others.add(verdict["serveflow"]["verdict_id"])
        if unreadable or others:
            told = f"{len(others):,} verdicts of other models and {unreadable:,} other records"
            print(f"serveflow: {topic}: passed over {told}", file=sys.stderr)
        return list(found.values())
    except KafkaException as wrong:
        raise LabError(f"{bootstrap_servers}: {wrong.args[0].str()}") from wrong
    finally:
        consumer.close()


def _is_of(bundle, said):
    # A verdict may be unknown; probabilities are of classes.
    labels, top = set(bundle.labels), {entry["label"] for entry in said["top"]}
    named = said["label"] in {*labels, "unknown"} and top <= labels
    return said["model"]["name"] == bundle.plan["name"] and named


def _offsets(consumer, partition):
    """The first offset and the end; a topic that was just made may have no leader yet."""
    from confluent_kafka import KafkaError, KafkaException

    no_leader = KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE
    last = time.monotonic() + PATIENCE
    while True:
        try:
            return consumer.get_watermark_offsets(partition, timeout=PATIENCE)
        except KafkaException as wrong:
            if wrong.args[0].code() not in no_leader or time.monotonic() > last:
                raise
            consumer.poll(0.1)


def _until_now(consumer, partitions):
    """What lies in the partitions by the time of the call: a live topic has no end to wait for.

    The last record before an end may be a mark of a transaction, which no reader sees; then the
    client says that it has come to the end.
    """
    from confluent_kafka import KafkaError

    ends = {}
    for partition in partitions:
        low, high = _offsets(consumer, partition)
        if low < high:
            ends[partition.partition] = high
    consumer.assign([p for p in partitions if p.partition in ends])
    while ends:
        record = consumer.poll(PATIENCE)
        if record is None:
            raise LabError(f"the broker sent nothing for {PATIENCE} s")
        if record.error() is None:
            if record.offset() < ends.get(record.partition(), 0) and record.value() is not None:
                yield record.value()
            if record.offset() + 1 >= ends.get(record.partition(), 0):
                ends.pop(record.partition(), None)
        elif record.error().code() == KafkaError._PARTITION_EOF:
            ends.pop(record.partition(), None)
