"""From labelled captures to a bundle: the steps in their order."""

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from serveflow_lab import (
    candidates,
    cards,
    cascade,
    checks,
    dataset,
    evidence,
    export,
    further,
    labels as label_files,
    parity,
    partial,
    placement,
    reject,
    report,
    splits,
    thresholds,
    waiting,
)
from serveflow_lab.budget import Budget
from serveflow_lab.capture_split import CaptureSplit
from serveflow_lab.plan import Plan, PlannedStage
from serveflow_lab.target import Target
from serveflow_lab.wording import share_of


@dataclass(frozen=True)
class Settings:
    """What the command line can change."""

    captures: Path
    labels: Path
    out: Path
    name: str = "my-captures"
    version: str = "1.0.0"
    feature_set: str = "header"
    train_splits: tuple = splits.TRAINING_SPLITS
    extra: tuple = ()
    grid: tuple = placement.DEFAULT_GRID
    budget: Budget = Budget()
    limits: thresholds.Limits = thresholds.Limits()
    reject_cost: float = 0.005
    none_cost: float = 0.001
    deadline: float | None = None
    partial: bool = True
    seed: int = 1
    jobs: int = 2
    source: str = ""
    report: Path | None = None
    progress: object = field(default=print, repr=False)

    @property
    def depths(self):
        return sorted({depth for _, some in self.grid for depth in some})


@dataclass(frozen=True)
class Trained:
    """A bundle with everything that the report tells about it."""

    plan: Plan
    training: dataset.Dataset
    held_out: dataset.Dataset
    placed: placement.Placement
    choices: dict
    rule: reject.RejectRule
    rules: list
    nones: dict
    held_out_figures: dict
    used: CaptureSplit
    directory: Path
    source: str


def run(settings):
    """Trains, checks and writes a bundle; nothing is written unless everything holds."""
    target = Target.of(settings.out, settings.report)
    target.check()
    progress = settings.progress
    labels = label_files.read(settings.captures, settings.labels)
    checks.captures(labels.files)
    checks.lines(labels, settings.train_splits)
    beside = further.read(settings, labels)
    target.check_apart(_read(settings, labels, beside))
    progress(f"reading {len(labels.files):,} captures")
    data, deadline = _load(settings, labels)
    # Before anything is refused: it may be why.
    if lost := labels.told(data.lines_without_flow):
        progress(lost)
    data = splits.with_split(data, settings.seed)
    checks.splits_named(data, settings.train_splits)
    training = _training(settings, data)
    checks.classes(training)
    checks.folds(training, settings.seed)
    training = replace(training, extra=further.load(settings, beside, training, deadline))
    held_out = _held_out(settings, data, training)
    checks.held_out(held_out)
    progress(
        f"{len(training):,} flows to train on, {len(held_out.known()):,} held out, "
        f"{data.unlabelled:,} without a label; deadline {deadline:g} s"
    )
    if names := splits.not_judged(held_out):
        judged = len(training.labels) - len(names)
        progress(
            f"held out: {judged} of {len(training.labels)} classes; not judged: {', '.join(names)}"
        )
    # Behind all refusals: it reads the captures three times.
    training, held_out = partial.beside(labels.files, settings, deadline, training, held_out)
    if training.partial:
        numbers = ", ".join(f"{p.part} {len(p):,}" for p in training.partial)
        progress(f"flows that look otherwise where only a part of them is seen: {numbers}")
    models = FittedModels(training, settings)
    judged = placement.search(
        training, settings.grid, settings.seed, models.content, progress, settings.jobs
    )
    placed = placement.place(judged, settings.budget)
    progress("placed: " + ", ".join(f"{name} {c.name}" for name, c in placed.stages))
    for told in placement.not_kept(placed, settings.budget):
        progress(told)
    first, _ = cascade.choose(training, placed, settings.limits, settings.none_cost)
    placed = placed.with_slow(cascade.calibrated_for_its_flows(training, placed, first))
    choices, nones = cascade.choose(training, placed, settings.limits, settings.none_cost)
    for name, choice in choices.items():
        progress(
            f"{name}: {choice.metric}, {choice.answered:.1%} answered,"
            f" loss of macro-F1 {choice.loss:+.4f}, of harm escalated:"
            f" {share_of(choice.escalated, choice.harmed)}"
        )
    rejecting = _judge_unknown(settings, training, placed.slow)
    rule, rules = rejecting.rule(settings.reject_cost), rejecting.curve()
    progress(f"unknown: {rule}")
    for name, none in nones.items():
        progress(f"{name} unknown at once: {none}")
    stages = _stages(placed, choices, rule, nones, models)
    figures = evidence.held_out_figures(stages, held_out.known())
    plan = Plan(
        settings.name,
        settings.version,
        settings.name,
        training.labels,
        deadline,
        stages,
        training.features,
        evidence.document(
            settings, labels, training, held_out, placed, choices, rule, rules, nones, figures
        ),
    )
    trained = Trained(
        plan=plan,
        training=training,
        held_out=held_out,
        placed=placed,
        choices=choices,
        rule=rule,
        rules=rules,
        nones=nones,
        held_out_figures=figures,
        used=_used(settings, data, training.extra),
        directory=target.out,
        source=settings.source,
    )
    _write(settings, target, trained, [models.fitted(c) for _, c in placed.stages])
    return trained


