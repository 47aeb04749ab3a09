"""The other commands: what is wrong is said in one line, with the setting and the mend, and never as a traceback."""

import asyncio
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import jwt
import pytest

from core.settings import DEVELOPMENT_SECRET
from db import migrate
from tests.cli.running import ROOT, environment, names_in, palaver, serving

OWN_SECRET = "a secret of one's own, of more than 32 bytes"

#: What stands in the way of `palaver serve`, and how the one line begins.
REFUSED: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "the development secret beyond loopback": (("--host", "0.0.0.0"), {}, "PALAVER_JWT_SECRET is the development"),
    "an address of another machine": (
        ("--host", "192.0.2.1"),
        {"PALAVER_JWT_SECRET": OWN_SECRET},
        "--host 192.0.2.1 is no address of this machine",
    ),
    "several workers that cannot hear each other": (("--workers", "2"), {}, "PALAVER_BROKER_URL is memory://"),
    "an unknown broker": ((), {"PALAVER_BROKER_URL": "pigeon://"}, "PALAVER_BROKER_URL cannot be used (ValueError)"),
    "a file where the folder of files is to be": (
        (),
        {"PALAVER_FILES_URL": "file://./a-file/files"},
        "PALAVER_FILES_URL names the folder",
    ),
    "another kind of place for files": ((), {"PALAVER_FILES_URL": "ftp://x"}, "PALAVER_FILES_URL must be file://"),
    "a database in a folder that is not there": (
        (),
        {"PALAVER_DATABASE_URL": "sqlite+aiosqlite:///gone/palaver.db"},
        "PALAVER_DATABASE_URL names",
    ),
    "a database that is none": (
        (),
        {"PALAVER_DATABASE_URL": "sqlite+aiosqlite:///a-file"},
        "PALAVER_DATABASE_URL: the database cannot be used (file is not a database)",
    ),
    "a driver that waits for nobody": (
        (),
        {"PALAVER_DATABASE_URL": "sqlite:///palaver.db"},
        "PALAVER_DATABASE_URL cannot be used",
    ),
    "a value that makes no sense": ((), {"PALAVER_TYPING_SECONDS": "soon"}, "PALAVER_TYPING_SECONDS: Input should be"),
    "the development secret in production": ((), {"PALAVER_ENV": "production"}, "PALAVER_JWT_SECRET is the"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
async def test_serving_is_refused_in_one_line(
    case: tuple[tuple[str, ...], dict[str, str], str], tmp_path: Path
) -> None:
    words, settings, said = case
    (tmp_path / "a-file").write_text("no database, and no folder. " * 100, "utf-8")
    ended = await palaver(tmp_path, "serve", "--port", "0", *words, **settings)
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith(said)
    assert ended.errors.count("\n") == 1


async def test_a_port_in_use_is_told_before_anything_is_done(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = await palaver(tmp_path, "serve", "--port", str(port))
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith(f"Port {port} of 127.0.0.1 is in use")
    assert names_in(tmp_path) == []


async def test_a_link_on_ipv6_is_written_as_browsers_want_it(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            host, shown = "localhost", "http://localhost:"
        else:
            host, shown = "::1", "http://[::1]:"
    async with serving(tmp_path, "--host", host) as served:
        assert served.url.startswith(shown)


async def test_the_version_is_told(tmp_path: Path) -> None:
    ended = await palaver(tmp_path, "--version")
    assert (ended.status, ended.output) == (0, "palaver 0.1.0\n")


async def test_a_token_says_who_somebody_is(tmp_path: Path) -> None:
    words = ("--name", "Ann Archer", "--role", "buyer", "--role", "seller", "--ttl", "60")
    ended = await palaver(tmp_path, "token", "ann", *words)
    claims = jwt.decode(ended.output.strip(), DEVELOPMENT_SECRET, algorithms=["HS256"])
    assert (claims["sub"], claims["name"], claims["roles"]) == ("ann", "Ann Archer", ["buyer", "seller"])
    assert claims["exp"] - claims["iat"] == 60


#: Becomes the command, then says what it has imported.
TELLING = """
import sys
from graph.cli import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.mark.parametrize("words", [("token", "ann"), ("--version",), ("--help",), ("audit", "verify", "--help")])
async def test_what_needs_no_database_imports_none(tmp_path: Path, words: tuple[str, ...]) -> None:
    """It takes a second, and a token is wanted again and again; nor is the schema built."""
    program = (sys.executable, "-c", TELLING, *words)
    done = await asyncio.to_thread(
        subprocess.run, program, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    imported = {*done.stderr.split()}
    assert {"graph", "core", "typer"} <= imported
    assert imported & {"db", "chat", "sqlalchemy", "alembic", "strawberry", "graphql", "uvicorn"} == set()


async def test_no_token_is_signed_with_a_secret_of_the_host(tmp_path: Path) -> None:
    ended = await palaver(tmp_path, "token", "ann", PALAVER_JWT_SECRET=OWN_SECRET)
    assert (ended.status, ended.output) == (2, "")
    assert "the host signs the real ones" in ended.errors


async def test_a_database_is_migrated_looked_at_and_restored(tmp_path: Path) -> None:
    """Before there is one the doctor and `restored` say so, and make none."""
    before = await palaver(tmp_path, "doctor")
    assert before.status == 1
    assert "FAIL  migrations: There is no database yet" in before.output
    refused = await palaver(tmp_path, "restored")
    assert (refused.status, refused.output) == (2, "")
    assert refused.errors.startswith("There is no database yet")
    assert names_in(tmp_path) == []
    migrated = await palaver(tmp_path, "migrate")
    assert (migrated.status, migrated.output) == (0, f"The database is at revision {migrate.head()}, the newest.\n")
    after = await palaver(tmp_path, "doctor")
    assert (after.status, [line[:4] for line in after.output.splitlines()]) == (0, ["ok  "] * 6)
    restored = await palaver(tmp_path, "restored")
    assert (restored.status, restored.errors) == (0, "")


async def test_the_doctor_reports_everything_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("no database. " * 100, "utf-8")
    ended = await palaver(
        tmp_path,
        "doctor",
        PALAVER_DATABASE_URL="sqlite+aiosqlite:///a-file",
        PALAVER_BROKER_URL="pigeon://",
        PALAVER_FILES_URL="file://./a-file",
    )
    assert (ended.status, ended.errors) == (1, "")
    assert [line.partition(":")[0] for line in ended.output.splitlines()] == [
        "ok    settings",
        "ok    address",
        "FAIL  database",
        "FAIL  broker",
        "FAIL  files",
    ]
    assert "ok    address: what clients call it" in ended.output
    assert (await palaver(tmp_path, "doctor", PALAVER_PAIRS="some")).output.startswith("FAIL  settings: PALAVER_PAIRS:")
    told = await palaver(tmp_path, "doctor", PALAVER_PUBLIC_URL="https://talk.example")
    assert "ok    address: https://talk.example" in told.output


async def test_the_doctor_notices_a_setting_that_is_none(tmp_path: Path) -> None:
    ended = await palaver(tmp_path, "doctor", PALAVER_BROKER_URI="redis://broker", PALAVER_LOG_LEVEL="info")
    assert ended.status == 1
    assert "FAIL  settings: PALAVER_BROKER_URI is set, and there is no such setting" in ended.output
    assert "PALAVER_LOG_LEVEL" not in ended.output


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    assert (await palaver(tmp_path, "migrate")).status == 0
    with sqlite3.connect(tmp_path / "palaver.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    ended = await palaver(tmp_path, "serve", "--port", "0")
    assert (ended.status, ended.output) == (2, "")
    assert ended.errors.startswith("The database is of a newer version of Palaver (revision 9999)")


async def test_the_schema_is_exported_and_checked(tmp_path: Path) -> None:
    assert (await palaver(tmp_path, "schema", "export", "mine.graphql")).status == 0
    assert (tmp_path / "mine.graphql").read_bytes() == (ROOT / "schema.graphql").read_bytes()
    (tmp_path / "mine.graphql").write_text("type Query { nothing: Int }\n", "utf-8")
    checked = await palaver(tmp_path, "schema", "check", "mine.graphql")
    assert (checked.status, checked.output) == (1, "")
    assert "palaver schema export mine.graphql" in checked.errors
