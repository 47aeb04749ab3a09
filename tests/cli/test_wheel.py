"""What is published works without this checkout: the wheel, in an environment of its own, serving an empty folder."""

import asyncio
import sys
import sysconfig
from pathlib import Path

import httpx

from tests.cli.running import ROOT, serving
from tests.waiting import soon

WHERE = "import chat, core, db, graph; print(*(module.__file__ for module in (chat, core, db, graph)), sep='\\n')"


async def run(*words: str, cwd: Path) -> str:
    """Run a program to its end; what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *words, cwd=cwd, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await soon(process.communicate())
    assert process.returncode == 0, output.decode()
    return output.decode()


async def test_the_wheel_serves_from_an_empty_folder(tmp_path: Path) -> None:
    """Only what Palaver depends on is lent by this environment; Palaver itself is the wheel's."""
    wheels, environment, folder = tmp_path / "wheels", tmp_path / "environment", tmp_path / "empty"
    folder.mkdir()
    await run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheels), cwd=ROOT)
    (wheel,) = wheels.iterdir()
    await run(sys.executable, "-m", "venv", "--without-pip", str(environment), cwd=tmp_path)
    python = str(environment / "bin" / "python")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index", "--no-deps")
    await run(*pip, "--disable-pip-version-check", str(wheel), cwd=tmp_path)
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")

    places = (await run(python, "-c", WHERE, cwd=folder)).split()
    assert [Path(place).parent.parent for place in places] == [site] * 4
    palaver = str(environment / "bin" / "palaver")
    assert await run(palaver, "schema", "export", cwd=folder) == (ROOT / "schema.graphql").read_text("utf-8")
    await run(palaver, "schema", "check", cwd=folder)
    async with serving(folder, command=(palaver,), PYTHONPATH="") as served, httpx.AsyncClient(timeout=20) as http:
        page = await http.get(f"{served.url}/graphiql/")
        assert (page.status_code, "<title>" in page.text) == (200, True)
        headers = {"Authorization": f"Bearer {served.tokens['buyer']}"}
        body = {"query": "{ conversations(first: 10) { edges { node { id } } } }"}
        answer = (await http.post(f"{served.url}/graphql", json=body, headers=headers)).json()
        assert len(answer["data"]["conversations"]["edges"]) == 5
        assert (await http.get(f"{served.url}/readyz")).json()["ready"] is True
    assert {path.name for path in folder.iterdir()} >= {"palaver.db", "files", "said"}
