"""The `serveflow` command: the only source of features and of verdicts."""

import json
import os
import subprocess
import sys
from pathlib import Path

from serveflow_lab.errors import LabError


def path():
    """The launcher: $SERVEFLOW, or the one at the root of this checkout."""
    default = Path(__file__).resolve().parents[2] / "serveflow"
    launcher = Path(os.environ.get("SERVEFLOW", default))
    if not launcher.is_file():
        raise LabError(f"no launcher at {launcher}; set SERVEFLOW to the serveflow command")
    return launcher


def features(files, out, feature_set, depths, deadline_seconds):
    """Writes the features of every flow of `files` to the directory `out`."""
    _run(
        [
            "features",
            *map(str, files),
            "--each",
            "--out",
            str(out),
            "--set",
            feature_set,
            "--packets",
            ",".join(map(str, depths)),
            "--deadline",
            f"{deadline_seconds:g} s",
        ]
    )


def classify(files, bundle, route):
    """The job's verdicts of every flow of `files`, as dictionaries."""
    command = ["classify", "--each", *map(str, files), "--models", str(bundle), "--route", route]
    lines = _run(command).splitlines()
    return [json.loads(line) for line in lines]


def _run(arguments):
    done = subprocess.run(
        [str(path()), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        what = done.stderr.strip().splitlines()[-8:]
        raise LabError(f"serveflow {arguments[0]} failed:\n" + "\n".join(what))
    if os.environ.get("SERVEFLOW_VERBOSE"):
        sys.stderr.write(done.stderr)
    return done.stdout
