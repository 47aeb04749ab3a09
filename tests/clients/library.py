"""The client library, built and put where an application has it: tests/clients/node_modules/@palaver/client."""

import fcntl
import shutil
import subprocess
from pathlib import Path

from tests.clients.node import HERE

SOURCE = HERE.parents[1] / "web" / "client"
PLACE = HERE / "node_modules" / "@palaver" / "client"


def install_library() -> None:
    """What `npm pack` would pack, built anew when a source has changed. The peers it asks for are those here."""
    with (SOURCE / "package.json").open() as package:
        fcntl.flock(package, fcntl.LOCK_EX)  # Several workers would write the same files.
        if newest(SOURCE / "src", SOURCE / "package.json") < newest(PLACE):
            return
        subprocess.run(["npm", "run", "build"], cwd=SOURCE, check=True, capture_output=True)
        shutil.rmtree(PLACE, ignore_errors=True)
        for name in ("dist", "src"):
            shutil.copytree(SOURCE / name, PLACE / name, copy_function=shutil.copyfile)
        for name in ("relay.config.json", "package.json", "README.md", "LICENSE"):
            shutil.copyfile(SOURCE / name, PLACE / name)


def newest(*places: Path) -> float:
    """When the last of the files was written; 0 when there is none."""
    files = [path for place in places for path in [place, *place.rglob("*")] if path.is_file()]
    return max((path.stat().st_mtime for path in files), default=0)
