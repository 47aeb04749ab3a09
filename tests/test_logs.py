"""What libraries warn of is logged in the server's own format, and what graphql-core drops is not."""

import json
import subprocess
import sys

SETTINGS = """
from core.logs import set_up_logs
from core.settings import Settings

set_up_logs(Settings(log_format="json"))
"""

#: A field fails while its sibling's own fields have been called for, but have not begun.
DROPPED = """
import asyncio, gc, strawberry

@strawberry.type
class Thing:
    @strawberry.field
    async def many(self) -> list["Thing"]:
        return [Thing(), Thing()]

    @strawberry.field
    async def failing(self) -> int:
        raise ValueError("no")

@strawberry.type
class Query:
    @strawberry.field
    async def thing(self) -> Thing:
        return Thing()

query = "{ good: thing { many { many { many { many { __typename } } } } } bad: thing { failing } }"
answer = asyncio.run(strawberry.Schema(Query).execute(query))
print([error.message for error in answer.errors])
gc.collect()
"""


def run(code: str) -> tuple[str, str]:
    """What a program prints and logs."""
    done = subprocess.run([sys.executable, "-W", "always", "-c", code], capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


def test_a_warning_is_a_line_of_the_log() -> None:
    """In one line of JSON, with its level."""
    _, logged = run(SETTINGS + "import warnings; warnings.warn('old', DeprecationWarning)")
    line = json.loads(logged)
    assert line["level"] == "warning"
    assert "old" in line["event"]


def test_fields_that_are_called_off_before_they_begin_warn_of_nothing() -> None:
    """Python alone warns of each, as a defect."""
    told, warned = run(DROPPED)
    assert told == "['no']\n"
    assert "was never awaited" in warned
    assert "was never awaited" not in run(SETTINGS + DROPPED)[1]
