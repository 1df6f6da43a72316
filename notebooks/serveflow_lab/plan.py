"""The serving plan: what the job reads of a bundle."""

import json
from dataclasses import dataclass

import numpy as np

from serveflow_lab import export

FORMAT = 1

# What the flows of the training data ended by; the job's own defaults.
TIMEOUTS = {
    "tcpIdleMillis": 300_000,
    "udpIdleMillis": 60_000,
    "icmpIdleMillis": 60_000,
    "activeMillis": 1_800_000,
}


@dataclass(frozen=True)
class PlannedStage:
    """A stage with its model's bytes; the last one has no thresholds.

    Flows that leave at least `none` of the probability to no class are unknown at once.
    """

    name: str
    operator: str
    packets: int
    content: bytes
    family: str
    metric: str
    thresholds: np.ndarray | None
    reject: np.ndarray | None
    calibration: dict
    none: float | None = None

    @property
    def file(self):
        return f"{self.name}.onnx"

    def describe(self, features):
        stage = {
            "name": self.name,
            "operator": self.operator,
            "packets": self.packets,
            "features": {
                "set": features.name,
                "version": features.version,
                "sha256": features.sha256[self.packets],
            },
            "model": {
                "file": self.file,
                "sha256": export.sha256(self.content),
                "family": self.family,
            },
            "uncertainty": self.metric,
        }
        if self.thresholds is not None:
            stage["thresholds"] = _floats(self.thresholds)
        if self.reject is not None:
            stage["reject"] = {"thresholds": _floats(self.reject)}
        if self.none is not None:
            stage["reject"] = {"none": _floats([self.none])[0]}
        stage["calibration"] = self.calibration
        return stage


@dataclass(frozen=True)
class Plan:
    """Everything that a bundle's plan.json says."""

    name: str
    version: str
    task: str
    labels: tuple
    deadline_seconds: float
    stages: list
    features: object
    evidence: dict

    def document(self):
        deadline = {"deadlineMillis": round(self.deadline_seconds * 1000)}
        return {
            "formatVersion": FORMAT,
            "name": self.name,
            "version": self.version,
            "task": self.task,
            "labels": list(self.labels),
            "timeouts": TIMEOUTS | deadline,
            "stages": [stage.describe(self.features) for stage in self.stages],
            **self.evidence,
        }

    def write(self, directory):
        """Writes plan.json and the models; the directory must be there."""
        for stage in self.stages:
            (directory / stage.file).write_bytes(stage.content)
        text = json.dumps(self.document(), indent=2, allow_nan=False)
        (directory / "plan.json").write_text(text + "\n", encoding="utf-8")


def _floats(values):
    """As the shortest text that reads back as the same float."""
    values = np.asarray(values, dtype=np.float32)
    if len(np.unique(values)) == 1:
        values = values[:1]
    return [float(str(value)) for value in values]
