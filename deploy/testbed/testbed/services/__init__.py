"""The services of the testbed. A module here is all it takes: its Service classes are found by themselves."""

from __future__ import annotations

import importlib
import pkgutil

from ..service import Service


def all_services() -> dict[str, Service]:
    """One instance of every service, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {cls.name(): cls() for cls in sorted(_concrete(Service), key=lambda cls: cls.name())}


def _concrete(cls: type) -> list[type]:
    found = [cls] if cls.port else []
    for child in cls.__subclasses__():
        found += _concrete(child)
    return found
