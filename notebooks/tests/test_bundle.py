"""Bundles by directory and by the name under which they ship."""

import json

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


PLAN = {
    "formatVersion": 1,
    "name": "t",
    "task": "t",
    "labels": ["a", "b"],
    "stages": [{"name": "slow", "packets": 5, "model": {"file": "slow.onnx", "sha256": "0"}}],
}


def model(file):
    return PLAN | {"stages": [PLAN["stages"][0] | {"model": {"file": file, "sha256": "0"}}]}


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"formatVersion":' + b"9" * 5000 + b"}", "no JSON"),
        ([1], "has format None"),
        (PLAN | {"formatVersion": 2}, "has format 2"),
        ({"formatVersion": 1}, "lacks its name"),
        (PLAN | {"labels": "ab"}, "lacks its name"),
        (PLAN | {"stages": 3}, "has no stages"),
        (PLAN | {"stages": []}, "has no stages"),
        (PLAN | {"stages": [{"name": "slow", "packets": 5}]}, "has no stages, or one whose"),
        (model(3), "has no stages, or one whose"),
        (model("/etc/passwd"), "plain file names"),
        (model("../slow.onnx"), "plain file names"),
        (model("slow.onnx\n"), "plain file names"),
        (PLAN, "names slow.onnx, which is not there"),
    ],
)
def test_refuses_a_plan_that_is_none_in_one_line(tmp_path, plan, message):
    text = plan if isinstance(plan, bytes) else json.dumps(plan).encode()
    (tmp_path / "plan.json").write_bytes(text)

    with pytest.raises(LabError, match=message) as refused:
        bundle.read(tmp_path)
    assert "\n" not in str(refused.value)


def test_refuses_a_model_that_is_another_or_too_large(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    (tmp_path / "slow.onnx").write_bytes(b"")
    with pytest.raises(LabError, match="is not the file"):
        bundle.read(tmp_path)

    with open(tmp_path / "slow.onnx", "wb") as file:
        file.truncate(bundle.LARGEST_MODEL + 1)
    with pytest.raises(LabError, match="larger than any model"):
        bundle.read(tmp_path)
