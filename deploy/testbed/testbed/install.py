"""Installs what the services need: Debian packages, and PyPI packages in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import venv

from . import policy
from .service import VENV_PYTHON, Service

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def absent_modules(services: list[Service]) -> set[str]:
    """Python modules that the testbed's environment lacks."""
    wanted = {module for service in services for module in service.modules}
    if not wanted or not VENV_PYTHON.exists():
        return wanted
    code = "import importlib.util, sys; print(*[m for m in sys.argv[1:] if not importlib.util.find_spec(m)])"
    output = subprocess.run([VENV_PYTHON, "-c", code, *wanted], capture_output=True, text=True, check=True).stdout
    return set(output.split())


def install(services: list[Service], tools: dict[str, str]) -> int:
    """Install Debian and PyPI packages of the services; returns the exit status."""
    debian = sorted({p for service in services for p in service.packages} | set(tools.values()))
    pypi = sorted({p for service in services for p in service.modules.values()})
    status = 0
    if os.path.exists("/usr/bin/apt-get"):
        status |= policy.install(["apt-get", "install", "-y", "--no-install-recommends", *debian])
    else:
        print(f"not a Debian system; please install the equivalents of: {' '.join(debian)}", file=sys.stderr)
        status = 1
    if pypi:
        if not VENV_PYTHON.exists():
            venv.create(VENV_PYTHON.parent.parent, with_pip=True)
        status |= subprocess.run([VENV_PYTHON, "-m", "pip", "install", "--quiet", *pypi], check=False).returncode
    return 1 if status else 0
