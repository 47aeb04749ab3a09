"""`palaver audit verify`: what an auditor runs, on a database that somebody may have had."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.running import palaver

HEAD = re.compile(r"The newest hash is ([0-9a-f]{64}):")


async def test_a_log_is_verified(tmp_path: Path) -> None:
    """The market of the seed has been talked in."""
    refused = await palaver(tmp_path, "audit", "verify")
    assert refused.status == 2
    assert refused.errors.startswith("There is no database yet")
    assert (await palaver(tmp_path, "migrate")).status == 0
    fill(tmp_path, 3)
    whole = await palaver(tmp_path, "audit", "verify")
    assert (whole.status, whole.errors) == (0, "")
    assert whole.output.startswith("The audit log is whole: 0 entries in the chain, 3 not in it yet.")
    found = HEAD.search(whole.output)
    assert found is not None
    assert found[1] == "0" * 64
    lost = await palaver(tmp_path, "audit", "verify", "--head", "a" * 64)
    assert lost.status == 1
    assert "does not lead through" in lost.errors


@pytest.mark.parametrize("forgery", ["delete from audit_unsealed where entry_id like '%1'"])
async def test_what_is_broken_is_named(tmp_path: Path, forgery: str) -> None:
    await palaver(tmp_path, "migrate")
    fill(tmp_path, 3)
    with sqlite3.connect(tmp_path / "palaver.db") as database:
        database.execute(forgery)
    broken = await palaver(tmp_path, "audit", "verify")
    assert (broken.status, broken.output) == (1, "")
    assert broken.errors.startswith(f"The audit log is broken at entry ({'0' * 31}1): it is not in the chain")


def fill(folder: Path, count: int) -> None:
    """Entries that nobody has put into the chain yet."""
    with sqlite3.connect(folder / "palaver.db") as database:
        for number in range(count):
            database.execute(
                "insert into audit_entries (id, action, at) values (?, 'audit.read', ?)", (f"{number:032x}", number)
            )
