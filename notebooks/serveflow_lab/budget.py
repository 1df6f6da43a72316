"""How long the models of a plan may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Microseconds per flow, as `work` counts them, and whether a stage may stand between.

    The rest of a flow's way costs some forty microseconds of CPU: models beyond these budgets would
    be what the job spends its time on, for a point of macro-F1 at most.
    """

    fast: float = 2.0
    middle: float = 6.0
    slow: float = 8.0
    between: bool = False
