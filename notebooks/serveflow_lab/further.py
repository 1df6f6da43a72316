"""What is fitted on beside the flows that are judged: further captures, and flows of no class."""

from dataclasses import replace

import pandas as pd

from serveflow_lab import checks, dataset, labels as label_files, partial, splits
from serveflow_lab.capture_split import CaptureSplit
from serveflow_lab.errors import LabError

# Their split in split.csv, whatever their label file says.
EXTRA = "extra"

# Fewer flows of no class than this do not tell what traffic of none looks like.
FEWEST_BACKGROUND = 100


def read(settings, labels):
    """The label file of further captures, none of which may be among the first ones."""
    if not settings.extra:
        return None
    beside = label_files.read(*settings.extra)
    checks.captures(beside.files)
    fitted = beside.files
    if "split" in beside.table:
        named = sorted(set(beside.table["split"]) & set(settings.train_splits))
        fitted = [path for name in named for path in beside.of_split(name).files]
    if not fitted:
        raise LabError(
            f"no line of {settings.extra[1]} is in split {', '.join(settings.train_splits)}"
        )
    checks.apart(labels.files, fitted)
    return beside


def load(settings, labels, training, deadline):
    """Flows of further captures that are none of the first ones' training flows; what is of no class
    that those have is of none."""
    if labels is None:
        return None
    names = list(training.labels)
    data = dataset.load(labels, settings.feature_set, settings.depths, deadline, names)
    if "split" in data.flows:
        data = data.in_splits(settings.train_splits)
    data = splits.without_repeats(training, data)
    known, others = data.known(), data.unknown().flows["label"].value_counts()
    if len(known) == 0:
        raise LabError(
            f"no flow of {settings.extra[0]} is of a class of {settings.labels}, or all are trained"
            " on already"
        )
    named = ", ".join(f"{label} ({others[label]:,})" for label in sorted(others.index))
    settings.progress(
        f"{len(known):,} further flows of these classes in {settings.extra[0]},"
        f" {others.sum():,} of none" + (f": {named}" if named else "")
    )
    data = with_background(data, settings.progress)
    return partial.beside(labels.files, settings, deadline, data)[0]


def used(settings, extra):
    """The captures that were fitted on."""
    if extra is None:
        return CaptureSplit()
    flows = pd.concat([part.flows for part in extra.parts()]).assign(split=EXTRA)
    return CaptureSplit.of(settings.extra[0], flows, (EXTRA,))


def with_background(data, progress):
    """The flows of classes, with those of no class beside them if they are enough to learn from."""
    background = data.unknown()
    if len(background) >= FEWEST_BACKGROUND:
        return replace(data.known(), background=background)
    if len(background):
        progress(
            f"{len(background):,} flows of no class are left out: fewer than {FEWEST_BACKGROUND} do"
            " not tell what traffic of none looks like"
        )
    return replace(data.known(), too_few=len(background))
