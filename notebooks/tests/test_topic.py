import io
from datetime import datetime, timezone

import fastavro
import pytest

from serveflow_lab import topic, verdicts

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


def encoded():
    body = io.BytesIO()
    fastavro.schemaless_writer(body, topic.schema(), VERDICT)
    return body.getvalue()


@pytest.mark.parametrize("header", [b"\xc3\x01" + b"12345678", b"\0" + b"0007"])
def test_reads_both_wire_formats(header):
    verdict = topic.decode(header + encoded(), topic.schema())

    row = verdicts.table([topic.as_json(verdict)], ["DNS", "mDNS"]).iloc[0]
    assert (row["src"], row["dport"], row["answer"], row["stage"]) == ("2001:db8::1", 53, 0, "fast")
    assert row["start"] == pytest.approx(AT.timestamp(), abs=1e-6)
    assert topic.as_json(verdict)["serveflow"]["latency_seconds"] == pytest.approx(0.002)


def test_refuses_what_is_neither():
    with pytest.raises(ValueError, match="neither"):
        topic.decode(b"{}", topic.schema())
