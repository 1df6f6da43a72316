"""Directories that are gone when this Python ends."""

import atexit
import shutil
import tempfile
from pathlib import Path


def directory(prefix):
    """A new one; `prefix` is how its name begins."""
    made = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
