"""A serving plan on disk, read back."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from serveflow_lab import capture_split, export
from serveflow_lab.errors import LabError

# As the job has them: bundles may come from anywhere.
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
LARGEST_PLAN = 4 << 20
LARGEST_MODEL = 64 << 20


@dataclass(frozen=True)
class Bundle:
    """plan.json as it stands, and where."""

    directory: Path
    plan: dict

    @property
    def labels(self):
        return self.plan["labels"]

    @property
    def stages(self):
        return self.plan["stages"]

    @property
    def files(self):
        """All that a bundle is read from; split.csv may be missing."""
        models = (stage["model"]["file"] for stage in self.stages)
        return [self.directory / name for name in ("plan.json", capture_split.FILE, *models)]

    def content(self, stage):
        return (self.directory / stage["model"]["file"]).read_bytes()


def read(location):
    """The bundle in a directory, or the one of that name that ships with the job."""
    directory = Path(location)
    if not directory.exists() and (shipped() / directory).is_dir():
        directory = shipped() / directory
    file = directory / "plan.json"
    if not file.is_file():
        names = ", ".join(sorted(d.name for d in shipped().iterdir()))
        raise LabError(f"no bundle at {directory}: it has no plan.json (shipped are {names})")
    bundle = Bundle(directory, _plan(file))
    for stage in bundle.stages:
        model = directory / stage["model"]["file"]
        if not model.is_file():
            raise LabError(f"{file} names {model.name}, which is not there")
        if model.stat().st_size > LARGEST_MODEL:
            raise LabError(f"{model} is larger than any model that the job takes")
        if export.sha256(model.read_bytes()) != stage["model"]["sha256"]:
            raise LabError(f"{model} is not the file that {file} was written with")
    return bundle


def _plan(file):
    """A plan as far as the lab reads it; the job checks the rest, and says what is wrong."""
    if file.stat().st_size > LARGEST_PLAN:
        raise LabError(f"{file} is larger than any plan that the job takes")
    try:
        plan = json.loads(file.read_text(encoding="utf-8"))
        # Half of a surrogate pair is fine for JSON and for the job, but nobody can print it.
        json.dumps(plan, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as wrong:
        raise LabError(f"{file} is no JSON: {wrong}") from wrong
    if not isinstance(plan, dict) or plan.get("formatVersion") != 1:
        told = plan.get("formatVersion") if isinstance(plan, dict) else None
        raise LabError(f"{file} has format {told!r}; this release reads 1")
    labels, stages = plan.get("labels"), plan.get("stages")
    if not _names(labels) or len(labels) < 2 or not _names([plan.get("task"), plan.get("name")]):
        raise LabError(f"{file} lacks its name, its task or its labels")
    if not isinstance(stages, list) or not stages or not all(map(_is_stage, stages)):
        raise LabError(f"{file} has no stages, or one whose name, packets or model are missing")
    for stage in stages:
        if not FILE_NAME.fullmatch(stage["model"]["file"]):
            raise LabError(f"{file} must name models by plain file names inside the bundle")
    return plan


def _names(values):
    return isinstance(values, list) and all(isinstance(v, str) and v for v in values)


def _is_stage(stage):
    if not isinstance(stage, dict) or not isinstance(stage.get("model"), dict):
        return False
    model = stage["model"]
    return isinstance(stage.get("packets"), int) and _names(
        [stage.get("name"), model.get("file"), model.get("sha256")]
    )


def shipped():
    """Where the bundles are that are part of the job."""
    return Path(__file__).resolve().parents[2] / "flink-job/src/main/resources/plans"
