"""Captures below a directory, found by the names that a label file has for them."""

import os
import re
from functools import cached_property
from pathlib import Path

from serveflow_lab.errors import LabError
from serveflow_lab.wording import few

# What a folder's captures end by; programs that rotate them append a number or a date.
CAPTURE = re.compile(r"\.(pcap|pcapng|cap)\d*([.-]\d+)?(\.gz)?$", re.IGNORECASE)


class CaptureDirectory:
    """A directory whose files go by path, by folder or by base name."""

    def __init__(self, directory):
        self._directory = Path(directory)
        self._root = Path(os.path.abspath(directory))
        self._in_folder = {}

    def find(self, name):
        """The files that `name` stands for, none if there are none.

        A path comes first: a file of that base name may lie in many folders.
        """
        path = self._below(name)
        # By os.path: a name that no file can have, as one too long, is that of none.
        if path is not None and os.path.isfile(path):
            return [path]
        if path is not None and os.path.isdir(path):
            return self._inside(path)
        candidates = self._by_base_name.get(name, [])
        if len(candidates) > 1:
            told = few(candidates, name=lambda path: str(path.relative_to(self._directory)))
            raise LabError(f"{name} may be {told}; name it by its path")
        return candidates

    def is_folder(self, name):
        path = self._below(name)
        return path is not None and os.path.isdir(path)

    def _below(self, name):
        """The one spelling of a path below the directory; None for what leads out of it."""
        path = Path(os.path.abspath(self._root / name))
        if not path.is_relative_to(self._root):
            return None
        return self._directory / path.relative_to(self._root)

    def _inside(self, folder):
        if folder not in self._in_folder:
            named = [path for path in sorted(folder.rglob("*")) if CAPTURE.search(path.name)]
            self._in_folder[folder] = [path for path in named if path.is_file()]
        if not self._in_folder[folder]:
            raise LabError(f"the folder {folder} holds no captures")
        return self._in_folder[folder]

    @cached_property
    def _by_base_name(self):
        found = {}
        for path in sorted(self._directory.rglob("*")):
            if path.is_file():
                found.setdefault(path.name, []).append(path)
        return found
