"""Captures below a directory, found by the names that a label file has for them."""

import hashlib
import os
import re
from collections import deque
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
            self._in_folder[folder] = [p for p in _files_below(folder) if CAPTURE.search(p.name)]
        if not self._in_folder[folder]:
            raise LabError(f"the folder {folder} holds no captures")
        return self._in_folder[folder]

    @cached_property
    def _by_base_name(self):
        found = {}
        for path in _files_below(self._directory):
            found.setdefault(path.name, []).append(path)
        return found


def digest(path):
    """What two captures have in common only if they are the same, wherever they lie."""
    with open(path, "rb") as capture:
        return hashlib.file_digest(capture, "sha256").hexdigest()


def _files_below(top):
    """All files below a folder in their order, those of linked folders as well.

    Links are followed last and no folder is entered twice: its files go by their path without a
    link if they have one, and links in a circle end.
    """
    files, entered, left = [], set(), deque([top])
    while left:
        for folder, inside, names in os.walk(left.popleft()):
            its = os.stat(folder)
            if (its.st_dev, its.st_ino) in entered:
                inside.clear()
                continue
            entered.add((its.st_dev, its.st_ino))
            files += [path for name in names if (path := Path(folder, name)).is_file()]
            # Of two links to one folder always the same one counts.
            inside.sort()
            left += [path for name in inside if (path := Path(folder, name)).is_symlink()]
    return sorted(files)
