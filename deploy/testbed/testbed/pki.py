"""A certificate authority of our own, made anew for every run."""

from __future__ import annotations

import subprocess

from .service import PKI

_LEAF = """
[req]
distinguished_name = name
prompt = no
[name]
O = Example Services
CN = {first}
[extensions]
basicConstraints = CA:FALSE
keyUsage = digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


def create(dns_names: list[str], addresses: list[str]) -> None:
    """Write ca.pem, and chain and key of an RSA and an ECDSA server certificate."""
    PKI.mkdir(parents=True)
    names = ",".join([f"DNS:{n}" for n in dns_names] + [f"IP:{a}" for a in addresses])
    (PKI / "leaf.cnf").write_text(_LEAF.format(first=dns_names[0], names=names), encoding="ascii")
    authority = "-newkey rsa:2048 -nodes -keyout ca.key -x509 -out ca.pem -days 30"
    _openssl(f"req {authority} -subj /O=Testbed/CN=Testbed_Authority")
    for kind, key in (("rsa", "rsa:2048"), ("ecdsa", "ec -pkeyopt ec_paramgen_curve:prime256v1")):
        _openssl(f"req -newkey {key} -nodes -keyout {kind}.key -out {kind}.csr -config leaf.cnf")
        signing = "-CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile leaf.cnf -extensions extensions"
        _openssl(f"x509 -req -in {kind}.csr -out {kind}.pem {signing}")
        chain = (PKI / f"{kind}.pem").read_text() + (PKI / "ca.pem").read_text()
        (PKI / f"{kind}.chain.pem").write_text(chain)
        (PKI / f"{kind}.key").chmod(0o644)  # throw-away keys that servers under other users read


def _openssl(arguments: str) -> None:
    result = subprocess.run(["openssl", *arguments.split()], cwd=PKI, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"openssl: {result.stderr.strip()}")
