"""How long the n-th packet lets one wait, and the deadline that follows from it."""

import numpy as np

DEADLINES = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)

# Exports look this far; what comes later is no early classification.
HORIZON = 60.0

# Of the n-th packets that come within the horizon, the share that a deadline must let in.
LET_IN = 0.95


def told_by(features):
    """Whether a feature set has the times between packets; raw header bits have not."""
    return "p2_log_inter_arrival" in features.names[max(features.rows)]


def seconds_to(data, packet):
    """Seconds from the first packet to the `packet`-th, NaN where it does not come."""
    rows = data.rows(max(data.features.rows))
    names = data.features.names[max(data.features.rows)]
    gaps = [names.index(f"p{i}_log_inter_arrival") for i in range(2, packet + 1)]
    came = data.flows["packets"].to_numpy() >= packet
    logs = np.asarray(rows[:, gaps], dtype=np.float64)
    seconds = (np.exp2(np.where(logs < 0, 0, logs)) - 1).sum(axis=1) / 1e6
    return np.where(came, seconds, np.nan)


def share_in_time(data, packet, deadline):
    """Of the flows whose `packet`-th packet comes at all, the share where it comes in time."""
    seconds = seconds_to(data, packet)
    came = seconds[~np.isnan(seconds)]
    return float(np.mean(came <= deadline)) if len(came) else 1.0


def choose_deadline(data, packet):
    """The shortest deadline that lets in most of the packets that the slow model wants."""
    for deadline in DEADLINES:
        if share_in_time(data, packet, deadline) >= LET_IN:
            return deadline
    return DEADLINES[-1]
