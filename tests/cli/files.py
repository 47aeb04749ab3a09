"""Import files of tests: lines as a host's export writes them."""

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.running import ROOT, Ended, palaver
from tests.house import House

Fields = dict[str, Any]

BIKE: Fields = {
    "type": "subject",
    "kind": "listing",
    "externalId": "bike-1",
    "title": "A red bicycle",
    "owner": {"userExternalId": "bob", "role": "seller"},
}


def about_bike(key: str = "c", contacter: str = "ann", **more: Any) -> Fields:
    """A conversation about Bob's bicycle."""
    subject = {"kind": "listing", "externalId": "bike-1"}
    created = "2025-04-01T08:00:00Z"
    return {
        "type": "conversation",
        "id": key,
        "subject": subject,
        "contacter": contacter,
        "createdAt": created,
        **more,
    }


def message(number: int, sender: str | None, body: str = "", **more: Any) -> Fields:
    """A message of conversation c, a second after the one before."""
    return {
        "type": "message",
        "conversation": "c",
        "id": f"m-{number}",
        "sender": sender,
        "body": body or f"message {number}",
        "createdAt": f"2025-04-01T{8 + number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        **more,
    }


def long_talk(count: int) -> list[Fields]:
    """Ann and Bob say something in turns."""
    return [BIKE, about_bike(), *(message(number, ("ann", "bob")[number % 2]) for number in range(1, count + 1))]


def example() -> str:
    """The example of docs/import.md."""
    found = re.search(r"```jsonl\n(.*?)```", (ROOT / "docs" / "import.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def write(folder: Path, *lines: Fields | str) -> Path:
    """A file of lines; a text stands for itself."""
    path = folder / "import.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


async def take_in(house: House, folder: Path, *lines: Fields | str) -> Ended:
    """Import lines into the database of a running server."""
    path = write(folder, *lines)
    return await palaver(folder, "import", str(path), PALAVER_DATABASE_URL=house.settings.database_url)
