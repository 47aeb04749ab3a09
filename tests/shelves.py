"""Where the files of a test's server are: in a folder, or in a bucket of an object store.

Tests about files run on each: `house, make_house, shelves, shelf = shelved_house()` at the top of a module. By default
they run on each with each database. Tables of samples, of which it is looked at what is in them, need not: with
`is_crossed=False` the folder goes with SQLite, and the bucket with PostgreSQL.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenHouse
from tests.house import House, open_house
from tests.legs import NAMES as LEGS
from tests.legs import Home, Leg, home_in
from tests.parts.objects import KEY_ID, SECRET, Objects, ObjectStore

NAMES = ("folder", "bucket")


class Shelves:
    """Both kinds; the object store is started by the first test that needs it."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    @property
    def objects(self) -> ObjectStore:
        """The object store."""
        return self._objects.store

    def settings(self, shelf: str, folder: Path) -> dict[str, Any]:
        """The settings of a server whose files are on a shelf of a kind, which is empty."""
        if shelf == "folder":
            return {}
        bucket = "test-" + hashlib.sha256(str(folder).encode()).hexdigest()[:20]
        self.objects.make_bucket(bucket)
        return {
            "files_url": f"s3://{bucket}/palaver",
            "s3_endpoint": self.objects.url,
            "s3_key_id": KEY_ID,
            "s3_secret": SECRET,
        }

    def kept(self, house: House) -> list[str]:
        """The keys of all files that a server keeps, without their folders."""
        url = house.settings.files_url
        if url.startswith("file://"):
            folder = Path(url.removeprefix("file://"))
            return sorted(path.name for path in folder.rglob("*") if path.is_file())
        return sorted(key.rpartition("/")[2] for key in self.objects.keys(url.split("/")[2]))


def shelved_house(*, is_crossed: bool = True, **changes: Any) -> tuple[Any, Any, Any, Any]:
    """Fixtures that take the place of `house` and `make_house`: for each database and each shelf."""

    @pytest.fixture(scope="session")
    def shelves(objects: Objects) -> Shelves:
        return Shelves(objects)

    @pytest.fixture(scope="module", params=NAMES)
    def each_shelf(request: pytest.FixtureRequest) -> str:
        return str(request.param)

    @pytest.fixture(scope="module")
    def shelf_of_leg(leg: Leg) -> str:
        return NAMES[LEGS.index(leg.name)]

    shelf = each_shelf if is_crossed else shelf_of_leg

    @pytest.fixture(scope="module")
    async def house(
        tmp_path_factory: pytest.TempPathFactory, leg: Leg, shelf: str, shelves: Shelves
    ) -> AsyncIterator[House]:
        folder = tmp_path_factory.mktemp("shelved")
        with home_in(folder, leg) as home:
            async with open_house(home.settings(**shelves.settings(shelf, folder), **changes)) as running:
                yield running

    @pytest.fixture
    def make_house(home: Home, shelf: str, shelves: Shelves) -> OpenHouse:
        def make(**more: Any) -> AbstractAsyncContextManager[House]:
            return open_house(home.settings(**{**shelves.settings(shelf, home.folder), **changes, **more}))

        return make

    return house, make_house, shelves, shelf
