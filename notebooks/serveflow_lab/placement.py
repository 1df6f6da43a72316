"""Which model answers where: read off the Pareto front of F1 against what a flow costs.

The cost is counted at measured prices (`work`): places given by a clock would differ from one
training to the next. The clock is asked all the same, and what it says is reported.
"""

from dataclasses import dataclass, replace

import numpy as np

from serveflow_lab import candidates, work
from serveflow_lab.families import Family

# The batch size that costs and budgets are stated for.
BATCH = 32

# Flows that costs are counted and timed on, out of all captures alike.
COUNTED_FLOWS = 4096

# How far a stage between may stay behind the slow model's macro-F1.
NEARLY_AS_GOOD = 0.03

# Scores count as better only by more than this: less is noise of the folds.
NOTICEABLE_F1 = 0.005
NOTICEABLE_LOSS = 0.015

# A model before the fast one must take clearly less time than it.
FASTEST_SHARE = 0.7

TREE = Family("decision-tree", leaf=5, leaves=200)
SMALL_FOREST = Family("random-forest", size=6, leaf=3, leaves=400)
LIGHT_FOREST = Family("mixed-forest", size=10, leaf=4)
MEDIUM_FOREST = Family("mixed-forest", size=12, leaf=4)
FOREST = Family("mixed-forest", size=25, leaf=4)
MESSAGE_FOREST = Family("message-forest", size=6, leaf=4)
VECTORS = Family("vector-boosting", size=20, leaf=20, leaves=24, share=0.5, rate=0.4)
SMALL_BOOSTED = Family("lightgbm", size=25, leaves=7, share=0.5, rate=0.15)
BOOSTED = Family("lightgbm", size=30, leaves=15, share=0.2, rate=0.15)
SMALL_BLEND = Family("blend", parts=(Family("mixed-forest", size=12), SMALL_BOOSTED))
BLEND = Family("blend", parts=(FOREST, BOOSTED))

DEFAULT_GRID = (
    (VECTORS, (1,)),
    (LIGHT_FOREST, (4,)),
    (MEDIUM_FOREST, (5,)),
    (MESSAGE_FOREST, (6,)),
)

# For whoever has more time than two cores leave a flow: wants larger budgets, too.
THOROUGH_GRID = (
    *DEFAULT_GRID,
    (TREE, (1,)),
    (SMALL_FOREST, (1,)),
    (LIGHT_FOREST, (1, 3, 5)),
    (MESSAGE_FOREST, (5, 8)),
    (FOREST, (1, 2, 3, 5, 10, 20)),
    (SMALL_BLEND, (1,)),
    (BOOSTED, (1, 2, 3, 5, 10, 20)),
    (BLEND, (5, 10)),
)

QUICK_GRID = ((TREE, (1,)), (LIGHT_FOREST, (1, 4, 10)))

NOTEBOOK_GRID = (
    (TREE, (1,)),
    (SMALL_FOREST, (1,)),
    (VECTORS, (1,)),
    (LIGHT_FOREST, (1, 4, 10)),
    (MEDIUM_FOREST, (5,)),
    (MESSAGE_FOREST, (6,)),
)


@dataclass(frozen=True)
class Placement:
    fastest: candidates.Candidate | None
    fast: candidates.Candidate
    middle: candidates.Candidate | None
    slow: candidates.Candidate
    judged: list

    def with_slow(self, slow):
        return replace(self, slow=slow)

    @property
    def stages(self):
        named = [("fastest", self.fastest), ("fast", self.fast), ("middle", self.middle)]
        return [(n, c) for n, c in named if c is not None] + [("slow", self.slow)]


def search(data, grid, seed, content_of, progress, jobs=2):
    """Judges every family at every depth, and counts and times what would be served."""
    judged = []
    for family, depths in grid:
        for depth in depths:
            candidate = candidates.judge(data, family, depth, seed, jobs)
            judged.append(candidate)
            progress(
                f"{candidate.name:20s} macro-F1 {candidate.macro_f1:.3f}"
                f"  accuracy {candidate.accuracy:.3f}  log loss {candidate.log_loss:.3f}"
            )
    some = np.unique(np.linspace(0, len(data) - 1, COUNTED_FLOWS).astype(int))
    models = [(content_of(c), data.rows(c.depth)[some]) for c in judged]
    timed = [
        replace(candidate, counted=work.micros(*model), micros=micros)
        for candidate, model, micros in zip(judged, models, candidates.latencies(models))
    ]
    costs = (f"{c.name} {c.counted:.2f} ({c.micros[BATCH]:.2f})" for c in timed)
    progress("us a flow as counted (and as measured here): " + ", ".join(costs))
    return timed


def pareto(judged):
    """Candidates that none other beats in both macro-F1 and cost."""
    front = [
        c
        for c in judged
        if not any(o.macro_f1 >= c.macro_f1 and o.counted < c.counted for o in judged)
    ]
    return sorted(front, key=lambda c: c.counted)


def place(judged, budget):
    """Picks the stages from what was judged."""
    first = [c for c in judged if c.depth == 1]
    slow = _slow([c for c in judged if c.depth >= 5], budget.slow)
    fast = _early(first, budget.fast)
    fastest = _before(fast, first)
    between = [c for c in judged if 1 < c.depth < slow.depth and c.macro_f1 > fast.macro_f1]
    return Placement(fastest, fast, _middle(between, slow, budget), slow, judged)


def not_kept(placed, budget):
    """In words, what was asked for and could not be had."""
    for name, stage, most in (
        ("fast", placed.fast, budget.fast),
        ("slow", placed.slow, budget.slow),
    ):
        if stage.counted > most:
            yield (
                f"no {name} model takes {most:g} us a flow or less;"
                f" {stage.name}, the cheapest, takes {stage.counted:.2f}"
            )
    if budget.between and placed.middle is None:
        yield (
            "no stage between: that takes a model of more than one packet and fewer than"
            f" {placed.slow.depth}, at most {budget.middle:g} us, better than the fast one and"
            f" within {NEARLY_AS_GOOD:g} of the slow one's macro-F1"
        )


def _early(eligible, micros):
    """The one whose probabilities are worth most: the gate lives on them."""
    return min(_within(eligible, micros), key=lambda c: (c.log_loss, c.counted))


def _before(fast, eligible):
    """What is worth asking first, if anything is that much cheaper."""
    cheaper = [c for c in eligible if c.counted <= FASTEST_SHARE * fast.counted]
    return _early(cheaper, fast.counted) if cheaper else None


def _slow(eligible, micros):
    """Of the best by macro-F1 the best by log loss, and of those the one that waits least."""
    within = _within(eligible, micros)
    top = max(c.macro_f1 for c in within)
    near = [c for c in within if c.macro_f1 >= top - NOTICEABLE_F1]
    lowest = min(c.log_loss for c in near)
    near = [c for c in near if c.log_loss <= lowest + NOTICEABLE_LOSS]
    return min(near, key=lambda c: (c.depth, c.log_loss))


def _within(eligible, micros):
    """Where nothing is within the budget there is a plan all the same: the cheapest."""
    within = [c for c in eligible if c.counted <= micros]
    return within or [min(eligible, key=lambda c: c.counted)]


def _middle(between, slow, budget):
    """The earliest depth that already closes most of the way to the slow model."""
    if not budget.between:
        return None
    within = [c for c in between if c.counted <= budget.middle]
    good = [c for c in within if slow.macro_f1 - c.macro_f1 <= NEARLY_AS_GOOD]
    if not good:
        return None
    earliest = min(c.depth for c in good)
    return max((c for c in good if c.depth == earliest), key=lambda c: c.macro_f1)
