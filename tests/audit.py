"""Looks for known vulnerabilities in what is locked: `make audit`. It fails on findings, not for want of a network.

pip-audit ends alike for both, but writes its report only when it has got an answer for everything.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LOCKS = ("runtime", "test", "check", "bench")
ROOT = Path(__file__).resolve().parent.parent


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


def main(program: Sequence[str]) -> int:
    """The status: 1 for findings."""
    status = 0
    for name in LOCKS:
        found = audit(program, ROOT / "requirements" / f"{name}.lock")
        if found is None:
            print(f"{name}.lock: NOT CHECKED, for osv.dev did not answer. Run it again where there is a network.")
            continue
        print(f"{name}.lock: {len(found)} known vulnerabilities", *found, sep="\n  ")
        status = status or int(bool(found))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
