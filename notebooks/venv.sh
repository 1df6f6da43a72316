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

say() { echo "serveflow: $*" >&2; }

# Waits with one argument. The lock is that of the open file 9: it goes with this shell and with pip.
lock() {
    "$python" -c 'import fcntl, sys
fcntl.flock(9, fcntl.LOCK_EX | (0 if sys.argv[1:] else fcntl.LOCK_NB))' "$@" 2>/dev/null
}

install() {
    say "installing the lab's Python packages (once, a few minutes)"
    rm -rf "$venv"
    "$python" -m venv "$venv" || fail "python3 cannot make a virtual environment; install python3-venv"
    local log="$venv/install.log" pid seconds=0
    # Before pip starts, lest it outlive a shell that is ended right after: $! is known at once.
    trap 'kill "${!:-}" 2>/dev/null && wait "$!" || true; say interrupted; exit 130' INT TERM
    "$venv/bin/python" -m pip install --disable-pip-version-check -r "$requirements" >"$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        ((seconds % 4 != 0)) || say "still installing, $seconds s"
    done
    wait "$pid" || {
        tail -n 5 "$log" >&2
        fail "the packages could not be installed; everything pip said is in $log"
    }
    touch "$venv/complete"
}

if [[ ! -f "$venv/complete" ]]; then
    mkdir -p "$(dirname "$venv")"
    exec 9>"$venv.lock"
    lock || {
        say "waiting for another run that installs the lab's Python packages"
        lock wait || exit 130
    }
    [[ -f "$venv/complete" ]] || install
fi
echo "$venv/bin/python"
