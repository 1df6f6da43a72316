"""Mistakes that a user can mend: told in one line, before any training starts."""


class LabError(Exception):
    """What is wrong, and where."""
