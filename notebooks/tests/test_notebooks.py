"""Every notebook runs from top to bottom, on the sample."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted(Path(__file__).resolve().parents[1].glob("[0-9]*.ipynb"))


def test_there_are_five():
    assert [path.name[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_headless(notebook, tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "SERVEFLOW_CAPTURES"}
    environment["PYTHONPATH"] = str(notebook.parent)
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", str(notebook)]
    done = subprocess.run(
        [*command, "--output-dir", str(tmp_path), "--ExecutePreprocessor.timeout=600"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_committed_rendered(notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    pictures = [
        output
        for cell in code
        for output in cell.outputs
        if "image/png" in output.get("data", {})
    ]

    assert all(cell.execution_count for cell in code)
    assert pictures
