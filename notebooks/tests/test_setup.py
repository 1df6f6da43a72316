"""What happens before the lab runs for the first time: Java is built, packages are installed."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def clone(tmp_path):
    """A checkout where nothing is built, with programs that do nothing else than say so."""
    shutil.copy(ROOT / "serveflow", tmp_path)
    (tmp_path / "pom.xml").touch()
    script(tmp_path / "bin" / "java", "echo 'openjdk version \"17.0.1\"' >&2")
    script(
        tmp_path / "bin" / "mvn",
        "mkdir -p flink-job/target; touch flink-job/target/{launcher,runtime}.classpath",
    )
    script(tmp_path / "notebooks" / "venv.sh", f"echo {tmp_path}/bin/lab")
    script(tmp_path / "bin" / "lab", "echo the lab runs >&2")
    return tmp_path


def told(clone, *words):
    path = f"{clone}/bin:{os.environ['PATH']}"
    environment = {k: v for k, v in os.environ.items() if k != "JAVA_HOME"} | {"PATH": path}
    done = subprocess.run(
        [clone / "serveflow", *words], env=environment, capture_output=True, text=True, check=True
    )
    return done.stderr.splitlines()


def test_says_that_it_builds_before_the_lab_runs(clone):
    first, last = told(clone, "train")

    assert first.startswith("serveflow: building") and last == "the lab runs"


def test_an_interrupted_build_leaves_no_maven_behind(clone):
    os.mkfifo(clone / "started")
    script(clone / "bin" / "mvn", f"echo $$ >{clone}/started; exec tail -f /dev/null")
    with subprocess.Popen(
        [clone / "serveflow", "build"],
        env=os.environ | {"PATH": f"{clone}/bin:{os.environ['PATH']}"},
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        maven = int((clone / "started").read_text())
        run.send_signal(signal.SIGTERM)
        told = run.stderr.read().splitlines()

    assert run.returncode == 1 and told[-1].startswith("serveflow: the build failed")
    with pytest.raises(ProcessLookupError):
        os.kill(maven, 0)


def test_builds_nothing_to_say_what_the_options_are(clone):
    assert told(clone, "evaluate", "--help") == ["the lab runs"]


@pytest.fixture
def installing(tmp_path):
    """Starts venv.sh; pip says its process id in a pipe, and goes on when told so in another."""
    shutil.copy(ROOT / "notebooks" / "venv.sh", tmp_path)
    (tmp_path / "requirements.txt").write_text("")
    os.mkfifo(tmp_path / "started")
    os.mkfifo(tmp_path / "go-on")
    script(tmp_path / "pip", f"echo $$ >{tmp_path}/started; read -r <{tmp_path}/go-on")
    script(
        tmp_path / "bin" / "python3",
        f'[[ "$1 $2" == "-m venv" ]] || exec {sys.executable} "$@"\n'
        f'mkdir -p "$3/bin"; cp {tmp_path}/pip "$3/bin/python"',
    )
    environment = os.environ | {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    started = []

    def start():
        process = subprocess.Popen(
            ["bash", tmp_path / "venv.sh"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_of_two_first_runs_one_installs(installing, tmp_path):
    first = installing()
    (tmp_path / "started").read_text()
    second = installing()
    assert "waiting for another run" in second.stderr.readline()

    (tmp_path / "go-on").write_text("\n")
    found = {process.communicate()[0].strip() for process in (first, second)}
    assert (first.returncode, second.returncode) == (0, 0)
    assert [Path(python).is_file() for python in found] == [True]


def test_an_interrupted_installation_leaves_no_pip_behind(installing, tmp_path):
    run = installing()
    pip = int((tmp_path / "started").read_text())
    # Not SIGINT: a shell cannot heed it where the tests run in the background.
    run.send_signal(signal.SIGTERM)

    assert run.wait(timeout=60) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(pip, 0)