class FittedModels:
    """Models fitted on all training flows, each once."""

    def __init__(self, training, settings):
        self._training = training
        self._settings = settings
        self._fitted = {}

    def model(self, candidate):
        if candidate.name not in self._fitted:
            self._fitted[candidate.name] = candidates.fit(
                self._training,
                candidate.family,
                candidate.depth,
                self._settings.seed,
                self._settings.jobs,
            )
        return self._fitted[candidate.name]

    def fitted(self, candidate):
        return self.model(candidate), candidate.calibration

    def content(self, candidate):
        """The ONNX file; written anew, because a candidate may be calibrated anew."""
        width = self._training.rows(candidate.depth).shape[1]
        return export.onnx_bytes(*self.fitted(candidate), width, len(self._training.labels))


def _load(settings, labels):
    depths = settings.depths
    if settings.deadline is not None:
        deadline = settings.deadline
    else:
        far = dataset.load(labels, "header", [max(depths)], waiting.HORIZON)
        deadline = _deadline(settings, far)
    return dataset.load(labels, settings.feature_set, depths, deadline), deadline


def _deadline(settings, far):
    # What is held out has no say; it is the same flows as later, so the same are held out.
    training = splits.with_split(far, settings.seed).in_splits(settings.train_splits)
    return waiting.choose_deadline(training, min(10, max(settings.depths)))


def _training(settings, data):
    """The flows to train on, each once."""
    given = data.in_splits(settings.train_splits)
    training = splits.once(given)
    if repeated := len(given) - len(training):
        settings.progress(
            f"{repeated:,} flows to train on are in several captures and count in the first alone"
        )
    return further.with_background(training, settings.progress)


def _read(settings, labels, beside):
    """All files that a training reads."""
    yield from (settings.labels, *labels.files)
    if beside is not None:
        yield from (settings.extra[1], *beside.files)


def _held_out(settings, data, training):
    others = set(data.flows["split"]) - set(settings.train_splits)
    return splits.without_repeats(training, data.in_splits(others))


def _used(settings, data, extra):
    """How the captures were used, those of the second label file behind those of the first."""
    used = CaptureSplit.of(settings.captures, data.flows, settings.train_splits)
    return used + further.used(settings, extra)


def _judge_unknown(settings, training, slow):
    left_out = reject.left_out_probabilities(training, slow, settings.seed, settings.jobs)
    truth, seen = np.tile(training.classes, len(slow.views)), slow.every_seen
    return reject.Judged(slow.every_view[seen], truth[seen], left_out, slow.background)


def _stages(placed, choices, rule, nones, models):
    stages = []
    for name, candidate in placed.stages:
        choice = choices.get(name)
        stages.append(
            PlannedStage(
                name,
                "slow" if name == "slow" else "fast",
                candidate.depth,
                models.content(candidate),
                candidate.family.name,
                choice.metric if choice else "least-confidence",
                choice.thresholds if choice else None,
                None if choice else rule.thresholds,
                candidate.calibration.describe(),
                nones[name].threshold if name in nones else None,
            )
        )
    return stages


def _write(settings, target, trained, models):
    """Writes beside the target, passes the gate, and only then takes the target's place."""
    target.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".bundle-", dir=target.out.parent) as scratch:
        directory = Path(scratch) / "bundle"
        directory.mkdir()
        trained.plan.write(directory)
        trained.used.write(directory)
        settings.progress("checking that the job answers as the lab does")
        agreed = parity.check(directory, trained.plan.stages, models, trained.held_out)
        settings.progress(
            f"parity: {agreed.flows:,} flows routed alike, probabilities within"
            f" {max(agreed.job_difference, agreed.onnx_difference):.1e}"
        )
        cards.write(directory, trained, agreed)
        if target.report is not None:
            report.write(target.report_of(directory), trained, agreed)
        target.replace(directory, aside=Path(scratch) / "replaced")
