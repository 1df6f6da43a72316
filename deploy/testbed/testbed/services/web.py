"""Web servers: HTTP/1.1, HTTPS with TLS 1.2 and 1.3, HTTP/2, with and without encryption."""

from __future__ import annotations

import random

from ..names import WORDS
from ..service import PKI, Service, Site, client
from ..visit import Visit

_ASSETS = ("css/site.css", "js/app.js", "img/a.png", "img/b.png", "img/c.jpg", "font/text.woff2", "api/state.json")


def document_root(site: Site) -> None:
    """Pages and assets of realistic sizes."""
    rng = random.Random(7)
    sizes = (14_000, 38_000, 9_000, 4_000, 52_000, 22_000, 1_200)
    for asset, size in zip(_ASSETS, sizes, strict=True):
        site.file(f"www/{asset}", rng.randbytes(size))
    for word in WORDS:
        text = " ".join(rng.choice(WORDS) for _ in range(rng.randrange(150, 4000)))
        links = "".join(f'<link href="/{asset}">' for asset in _ASSETS)
        site.file(f"www/{word}.html", f"<html><head><title>{word}</title>{links}</head><body>{text}</body></html>")
    site.file("www/download.bin", rng.randbytes(3_000_000))


def nginx(site: Site, listen: str, extra: str = "") -> None:
    """nginx with our pages on every port; `listen` holds the options of the listen directives."""
    document_root(site)
    listens = "\n".join(f"listen {port} {listen}; listen [::]:{port} {listen};" for port in site.ports)
    config = site.file(
        "nginx.conf",
        f"""
daemon off; master_process off; pid {site.directory}/pid; error_log stderr; user root;
events {{ worker_connections 512; }}
http {{
  access_log off; server_tokens off; keepalive_timeout 20; client_max_body_size 50m;
  client_body_temp_path {site.directory}/b; proxy_temp_path {site.directory}/p;
  fastcgi_temp_path {site.directory}/f; uwsgi_temp_path {site.directory}/u; scgi_temp_path {site.directory}/s;
  types {{ text/html html; text/css css; text/javascript js; image/png png; application/json json; }}
  gzip on; gzip_types text/css text/javascript;
  server {{
    {listens}
    server_name {site.dns_name};
    {extra}
    root {site.directory}/www;
    location /upload {{ dav_methods PUT; create_full_put_path on; }}
    location /old {{ return 301 /amber.html; }}
    location /private {{ return 401; }}
  }}
}}""",
    )
    site.directory.chmod(0o755)
    site.spawn("nginx", "-c", config)


def tls(protocols: str, key: str = "rsa") -> str:
    """TLS directives of nginx."""
    return f"ssl_certificate {PKI}/{key}.chain.pem; ssl_certificate_key {PKI}/{key}.key; ssl_protocols {protocols};"


class _Web(Service):
    """Clients that all web servers have in common."""

    packages, programs = ("nginx-light", "curl", "wget", "w3m"), ("nginx", "curl", "wget", "w3m")
    scheme = "https"
    versions = ("--http1.1",)

    def address_of(self, visit: Visit, name: bool) -> str:
        """Base URL, by DNS name or by address."""
        return f"{self.scheme}://{visit.name}:{visit.port}" if name else f"{self.scheme}://{visit.authority}"

    def curl(self, visit: Visit, *arguments: object) -> None:
        """curl with the session's IP version and the testbed's authority."""
        visit.run("curl", "-s", f"-{visit.family}", "--cacert", visit.ca, *arguments)

    @client("curl page with assets")
    def page(self, visit: Visit) -> None:
        base = self.address_of(visit, True)
        first = f"{base}/{visit.rng.choice(WORDS)}.html"
        self.curl(visit, visit.rng.choice(self.versions), first)
        visit.think(0.1, 1.5)
        assets = ",".join(visit.rng.sample(_ASSETS, visit.rng.randint(2, len(_ASSETS))))
        several = ["--parallel", "--parallel-max", visit.rng.randint(2, 6), "--remote-name-all"]
        version = visit.rng.choice(self.versions)
        self.curl(visit, version, *several, "--output-dir", visit.directory, "-L", f"{base}/{{{assets}}}")

    @client("curl api")
    def api(self, visit: Visit) -> None:
        url = f"{self.address_of(visit, False)}/api/state.json"
        for _ in range(visit.rng.randint(1, 4)):
            visit.run(
                "curl",
                "-sk",
                visit.rng.choice(self.versions),
                "-A",
                "device/1.2",
                "-H",
                "Accept: application/json",
                url,
            )
            visit.think(0.1, 1.0)

    @client("curl upload")
    def upload(self, visit: Visit) -> None:
        file = visit.blob("report.bin", 2_000, 400_000)
        url = f"{self.address_of(visit, True)}/upload/{visit.directory.name}.bin"
        self.curl(visit, visit.rng.choice(self.versions), "-T", file, url)

    @client("wget")
    def wget(self, visit: Visit) -> None:
        url = f"{self.address_of(visit, True)}/"
        common = ["wget", "-q", f"-{visit.family}", "--ca-certificate", visit.ca, "-t", 1, "-T", 20]
        visit.run(*common, "-p", "-E", "-H", f"{url}{visit.rng.choice(WORDS)}.html", f"{url}css/site.css", f"{url}old")

    @client("w3m")
    def w3m(self, visit: Visit) -> None:
        for _ in range(visit.rng.randint(1, 2)):
            visit.run(
                "w3m",
                "-dump",
                "-o",
                f"ssl_ca_file={visit.ca}",
                f"{self.address_of(visit, True)}/{visit.rng.choice(WORDS)}.html",
            )
            visit.think(0.3, 2.0)

    @client("python urllib keep-alive")
    def library(self, visit: Visit) -> None:
        visit.python(
            "web_poll", self.scheme, visit.address, visit.port, visit.rng.randint(2, 6), visit.rng.getrandbits(32)
        )


