"""Which model answers where: read off the Pareto front of F1 against measured latency."""

from dataclasses import dataclass, replace

from serveflow_lab import candidates
from serveflow_lab.families import Family

# The batch size that the latency budgets are stated for.
BATCH = 32

# How far a stage between may stay behind the slow model's macro-F1.
NEARLY_AS_GOOD = 0.03

# Scores count as better only by more than this: less is noise of the folds.
NOTICEABLE_F1 = 0.005
NOTICEABLE_LOSS = 0.015

# A model before the fast one must take clearly less time than it. A share, because a machine that
# is slow today is slow for both, and the same captures should give the same plan tomorrow.
FASTEST_SHARE = 0.7

TREE = Family("decision-tree", leaf=5, leaves=200)
SMALL_FOREST = Family("random-forest", size=6, leaf=3, leaves=400)
LIGHT_FOREST = Family("mixed-forest", size=10)
MEDIUM_FOREST = Family("mixed-forest", size=16)
FOREST = Family("mixed-forest", size=25)
VECTORS = Family("vector-boosting", size=20, leaf=20, leaves=24, share=0.5, rate=0.4)
SMALL_BOOSTED = Family("lightgbm", size=25, leaves=7, share=0.5, rate=0.15)
BOOSTED = Family("lightgbm", size=30, leaves=15, share=0.2, rate=0.15)
SMALL_BLEND = Family("blend", parts=(Family("mixed-forest", size=12), SMALL_BOOSTED))
BLEND = Family("blend", parts=(FOREST, BOOSTED))

DEFAULT_GRID = (
    (VECTORS, (1,)),
    (LIGHT_FOREST, (4,)),
    (MEDIUM_FOREST, (5,)),
)

# For whoever has more time than two cores leave a flow: wants larger budgets, too.
THOROUGH_GRID = (
    *DEFAULT_GRID,
    (TREE, (1,)),
    (SMALL_FOREST, (1,)),
    (LIGHT_FOREST, (1, 3, 5)),
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
    """Judges every family at every depth, and times what would be served."""
    judged = []
    for family, depths in grid:
        for depth in depths:
            candidate = candidates.judge(data, family, depth, seed, jobs)
            judged.append(candidate)
            progress(
                f"{candidate.name:20s} macro-F1 {candidate.macro_f1:.3f}"
                f"  accuracy {candidate.accuracy:.3f}  log loss {candidate.log_loss:.3f}"
            )
    models = [(content_of(c), data.rows(c.depth)[:4096]) for c in judged]
    timed = [
        replace(candidate, micros=micros)
        for candidate, micros in zip(judged, candidates.latencies(models))
    ]
    progress("us a flow: " + ", ".join(f"{c.name} {c.micros[BATCH]:.2f}" for c in timed))
    return timed


def pareto(judged):
    """Candidates that none other beats in both macro-F1 and latency."""
    front = [
        c
        for c in judged
        if not any(
            o.macro_f1 >= c.macro_f1 and o.micros[BATCH] < c.micros[BATCH]
            for o in judged
            if o is not c
        )
    ]
    return sorted(front, key=lambda c: c.micros[BATCH])


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
        if stage.micros[BATCH] > most:
            yield (
                f"no {name} model takes {most:g} us a flow or less;"
                f" {stage.name}, the cheapest, takes {stage.micros[BATCH]:.2f}"
            )
    if budget.between and placed.middle is None:
        yield (
            "no stage between: that takes a model of more than one packet and fewer than"
            f" {placed.slow.depth}, at most {budget.middle:g} us, better than the fast one and"
            f" within {NEARLY_AS_GOOD:g} of the slow one's macro-F1"
        )


def _early(eligible, micros):
    """The one whose probabilities are worth most: the gate lives on them."""
    return min(_within(eligible, micros), key=lambda c: (c.log_loss, c.micros[BATCH]))


def _before(fast, eligible):
    """What is worth asking first, if anything is that much cheaper."""
    cheaper = [c for c in eligible if c.micros[BATCH] <= FASTEST_SHARE * fast.micros[BATCH]]
    return _early(cheaper, fast.micros[BATCH]) if cheaper else None


def _slow(eligible, micros):
    """Of the best by macro-F1 the best by log loss, and of those the one that waits least."""
    within = _within(eligible, micros)
    top = max(c.macro_f1 for c in within)
    near = [c for c in within if c.macro_f1 >= top - NOTICEABLE_F1]
    lowest = min(c.log_loss for c in near)
    near = [c for c in near if c.log_loss <= lowest + NOTICEABLE_LOSS]
    return min(near, key=lambda c: (c.depth, c.log_loss))


def _within(eligible, micros):
    """A machine too slow or too busy for the budget still gets a plan: the cheapest there is."""
    within = [c for c in eligible if c.micros[BATCH] <= micros]
    return within or [min(eligible, key=lambda c: c.micros[BATCH])]


def _middle(between, slow, budget):
    """The earliest depth that already closes most of the way to the slow model."""
    if not budget.between:
        return None
    within = [c for c in between if c.micros[BATCH] <= budget.middle]
    good = [c for c in within if slow.macro_f1 - c.macro_f1 <= NEARLY_AS_GOOD]
    if not good:
        return None
    earliest = min(c.depth for c in good)
    return max((c for c in good if c.depth == earliest), key=lambda c: c.macro_f1)
