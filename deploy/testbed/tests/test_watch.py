"""Servers that end in the middle of a recording."""

import subprocess

import pytest
from test_labels import SITE

from testbed.service import Site
from testbed.watch import Watch

PORTS = {("tcp", port) for port in SITE.ports}


@pytest.fixture
def site(tmp_path):
    (tmp_path / "example.log").write_text("ready\nout of memory\n", encoding="utf-8")
    result = Site(SITE.service, SITE.host, SITE.ports, tmp_path, {}, tmp_path)
    result.processes.append(subprocess.Popen(["cat"], stdin=subprocess.PIPE))
    yield result
    end(result)


def end(site: Site) -> None:
    site.processes[0].communicate()


def test_a_server_that_ends_is_named_once_with_the_last_line_of_its_log(site, capsys):
    watch = Watch([site], lambda host: PORTS if site.processes[0].poll() is None else set())
    watch.look()
    assert watch.died == {}
    end(site)
    watch.look()
    watch.look()
    assert watch.died == {"example": "ended with 0: out of memory"}
    assert capsys.readouterr().err == "testbed: example ended with 0: out of memory\n"


def test_a_helper_may_end_while_the_ports_are_open(site):
    watch = Watch([site], lambda host: PORTS)
    end(site)
    watch.look()
    assert watch.died == {}


def test_what_was_over_before_is_no_server(site):
    end(site)
    watch = Watch([site], lambda host: set())
    watch.look()
    assert watch.died == {}
