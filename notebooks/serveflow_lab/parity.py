"""The gate that a bundle must pass before it is written.

On every held-out flow, those of no class among them, the probabilities of the trained model, of
ONNX Runtime in Python and of the job's own `classify` must agree, and the job must route every flow
as the lab does and answer it once.
"""

from dataclasses import dataclass

import numpy as np

from serveflow_lab import export, launcher, routing, verdicts
from serveflow_lab.errors import LabError

TOLERANCE = 1e-5


@dataclass(frozen=True)
class Parity:
    flows: int
    onnx_difference: float
    job_difference: float

    def describe(self):
        return {
            "flows": self.flows,
            "tolerance": TOLERANCE,
            "largestDifferenceOnnx": float(f"{self.onnx_difference:.2g}"),
            "largestDifferenceJob": float(f"{self.job_difference:.2g}"),
            "routingDecisionsDiffering": 0,
        }


def check_onnx(stages, models, data):
    """Trained model against ONNX Runtime; returns the probabilities of serving, by stage."""
    served, worst = [], 0.0
    for stage, (model, calibration) in zip(stages, models):
        rows = data.rows(stage.packets)
        found = export.probabilities(stage.content, rows)
        expected = calibration.probabilities(model.shares(rows))
        difference = float(np.abs(found - expected).max())
        # Asked this way round, NaN is refused: it is neither more nor less than anything.
        if not difference <= TOLERANCE:
            raise LabError(
                f"parity: ONNX Runtime differs from the trained {stage.name} model by"
                f" {difference:.2g}, more than {TOLERANCE:g}"
            )
        worst = max(worst, difference)
        served.append(found)
    return served, worst


def check_job(stages, served, job, data):
    """The lab's routing of `served` probabilities against the job's verdicts; returns the largest
    difference of a probability."""
    expected = routing.route(stages, served, data.flows["packets"].to_numpy())
    # By id, not by start: the start that a verdict tells is that of the packets it rests on, and the
    # first that arrived is not always the earliest.
    _refuse_two_verdicts(job)
    row_of = {flow: row for row, flow in enumerate(zip(job["path"], job["flow"]))}
    differences, routed_otherwise, missing = [0.0], [], 0
    names = [stage.name for stage in stages]
    said = job[["stage", "answer", "top"]].to_numpy()
    for i, flow in enumerate(zip(data.flows["file"], data.flows["flow"])):
        row = row_of.get(flow)
        if row is None:
            missing += 1
            continue
        stage, answer, top = said[row]
        if stage != names[expected.stage[i]] or answer != expected.answers[i]:
            routed_otherwise.append((i, stage, answer))
            continue
        # A verdict without probabilities is that of a model that gave none.
        differences += [
            abs(float(expected.probabilities[i, data.labels.index(label)]) - probability)
            for label, probability in top.items()
        ] or [np.nan]
    if missing:
        raise LabError(f"parity: the job gave no verdict for {missing} of {len(data)} flows")
    if routed_otherwise:
        i, stage, answer = routed_otherwise[0]
        raise LabError(
            f"parity: the job routes {len(routed_otherwise)} of {len(data)} flows otherwise, such as"
            f" flow {data.flows['flow_id'][i]}: stage {stage} instead of"
            f" {names[expected.stage[i]]}, answer {answer} instead of {expected.answers[i]}"
        )
    worst = float(np.max(differences))
    if not worst <= TOLERANCE:
        raise LabError(f"parity: the job's probabilities differ by {worst:.2g}")
    return worst


def _refuse_two_verdicts(job):
    again = job[job.duplicated(["path", "flow"])]
    if len(again):
        raise LabError(
            f"parity: the job gave more than one verdict to a flow, such as {again['flow'].iloc[0]}"
            f" of {again['path'].iloc[0]}"
        )


def check(directory, stages, models, data):
    """Raises unless all three worlds agree on `data`'s flows; else says how closely."""
    served, onnx_difference = check_onnx(stages, models, data)
    lines = launcher.classify(sorted(set(data.captures)), directory, "cascade")
    job = verdicts.table(lines, data.labels)
    return Parity(len(data), onnx_difference, check_job(stages, served, job, data))