class Http(_Web):
    """HTTP/1.1 without encryption."""

    label, port, weight, scheme = "HTTP", 80, 10, "http"
    versions = ("--http1.1", "--http1.1", "--http1.0")
    packages, programs = (*_Web.packages, "apache2-utils"), (*_Web.programs, "ab")

    def start(self, site: Site) -> None:
        nginx(site, "")

    @client("curl download")
    def download(self, visit: Visit) -> None:
        end = visit.size(50_000, 2_500_000)
        self.curl(visit, "-r", f"0-{end}", f"{self.address_of(visit, False)}/download.bin")

    @client("apache bench")
    def bench(self, visit: Visit) -> None:
        url = f"{self.address_of(visit, False)}/css/site.css"
        visit.run("ab", "-q", "-n", visit.rng.randint(3, 10), "-c", 2, url)


class Https(_Web):
    """HTTPS with TLS 1.3, HTTP/2 or HTTP/1.1 by negotiation."""

    label, port, weight = "TLS", 443, 12
    versions = ("--http2", "--http2", "--http1.1")

    def start(self, site: Site) -> None:
        nginx(site, "ssl http2", tls("TLSv1.2 TLSv1.3", "ecdsa"))

    @client("openssl s_client")
    def s_client(self, visit: Visit) -> None:
        options = visit.rng.choice(
            (["-tls1_3"], ["-groups", "P-256"], ["-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"])
        )
        target = ["-connect", visit.authority, "-servername", visit.name, "-CAfile", str(visit.ca), *options]
        visit.shell(
            f"(printf 'GET / HTTP/1.0\\r\\n\\r\\n'; sleep 0.5) | timeout 20 openssl s_client -quiet {' '.join(target)}"
        )


class Https12(_Web):
    """HTTPS with TLS 1.2 only, RSA certificate."""

    label, port, weight = "TLS", 443, 6
    versions = ("--http1.1", "--http2")

    def start(self, site: Site) -> None:
        nginx(
            site,
            "ssl http2",
            tls("TLSv1.2") + " ssl_ciphers ECDHE+AESGCM:AES256-GCM-SHA384:AES128-SHA; ssl_session_tickets off;",
        )

    @client("curl old ciphers")
    def old(self, visit: Visit) -> None:
        cipher = visit.rng.choice(("AES256-GCM-SHA384", "AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256"))
        self.curl(
            visit,
            "--tls-max",
            "1.2",
            "--ciphers",
            cipher,
            f"{self.address_of(visit, True)}/{visit.rng.choice(WORDS)}.html",
        )


class H2c(Service):
    """HTTP/2 without encryption, by prior knowledge."""

    label, port = "HTTP", 8080
    packages, programs = ("nghttp2-server", "nghttp2-client", "curl"), ("nghttpd", "nghttp", "h2load", "curl")

    def start(self, site: Site) -> None:
        document_root(site)
        for port in site.ports:
            site.spawn("nghttpd", "--no-tls", "-d", site.directory / "www", port)

    @client("nghttp")
    def nghttp(self, visit: Visit) -> None:
        visit.run("nghttp", "-n", "-a", f"http://{visit.authority}/{visit.rng.choice(WORDS)}.html")

    @client("curl prior knowledge")
    def curl(self, visit: Visit) -> None:
        for asset in visit.rng.sample(_ASSETS, visit.rng.randint(1, 3)):
            visit.run("curl", "-s", "--http2-prior-knowledge", f"http://{visit.authority}/{asset}", "-o", "asset")

    @client("h2load")
    def h2load(self, visit: Visit) -> None:
        visit.run(
            "h2load",
            "-n",
            visit.rng.randint(4, 12),
            "-c",
            visit.rng.randint(1, 4),
            f"http://{visit.authority}/css/site.css",
        )
