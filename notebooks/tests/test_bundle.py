"""Bundles by directory and by the name under which they ship."""

import pytest

from serveflow_lab import bundle
from serveflow_lab.errors import LabError


@pytest.mark.parametrize("name", ["service-recognition", "device-identification"])
def test_a_shipped_bundle_is_found_by_its_name(name):
    found = bundle.read(name)

    assert found.plan["name"] == name
    assert all(found.content(stage) for stage in found.stages)


def test_a_directory_wins_over_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "service-recognition").mkdir()

    with pytest.raises(LabError, match="no plan.json"):
        bundle.read("service-recognition")


def test_an_unknown_name_tells_those_that_ship():
    with pytest.raises(LabError, match="shipped are device-identification, service-recognition"):
        bundle.read("servce-recognition")
