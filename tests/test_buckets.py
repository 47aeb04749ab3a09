"""An object store that is away, or is not what the settings say, is told: before the server starts, and after."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from graph.checks import fault_in_files
from tests import samples
from tests.client import People
from tests.house import open_house
from tests.http.wire import code_of
from tests.legs import Home
from tests.parts.objects import Objects
from tests.parts.programs import free_port
from tests.shelves import Shelves
from tests.uploads import Part, form_of, give, operations, place_for, places, put, send_form


@pytest.fixture(scope="module")
def shelves() -> Iterator[Shelves]:
    """An object store of this module's: some of its tests take it away."""
    own = Objects()
    yield Shelves(own)
    own.close()


@pytest.fixture
def bucket(shelves: Shelves, tmp_path: Path) -> dict[str, Any]:
    """The settings of a bucket that is there."""
    return shelves.settings("bucket", tmp_path)


async def test_a_bucket_is_tried_before_the_server_starts(shelves: Shelves, bucket: dict[str, Any]) -> None:
    """A file is put there, and taken away again."""
    assert await fault_in_files(Settings(_env_file=None, **bucket)) is None
    assert shelves.objects.keys(bucket["files_url"].split("/")[2]) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"files_url": "s3://there-is-none"}, "PALAVER_S3_ENDPOINT"),
        ({"s3_endpoint": f"http://127.0.0.1:{free_port()}"}, "PALAVER_S3_ENDPOINT"),
        ({"files_url": "s3://"}, "s3://BUCKET"),
        ({"files_url": "s3://bucket/a?b=c"}, "s3://BUCKET"),
        ({"files_url": "ftp://host"}, "file://FOLDER"),
    ],
)
async def test_a_place_for_files_that_is_none_is_named(
    bucket: dict[str, Any], change: dict[str, str], words: str
) -> None:
    fault = await fault_in_files(Settings(_env_file=None, **{**bucket, **change}))
    assert fault is not None
    assert "PALAVER_FILES_URL" in fault
    assert words in fault
    assert bucket["s3_secret"] not in fault


async def test_clients_are_sent_to_the_address_that_they_can_reach(home: Home, bucket: dict[str, Any]) -> None:
    public = "https://files.market.example"
    async with open_house(home.settings(**bucket, s3_public_endpoint=public)) as house, People(house) as people:
        place = await place_for(people.ann, 5)
    url = place["uploadUrl"]
    assert url.startswith(f"{public}/{bucket['files_url'].split('/')[2]}/palaver/")
    assert "X-Amz-Signature=" in url
    assert bucket["s3_secret"] not in url


async def test_a_store_that_is_away_is_told_and_breaks_nothing_else(home: Home, bucket: dict[str, Any]) -> None:
    """What is in it is there again with it; meanwhile nothing of what is given is believed to be stored."""
    async with open_house(home.settings(**bucket)) as house, People(house) as people:
        file, place = await give(people.ann, samples.PNG), await place_for(people.ann, 5)
        assert await put(people.ann, place, b"Hello") == 200
    away = {**bucket, "s3_endpoint": f"http://127.0.0.1:{free_port()}"}
    async with open_house(home.settings(**away)) as house, People(house) as people:
        ann = people.ann
        response = await ann.http.get(house.url + file["url"][file["url"].index("/files/") :])
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")
        refused = await send_form(ann, form_of(operations(), places(), Part("0", b"Hello", "note.txt")))
        assert code_of(refused) == "INTERNAL"
        assert "127.0.0.1" not in refused.text
        assert await ann.ask("{ viewer { id } }")
    async with open_house(home.settings(**bucket)) as house, People(house) as people:
        response = await people.ann.http.get(house.url + file["url"][file["url"].index("/files/") :])
        assert response.status_code == 200
