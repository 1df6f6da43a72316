"""What keeps servers from starting while they are installed is gone afterwards, however the installation ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parent.parent
INSTALL = "import sys; from pathlib import Path; from testbed import policy; "
INSTALL += "sys.exit(policy.install(sys.argv[2:], Path(sys.argv[1])))"


def installation(file: Path, *command: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", INSTALL, str(file), *command],
        cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def lasting(file: Path) -> subprocess.Popen:
    """An installation that has begun and ends by a signal only."""
    run = installation(file, "sh", "-c", "echo begun; exec cat")
    assert run.stdout.readline() == "begun\n"
    return run


@pytest.fixture
def file(tmp_path) -> Path:
    return tmp_path / "policy-rc.d"


def test_no_server_may_start_meanwhile(file):
    run = installation(file, "sh", "-c", f"{file}; echo $?; exit 3")
    assert run.communicate()[0] == "101\n"
    assert run.returncode == 3 and not file.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_nothing_behind(file, number):
    run = lasting(file)
    assert file.exists()
    run.send_signal(number)
    run.communicate()
    assert run.returncode == 128 + number and not file.exists()


def test_one_that_a_killed_installation_left_is_ours(file):
    run = lasting(file)
    run.kill()
    run.communicate()  # closes the input of the command, which ends it
    assert file.exists()
    run = installation(file, "true")
    run.communicate()
    assert run.returncode == 0 and not file.exists()


def test_one_of_an_installation_that_still_runs_stays(file):
    first = lasting(file)
    second = installation(file, "true")
    assert "another installation runs" in second.communicate()[1]
    assert second.returncode == 1 and file.exists()
    first.communicate()
    assert not file.exists()


def test_the_user_s_own_stays_as_it_is(file):
    file.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    run = installation(file, "true")
    run.communicate()
    assert run.returncode == 0 and file.read_text(encoding="ascii") == "#!/bin/sh\nexit 101\n"
