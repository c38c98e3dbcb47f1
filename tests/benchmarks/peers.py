"""The peers that are no part of the lock file, in environments of their own below `build/`.

Those that run beside our code in one process (the extra `bench` in pyproject.toml) are installed into
`build/bench-venv`, in versions that go with the locked ones, and see the packages of `.venv`. news-please wants other
versions of much and runs by itself, in `build/news-please-venv`. Each is made once; what cannot be had is named.
"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOGETHER = ROOT / "build" / "bench-venv"
APART = ROOT / "build" / "news-please-venv"
_READY = "ready.txt"
_PATIENCE = 900


def together() -> Path | None:
    """The interpreter of the environment with the extra `bench`, made on first use; None where it cannot be had."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["bench"]
    python = _made(TOGETHER, wanted, _locked())
    if python is not None:
        site = next(TOGETHER.glob("lib/python*/site-packages"))
        line = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
        (site / "zz-locked-packages.pth").write_text(line)
    return python


def apart() -> Path | None:
    """The interpreter of the environment with news-please; None where it cannot be had."""
    return _made(APART, ["news-please"], [])


def _locked() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    return [match[0] for line in lines if (match := re.match(r"[\w.-]+==[^\s;\\]+", line))]


def _made(folder: Path, wanted: list[str], constraints: list[str]) -> Path | None:
    python, ready = folder / "bin" / "python", folder / _READY
    mark = "\n".join([*wanted, *constraints])
    if ready.exists() and ready.read_text("utf-8") == mark:
        return python
    print(f"bench: installing {', '.join(wanted)} into {folder.relative_to(ROOT)} (once) ...", file=sys.stderr)
    try:
        _run(sys.executable, "-m", "venv", "--clear", str(folder))
        # the pip that comes with older Pythons fails on `lxml[html-clean]` beside a constraint
        _run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-U", "pip")
        pins = folder / "constraints.txt"
        pins.write_text("\n".join(constraints))
        _run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", str(pins), *wanted)
    except (subprocess.SubprocessError, OSError) as problem:
        print(f"bench: left out: {', '.join(wanted)}: {_told(problem)}", file=sys.stderr)
        return None
    ready.write_text(mark)
    return python


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=_PATIENCE)


def _told(problem: Exception) -> str:
    said = problem.stderr if isinstance(problem, subprocess.CalledProcessError) else str(problem)
    return (said or str(problem)).strip().splitlines()[-1][:300]
