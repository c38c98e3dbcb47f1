#!/bin/sh
# Makes .venv from the lock file and sees to a browser. Run by every make target; does nothing when all is in place.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
stamp=$venv/.firstprint-ready

say() { printf '%s\n' "$*" >&2; }
stop() { say "set-up: $*"; exit 1; }

# apt-get where it may run: as root, or by a sudo that asks nothing.
may_apt() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}
apt_install() {
    say "set-up: installing $* with apt-get ..."
    as_root=; [ "$(id -u)" = 0 ] || as_root="sudo -n"
    { $as_root apt-get update -qq && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
        >"${TMPDIR:-/tmp}/firstprint-apt.$$" 2>&1 && { rm -f "${TMPDIR:-/tmp}/firstprint-apt.$$"; return 0; }
    tail -n 5 "${TMPDIR:-/tmp}/firstprint-apt.$$" >&2; rm -f "${TMPDIR:-/tmp}/firstprint-apt.$$"; return 1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"; return 0
        fi
    done
    return 1
}

make_venv() {
    python=$(find_python) || stop "needs Python 3.11 or newer as python3 (or name one: make demo PYTHON=/path/to/python3)"
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        if ! may_apt || ! apt_install "$package"; then
            stop "$python has no venv module; type: sudo apt-get install $package"
        fi
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv" || stop "could not make $venv with $python"
}

install() {
    say "set-up: installing $(grep -c '^[a-z0-9A-Z].*==' requirements.lock) locked packages into $venv (once, about a minute) ..."
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock \
        || stop "the packages could not be installed; the lines above say why"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps --editable . \
        || stop "the project could not be installed into $venv; the lines above say why"
}

has_browser() {
    "$venv/bin/python" -c 'import sys; from crawler.network.browser import browser_problem; sys.exit(browser_problem() or 0)' \
        >/dev/null 2>&1
}

see_to_browser() {
    if has_browser; then return 0; fi
    if may_apt; then
        apt_install chromium || true
        if has_browser; then return 0; fi
    fi
    say "set-up: trying Playwright's own download of Chromium ..."
    "$venv/bin/python" -m playwright install chromium >&2 || true
    if has_browser; then return 0; fi
    say "set-up: no Chromium could be had, so sites that render by JavaScript will not be read. To mend it, type one of:"
    say "    sudo apt-get install chromium                   (Debian)"
    say "    sudo snap install chromium                      (Ubuntu)"
    say "    brew install --cask chromium                    (macOS)"
    say "    $venv/bin/python -m playwright install chromium    (elsewhere)"
}

# A checkout that was moved has a venv whose scripts point elsewhere, and one whose Python was upgraded does not start.
stands_here() {
    [ "$("$venv/bin/python" -c 'import sys, pip; print(sys.prefix)' 2>/dev/null)" = "$(pwd -P)/$venv" ] &&
        head -n 1 "$venv/bin/pip" | grep -qF "$(pwd -P)/"
}
wanted=$(cat requirements.lock pyproject.toml | cksum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || ! stands_here; then
    stands_here || make_venv
    rm -f "$stamp"
    install
    printf '%s' "$wanted" >"$stamp.new" && mv "$stamp.new" "$stamp"
fi
see_to_browser
