"""The `serveflow` command: the only source of features and of verdicts."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from serveflow_lab.errors import LabError

# What an argument file needs of a name that stands in quotes.
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}

# What was passed on: a training reads its captures several times, but each is damaged once.
TOLD = set()


def path():
    """The launcher: $SERVEFLOW, or the one at the root of this checkout."""
    default = Path(__file__).resolve().parents[2] / "serveflow"
    launcher = Path(os.environ.get("SERVEFLOW", default))
    if not launcher.is_file():
        raise LabError(f"no launcher at {launcher}; set SERVEFLOW to the serveflow command")
    return launcher


def features(files, out, feature_set, depths, deadline_seconds, part="whole"):
    """Writes the features of every flow of `files`, or of a part of each, to the directory `out`."""
    options = {
        "--out": str(out),
        "--set": feature_set,
        "--packets": ",".join(map(str, depths)),
        "--deadline": f"{round(deadline_seconds * 1000)} ms",
        "--partial": part,
    }
    for _ in _lines("features", files, options):
        pass


def classify(files, bundle, route):
    """The job's verdicts of every flow of `files`, as dictionaries, while the job writes them."""
    for line in _lines("classify", files, {"--models": str(bundle), "--route": route}):
        yield json.loads(line)


def _lines(command, files, options):
    """What the command writes to standard output; its files go by a file, for there may be many."""
    words = [word for option in options.items() for word in option]
    with (
        tempfile.NamedTemporaryFile(prefix="serveflow-files-") as named,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told,
    ):
        named.write(b"".join(map(_argument, files)))
        named.flush()
        started = [str(path()), command, f"@{named.name}", "--each", *words]
        with subprocess.Popen(
            started, stdout=subprocess.PIPE, stderr=told, encoding="utf-8"
        ) as process:
            try:
                yield from process.stdout
            except BaseException:
                process.kill()
                raise
        told.seek(0)
        if process.returncode != 0:
            what = told.read().strip().splitlines()[-8:]
            raise LabError(f"serveflow {command} failed:\n" + "\n".join(what))
        _tell(told)


def _tell(lines):
    """Passes on what a command says that did its work: that a capture is damaged, for one."""
    if os.environ.get("SERVEFLOW_VERBOSE"):
        sys.stderr.writelines(lines)
        return
    for line in lines:
        if line.startswith("serveflow:") and line not in TOLD:
            TOLD.add(line)
            sys.stderr.write(line)


def _argument(file):
    """A line of an argument file; a second @ says that the first is part of the name."""
    name = "".join(ESCAPES.get(letter, letter) for letter in str(file))
    at = "@" if name.startswith("@") else ""
    return os.fsencode(f'"{at}{name}"\n')
