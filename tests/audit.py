"""Looks for known vulnerabilities in what is locked: `make audit`. It fails on findings, not for want of a network.

pip-audit ends alike for both, but writes its report only when it has got an answer for everything.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [
    *(ROOT / "requirements" / f"{name}.lock" for name in ("runtime", "s3", "test", "check", "bench", "fuzz")),
    *sorted(ROOT.glob("examples/*/requirements.lock")),
]
#: Locked for npm: the pages that are served, an example, and what only tests and the bench need.
PAGES = [ROOT / name for name in ("web", "examples/express", "tests/clients", "bench/peers")]
NPM = ("npm", "audit", "--package-lock-only", "--json")


def findings_in(report: Any) -> list[str]:
    """What a report found, a line each."""
    return [
        f"{package['name']} {package['version']}: {one['id']}, "
        f"fixed in {', '.join(one['fix_versions']) or 'nothing yet'}"
        for package in report["dependencies"]
        for one in package.get("vulns", ())
    ]


def audit(program: Sequence[str], lock: Path) -> list[str] | None:
    """What is found in a lock file; None when nobody could be asked."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        options = ["--requirement", str(lock), "--require-hashes", "--disable-pip", "--vulnerability-service", "osv"]
        words = [*program, *options, "--format", "json", "--output", str(report), "--progress-spinner", "off"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if not report.exists():
            print(*done.stderr.strip().splitlines()[-1:], sep="\n", file=sys.stderr)
            return None
        return findings_in(json.loads(report.read_text("utf-8")))


def audit_npm(program: Sequence[str], folder: Path) -> list[str] | None:
    """The same of what a folder has locked for npm."""
    try:
        done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
        packages = json.loads(done.stdout).get("vulnerabilities")
    except (OSError, ValueError):
        return None  # There is no npm, or it says nothing that can be read.
    if packages is None:
        return None
    return [f"{name} {package['range']}: {package['severity']}" for name, package in packages.items()]


def main(program: Sequence[str], npm: Sequence[str] = NPM) -> int:
    """The status: 1 for findings."""
    status = 0
    checks = [(lock, "osv.dev", partial(audit, program, lock)) for lock in LOCKS]
    checks += [(folder / "package-lock.json", "npm's registry", partial(audit_npm, npm, folder)) for folder in PAGES]
    for lock, who, look in checks:
        name, found = lock.relative_to(ROOT).as_posix().removeprefix("requirements/"), look()
        if found is None:
            print(f"{name}: NOT CHECKED, for {who} did not answer. Run it again where there is a network.")
            continue
        print(f"{name}: {len(found)} known vulnerabilities", *found, sep="\n  ")
        status = status or int(bool(found))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
