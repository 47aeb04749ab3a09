"""The audit fails on findings, and says so when it could not look."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.audit import main

CLEAN = {"dependencies": [{"name": "starlette", "version": "1.0", "vulns": []}, {"name": "own", "skip_reason": "?"}]}
BAD = {
    "dependencies": [
        {"name": "starlette", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]},
        {"name": "orjson", "version": "3.0", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]},
    ]
}


def program(folder: Path, report: object) -> Sequence[str]:
    """Something that ends as pip-audit does."""
    script = folder / "audit.py"
    script.write_text(
        "import sys, pathlib\n"
        f"report = {json.dumps(json.dumps(report)) if report else None}\n"
        "if report: pathlib.Path(sys.argv[sys.argv.index('--output') + 1]).write_text(report)\n"
        "print('ConnectionError: no route', file=sys.stderr)\n"
        "sys.exit(1)\n"
    )
    return [sys.executable, str(script)]


@pytest.mark.parametrize(
    ("report", "status", "words"),
    [
        (CLEAN, 0, "runtime.lock: 0 known"),
        (BAD, 1, "starlette 1.0: PYSEC-1, fixed in 1.1"),
        (BAD, 1, "orjson 3.0: PYSEC-2, fixed in nothing yet"),
        (None, 0, "runtime.lock: NOT CHECKED"),
    ],
)
def test_it_fails_on_findings_alone(
    report: object, status: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(program(tmp_path, report)) == status
    assert words in capsys.readouterr().out
