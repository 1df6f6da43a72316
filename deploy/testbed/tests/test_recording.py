"""A short recording with real namespaces: Linux, root and packaged tools needed, skipped with the reason elsewhere."""

import csv
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from testbed import accounts
from testbed.capture import PcapReader
from testbed.flows import FlowTable

PROGRAM = Path(__file__).resolve().parent.parent / "testbed.py"
TOOLS = ("ip", "ss", "tcpdump", "ethtool", "unshare", "redis-server", "redis-cli", "dnsmasq", "host", "ping")
TOOLS += ("nslookup", "dig", "nc", "curl", "ssh")
RTMGRP_LINK = 1  # linux/rtnetlink.h: changes of interfaces
_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def _obstacle() -> str:
    if not sys.platform.startswith("linux"):
        return "needs Linux"
    if os.geteuid() != 0:
        return "needs root"
    missing = [tool for tool in TOOLS if not shutil.which(tool, path=_PATH)]
    if missing:
        return f"missing {', '.join(missing)}"
    isolated = subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "true"], capture_output=True)
    return "" if isolated.returncode == 0 else "this machine does not allow namespaces"


pytestmark = pytest.mark.skipif(bool(_obstacle()), reason=_obstacle() or "none")


def command(out: Path, wire: str, *options: str) -> list[str]:
    services = "redis,resolver,ping,refused"
    return [sys.executable, str(PROGRAM), "--out", str(out), "--wire", wire, "--services", services, *options]


def leftovers(wire: str) -> list[str]:
    found = [name for _, name in socket.if_nameindex() if name == wire]
    return found + [line for line in Path("/proc/mounts").read_text().splitlines() if "/run/testbed" in line]


def descendants(pid: int) -> list[int]:
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return children + [below for child in children for below in descendants(child)]


def command_line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def test_records_labelled_flows_and_leaves_nothing_behind(tmp_path):
    run = subprocess.run(command(tmp_path, "tbtest0", "--flows", "40"), capture_output=True, text=True, timeout=180)
    assert run.returncode == 0, run.stdout + run.stderr
    assert not leftovers("tbtest0")
    rows = list(csv.DictReader(open(tmp_path / "testbed.labels.csv", encoding="utf-8")))
    assert {"Redis", "DNS", "ICMP"} <= {row["label"] for row in rows}
    table = FlowTable()
    with PcapReader(tmp_path / "testbed.pcap") as reader:
        records = list(reader.records())
    table.add_all(records)
    unlabelled = list(csv.DictReader(open(tmp_path / "testbed.unlabelled.csv", encoding="utf-8")))
    assert len(rows) + len(unlabelled) == len(table.flows) >= 40
    assert max(record.length for record in records) <= 1518  # no segmentation offload on the wire


