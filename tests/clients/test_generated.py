"""What the inbox has of the schema and of its own operations is what the generator writes."""

import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
GENERATED = Path("inbox/src/api/generated.ts")

pytestmark = pytest.mark.clients


def test_the_types_of_the_inbox_are_current(tmp_path: Path) -> None:
    """Written anew beside a copy, so that nothing here changes. If it differs, run `make web`."""
    web = tmp_path / "web"
    shutil.copytree(WEB / "inbox", web / "inbox")
    (web / "node_modules").symlink_to(WEB / "node_modules")
    shutil.copy(WEB / "package.json", web)
    shutil.copy(WEB.parent / "schema.graphql", tmp_path)
    (web / GENERATED).unlink()
    subprocess.run(["npm", "run", "--silent", "generate"], cwd=web, check=True, capture_output=True)
    assert (web / GENERATED).read_text("utf-8") == (WEB / GENERATED).read_text("utf-8")
