from dataclasses import replace

import numpy as np
import pytest

from serveflow_lab import evidence, export


def test_a_stage_in_between_answers_early_too(trained):
    held_out = trained.held_out.known()
    first, *_, last = trained.plan.stages
    count = len(trained.plan.labels)
    never, always = np.full(count, -1, np.float32), np.full(count, 1, np.float32)
    stages = [
        replace(first, thresholds=never, none=None),
        replace(last, name="middle", thresholds=always, reject=None),
        replace(last, reject=None),
    ]
    told = evidence.held_out_figures(stages, held_out)["test"]

    fast, slow = (
        export.probabilities(stage.content, held_out.rows(stage.packets)).argmax(axis=1)
        for stage in (first, last)
    )
    harmed = (fast != held_out.classes) & (slow == held_out.classes)
    short = held_out.flows["packets"].to_numpy() < last.packets
    assert told["answeredOnPacket1"] == 0
    assert told["wrongFastRightSlow"] == harmed.sum() > 0
    # Whatever has the packets of the stage in between is answered by it.
    assert told["wrongFastRightSlowEscalated"] == pytest.approx(short[harmed].mean())
    assert 0 < short[harmed].mean() < 1
