"""The gate: what agrees passes, and nothing else does."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import flows_of
from onnx import TensorProto, checker, helper

from serveflow_lab import export, launcher, parity, verdicts
from serveflow_lab.dataset import NO_CLASS
from serveflow_lab.errors import LabError


@pytest.fixture(scope="module")
def gate(settings, trained):
    """What the gate compares: stages, served probabilities, the job's verdicts, the flows."""
    data = trained.held_out
    stages = trained.plan.stages
    served = [export.probabilities(stage.content, data.rows(stage.packets)) for stage in stages]
    lines = launcher.classify(sorted(set(data.captures)), settings.out, "cascade")
    return SimpleNamespace(
        stages=stages, served=served, job=verdicts.table(lines, data.labels), data=data
    )


def check(gate, **changed):
    parts = vars(gate) | changed
    return parity.check_job(parts["stages"], parts["served"], parts["job"], parts["data"])


def told(gate, change):
    """The job's verdicts, with the first held-out flow's probabilities passed through `change`."""
    meant = gate.job["flow"] == gate.data.flows["flow"][0]
    tops = [change(top) if mine else top for mine, top in zip(meant, gate.job["top"])]
    return gate.job.assign(top=tops)


def test_passes_what_agrees(gate):
    assert check(gate) <= 1e-5


def test_refuses_a_plan_that_the_job_reads_otherwise(gate):
    shifted = [
        replace(stage, thresholds=None if stage.thresholds is None else stage.thresholds - 0.2)
        for stage in gate.stages
    ]

    with pytest.raises(LabError, match="routes .* otherwise"):
        check(gate, stages=shifted)


@pytest.mark.parametrize(
    "change",
    [
        lambda top: {label: p - 0.001 for label, p in top.items()},
        lambda top: {label: float("nan") for label in top},
        lambda top: {},
    ],
)
def test_refuses_probabilities_that_differ_in_one_flow(gate, change):
    with pytest.raises(LabError, match="the job's probabilities differ"):
        check(gate, job=told(gate, change))


def test_refuses_a_flow_without_a_verdict(gate):
    flow = gate.data.flows["flow"][0]

    with pytest.raises(LabError, match=f"no verdict for 1 of {len(gate.data)} flows"):
        check(gate, job=gate.job[gate.job["flow"] != flow])


def test_refuses_two_verdicts_for_one_flow(gate):
    flow = gate.data.flows["flow"][0]
    again = gate.job[gate.job["flow"] == flow].assign(answer=-1)

    with pytest.raises(LabError, match=f"more than one verdict to a flow, such as {flow}"):
        check(gate, job=pd.concat([again, gate.job]))


def test_compares_flows_of_no_class_as_well(gate, settings, trained):
    none = gate.data.flows["flow"][gate.data.classes == NO_CLASS]
    answer = gate.job["answer"].mask(gate.job["flow"].isin(none), len(gate.data.labels))

    assert len(none) > 0
    with pytest.raises(LabError, match=f"routes {len(none)} of {len(gate.data)} flows otherwise"):
        check(gate, job=gate.job.assign(answer=answer))
    # The bundle that was written went through the gate with all of them.
    card = (settings.out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"On {len(trained.held_out):,} held-out flows" in card


def stage_that_answers(operator):
    """A stage whose ONNX file applies one operator to the features."""
    graph = helper.make_graph(
        [helper.make_node(operator, ["features"], ["probabilities"])],
        "test",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["flows", 2])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["flows", 2])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", export.OPSET)])
    model.ir_version = export.IR_VERSION
    checker.check_model(model)
    return SimpleNamespace(name="fast", packets=1, content=model.SerializeToString())


class Same:
    """A model and a calibration that give what they are given."""

    def shares(self, rows):
        return rows

    probabilities = shares


def test_compares_onnx_runtime_with_the_trained_model():
    data = flows_of([0, 1], ["a", "b"], [[0.25, 0.75], [1, 0]])
    models = [(Same(), Same())]
    served, worst = parity.check_onnx([stage_that_answers("Identity")], models, data)

    assert worst == 0 and served[0].tolist() == data.rows(1).tolist()
    with pytest.raises(LabError, match="differs from the trained fast model by 0.16"):
        parity.check_onnx([stage_that_answers("Sin")], models, data.take(np.array([False, True])))
    with pytest.raises(LabError, match="by nan"):
        nan = replace(data, features=replace(data.features, rows={1: data.rows(1) * np.nan}))
        parity.check_onnx([stage_that_answers("Identity")], models, nan)
