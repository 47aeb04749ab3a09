"""Which versions of SQLite may be written to by several processes: https://sqlite.org/wal.html#walresetbug."""

from pathlib import Path

import pytest

from db.sqlite import is_sound_for_several
from graph import doctor

UNSOUND = [(3, 7, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 0), (3, 51, 2)]
SOUND = [(3, 44, 6), (3, 44, 9), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)]


@pytest.mark.parametrize("version", UNSOUND)
def test_these_may_lose_what_a_log_begins_with(version: tuple[int, ...]) -> None:
    assert not is_sound_for_several(version)


@pytest.mark.parametrize("version", SOUND)
def test_these_lose_nothing(version: tuple[int, ...]) -> None:
    assert is_sound_for_several(version)


def test_the_doctor_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {}
    for version in (UNSOUND[1], SOUND[-1]):
        monkeypatch.setattr("sqlite3.sqlite_version_info", version)
        monkeypatch.setattr("sqlite3.sqlite_version", ".".join(map(str, version)))
        told[version] = doctor._words_of(Path("/there/palaver.db"))
    assert "let one process serve" in told[UNSOUND[1]]
    assert "3.51.3" in told[UNSOUND[1]]
    assert told[SOUND[-1]] == "/there/palaver.db, by SQLite 4.0.0."
