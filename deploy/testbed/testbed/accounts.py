"""The one person who logs in everywhere: an account in the run's private copy of /etc."""

from __future__ import annotations

import pwd
import subprocess
from pathlib import Path

USER, PASSWORD = "ada", "correct-horse-7"
HOME = Path("/run/testbed/home")


def create() -> None:
    """Add the account, with a home directory that vanishes with the run.

    A user of that name whom the machine has is out of the way for the run: this /etc is a copy.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    if any(entry.pw_name == USER for entry in pwd.getpwall()):
        subprocess.run(["userdel", "--force", USER], check=True, capture_output=True)
    subprocess.run(["useradd", "-M", "-d", HOME, "-s", "/bin/sh", USER], check=True, capture_output=True)
    subprocess.run(["chpasswd"], input=f"{USER}:{PASSWORD}\n", text=True, check=True, capture_output=True)
    subprocess.run(["chown", USER, HOME], check=True)


def own(path: Path, user: str = USER) -> None:
    """Give a file or directory, with all below it, to a user."""
    subprocess.run(["chown", "-R", f"{user}:", path], check=True)
