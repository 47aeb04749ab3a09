"""The audit fails on findings, and says so when it could not look."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.audit import ROOT, main

CLEAN = {"dependencies": [{"name": "starlette", "version": "1.0", "vulns": []}, {"name": "own", "skip_reason": "?"}]}
BAD = {
    "dependencies": [
        {"name": "starlette", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]},
        {"name": "orjson", "version": "3.0", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]},
    ]
}
#: No npm is there.
NOBODY = ["palaver-has-no-such-program"]


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
    assert main(program(tmp_path, report), NOBODY) == status
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ('{"vulnerabilities": {}}', 0, "web/package-lock.json: 0 known"),
        ('{"vulnerabilities": {"vite": {"range": "<9", "severity": "high"}}}', 1, "vite <9: high"),
        ('{"message": "405 Method Not Allowed"}', 0, "web/package-lock.json: NOT CHECKED"),
        ("npm is not itself today", 0, "web/package-lock.json: NOT CHECKED"),
    ],
)
def test_what_is_locked_for_npm_is_looked_at_too(
    said: str, status: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(program(tmp_path, CLEAN), [sys.executable, "-c", f"print({said!r})"]) == status
    assert words in capsys.readouterr().out


def test_every_lock_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(program(tmp_path, CLEAN), NOBODY)
    told = capsys.readouterr().out
    locks = [*ROOT.glob("requirements/*.lock"), *ROOT.glob("examples/*/*.lock")]
    locks += [ROOT / name for name in ("web/package-lock.json", "bench/peers/package-lock.json")]
    for lock in locks:
        assert lock.relative_to(ROOT).as_posix().removeprefix("requirements/") + ": " in told
