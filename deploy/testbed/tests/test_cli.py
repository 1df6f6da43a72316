"""Options that are refused before anything starts."""

import pytest

from testbed import cli


@pytest.mark.parametrize("name", ["a/b", "../x", "", ".", "-x", "a b"])
def test_a_name_of_files_is_no_path(name, capsys):
    with pytest.raises(SystemExit) as refused:
        cli.parser().parse_args([f"--name={name}"])
    assert refused.value.code == 2
    assert "no path" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["testbed", "Run-7.b", "2026_11"])
def test_plain_names_are_taken(name):
    assert cli.parser().parse_args(["--name", name]).name == name
