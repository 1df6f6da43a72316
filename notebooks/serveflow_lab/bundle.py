"""A serving plan on disk, read back."""

import json
from dataclasses import dataclass
from pathlib import Path

from serveflow_lab import export
from serveflow_lab.errors import LabError


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
    try:
        plan = json.loads(file.read_text())
    except json.JSONDecodeError as wrong:
        raise LabError(f"{file} is no JSON: {wrong}") from wrong
    if plan.get("formatVersion") != 1:
        raise LabError(f"{file} has format {plan.get('formatVersion')}; this release reads 1")
    bundle = Bundle(directory, plan)
    for stage in bundle.stages:
        model = directory / stage["model"]["file"]
        if not model.is_file():
            raise LabError(f"{file} names {model.name}, which is not there")
        if export.sha256(model.read_bytes()) != stage["model"]["sha256"]:
            raise LabError(f"{model} is not the file that {file} was written with")
    return bundle


def shipped():
    """Where the bundles are that are part of the job."""
    return Path(__file__).resolve().parents[2] / "flink-job/src/main/resources/plans"
