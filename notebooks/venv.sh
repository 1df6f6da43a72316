#!/usr/bin/env bash
# Prints the Python of the lab's virtual environment, which it makes where it is missing. The
# environment's name carries the hash of the requirements: other pins, another environment.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
requirements="$here/requirements.txt"

fail() {
    echo "serveflow: $*" >&2
    exit 1
}

python="$(command -v python3)" || fail "no python3 found; the lab needs Python 3.11 or newer"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$("$python" --version) is too old; the lab needs Python 3.11 or newer"

hash="$("$python" -c 'import hashlib, sys; d = hashlib.sha256(sys.version.encode())
d.update(open(sys.argv[1], "rb").read()); print(d.hexdigest()[:12])' "$requirements")"
venv="${XDG_CACHE_HOME:-$HOME/.cache}/serveflow/lab-$hash"

if [[ ! -f "$venv/complete" ]]; then
    echo "serveflow: installing the lab's Python packages (once, a few minutes)" >&2
    rm -rf "$venv"
    mkdir -p "$(dirname "$venv")"
    "$python" -m venv "$venv" || fail "python3 cannot make a virtual environment; install python3-venv"
    log="$venv/install.log"
    "$venv/bin/python" -m pip install --disable-pip-version-check -r "$requirements" >"$log" 2>&1 &
    pid=$!
    seconds=0
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        ((seconds % 4 != 0)) || echo "serveflow: still installing, $seconds s" >&2
    done
    wait "$pid" || {
        tail -n 5 "$log" >&2
        fail "the packages could not be installed; everything pip said is in $log"
    }
    touch "$venv/complete"
fi
echo "$venv/bin/python"
