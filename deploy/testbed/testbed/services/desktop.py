"""Remote desktops: VNC."""

from __future__ import annotations

from ..service import Service, Site, client
from ..visit import Visit


class Vnc(Service):
    """TigerVNC."""

    label, port = "VNC", 5900
    packages = ("tigervnc-standalone-server", "gvncviewer", "x11-apps", "x11-xserver-utils")
    programs = ("Xtigervnc", "gvnccapture", "xclock", "xsetroot")

    def start(self, site: Site) -> None:
        for number, port in enumerate(site.ports, 200 + site.ports[0] % 7):
            options = ["-geometry", "1024x768", "-depth", 24, "-SecurityTypes", "None", "-nolock", "-rfbport", port]
            site.spawn(
                "Xtigervnc",
                f":{number}",
                *options,
                "-nolisten",
                "unix",
                "-listen",
                "tcp",
                "-ac",
                "-AlwaysShared",
                "-BlacklistThreshold",
                100000,
            )
            # A clock with a second hand, so that there is something to see.
            site.spawn(
                "sh",
                "-c",
                f"sleep 3; export DISPLAY=localhost:{number}; xsetroot -mod 9 7; exec xclock -update 1",
            )

    @client("gvnccapture", ipv4_only=True, own_port_only=True)
    def snapshot(self, visit: Visit) -> None:
        visit.run("gvnccapture", "-q", f"{visit.address}:0", visit.directory / "screen.png")

    @client("viewer watching")
    def viewer(self, visit: Visit) -> None:
        visit.python("vnc", visit.address, visit.port, visit.rng.uniform(2, 10), 0.1, visit.rng.getrandbits(32))

    @client("viewer working")
    def working(self, visit: Visit) -> None:
        visit.python("vnc", visit.address, visit.port, visit.rng.uniform(3, 12), 4.0, visit.rng.getrandbits(32))
