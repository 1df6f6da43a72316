"""How long the models of a plan may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Microseconds per flow, in batches of 32, and whether a stage may stand between.

    The rest of a flow's way costs some forty microseconds of CPU: models beyond these budgets would
    be what the job spends its time on, for a point of macro-F1 at most. They lie between what the
    candidates take, far from each, so that a busy machine chooses as a quiet one does.
    """

    fast: float = 2.0
    middle: float = 6.0
    slow: float = 8.0
    between: bool = False