def test_an_interrupted_run_leaves_nothing_behind_and_keeps_what_it_has(tmp_path):
    run = subprocess.Popen(command(tmp_path, "tbtest1", "--flows", "100000"), stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        if "sessions done" in line and " 0 sessions" not in line:
            break
    run.send_signal(signal.SIGINT)
    assert run.wait(timeout=60) == 1  # fewer flows than asked for
    assert not leftovers("tbtest1")
    assert (tmp_path / "testbed.labels.csv").stat().st_size > 0


@pytest.mark.parametrize("private", ["/var/tmp", "/dev/shm"])
def test_the_recording_is_kept_where_the_run_has_a_tree_of_its_own(private):
    with tempfile.TemporaryDirectory(dir=private) as name:
        out, go = Path(name, "captures"), Path(name, "go")
        options = ("--flows", "10", "--services", "ping", "--keep", "--hold", str(go))
        with subprocess.Popen(command(out, "tbtest4", *options), stdout=subprocess.PIPE, text=True) as run:
            for line in run.stdout:
                if "recording on" in line:
                    go.touch()
        assert run.returncode == 0
        assert len((out / "testbed.labels.csv").read_text(encoding="utf-8").splitlines()) > 10
        assert (out / "testbed.pcap").stat().st_size > 0 and not (out / "testbed.pcap.part").exists()
        assert (out / "testbed.logs" / "sessions.csv").stat().st_size > 0


def test_the_wire_stays_until_a_live_capture_has_ended(tmp_path):
    end = tmp_path / "end"
    options = ("--flows", "10", "--services", "ping", "--linger", str(end))
    with subprocess.Popen(command(tmp_path, "tbtest6", *options), stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            if "silence on" in line:
                assert (tmp_path / "testbed.labels.csv").exists() and leftovers("tbtest6") == ["tbtest6"]
                end.touch()
    assert run.returncode == 0 and not leftovers("tbtest6")


@pytest.mark.parametrize(("option", "name"), [("--out", "file"), ("--hold", "none/go"), ("--linger", "none/end")])
def test_a_place_that_cannot_be_used_is_refused_at_once(tmp_path, option, name):
    (tmp_path / "file").touch()
    run = subprocess.run([*command(tmp_path, "tbtest5"), option, name], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 2 and name in run.stderr and run.stderr.count("\n") == 1


def test_records_on_a_machine_that_has_a_user_of_the_testbeds_name(tmp_path):
    own_etc = "mount -t tmpfs none /mnt && cp -a /etc /mnt/etc && mount --bind /mnt/etc /etc"
    script = f'{own_etc} && useradd -M {accounts.USER} && exec "$@"'
    options = ("--flows", "10", "--services", "ping")
    run = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", *command(tmp_path, "tbtest8", *options)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_server_that_dies_is_named_and_what_it_no_longer_accepts_is_failed(tmp_path):
    go = tmp_path / "go"
    options = ("--flows", "60", "--services", "redis,ping", "--hold", str(go))
    with subprocess.Popen(
        command(tmp_path, "tbtest7", *options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        said = ""
        for line in run.stdout:
            said += line
            if "recording on" in line:
                for server in (pid for pid in descendants(run.pid) if "redis-server" in command_line(pid)):
                    os.kill(server, signal.SIGKILL)
                go.touch()
    assert run.returncode == 1
    assert "testbed: redis ended with -9" in said and "1 services ended while they were needed: redis" in said
    rows = list(csv.DictReader(open(tmp_path / "testbed.labels.csv", encoding="utf-8")))
    assert {row["label"] for row in rows if row["service"] == "redis" and row["proto"] == "6"} == {"Failed"}
    assert "ICMP" in {row["label"] for row in rows}


def test_a_killed_run_leaves_nothing_behind(tmp_path):
    run = subprocess.Popen(command(tmp_path, "tbtest2", "--flows", "100000"), stdout=subprocess.PIPE, text=True)
    for line in run.stdout:
        if "recording on" in line:
            break
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as links:
        links.bind((0, RTMGRP_LINK))
        links.settimeout(20)
        run.kill()
        run.wait()
        while leftovers("tbtest2"):
            links.recv(1 << 16)  # the kernel tells of every interface that goes


def test_a_service_that_does_not_exist_is_refused_at_once(tmp_path):
    run = subprocess.run(
        [*command(tmp_path, "tbtest3", "--flows", "10"), "--services", "ping,absent"], capture_output=True, text=True
    )
    assert run.returncode == 2 and "absent" in run.stderr and not list(tmp_path.iterdir())


def test_a_service_that_cannot_run_is_named_and_the_rest_recorded(tmp_path):
    programs, out = tmp_path / "programs", tmp_path / "out"
    programs.mkdir()
    (programs / "redis-server").write_text("#!/bin/sh\necho no licence\nexit 1\n", encoding="ascii")
    (programs / "redis-server").chmod(0o755)
    script = f'mount --bind {programs} /usr/local/sbin && exec "$@"'  # first of the directories that a server has
    options = ("--flows", "10", "--services", "redis,ping")
    run = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", *command(out, "tbtest9", *options)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert "skipped redis: ended at once: no licence" in run.stderr and "1 services skipped: redis" in run.stderr
    rows = list(csv.DictReader(open(out / "testbed.labels.csv", encoding="utf-8")))
    assert len(rows) >= 10 and {row["service"] for row in rows} == {"ping"}
