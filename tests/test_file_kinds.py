"""What a file is, found out by its bytes; what is none of the kinds that are accepted is refused without a trace."""

import pytest

from tests import samples
from tests.client import Person
from tests.shelves import Shelves, shelved_house
from tests.uploads import give, left, refusal_of

house, make_house, shelves, shelf = shelved_house(is_crossed=False)


@pytest.mark.parametrize(("name", "wanted"), samples.ACCEPTED.items(), ids=samples.ACCEPTED)
async def test_what_a_file_is_is_found_from_its_bytes(
    ann: Person, name: str, wanted: tuple[bytes, str, str, tuple[int, int] | None]
) -> None:
    content, mime_type, kind, size = wanted
    file = await give(ann, content, name)
    assert (file["mimeType"], file["kind"]) == (mime_type, kind)
    assert (file["width"], file["height"]) == (size or (None, None))
    assert (file["thumbnailUrl"] is not None, file["durationSeconds"] is not None) == (kind == "IMAGE", kind == "VOICE")
    assert file["byteSize"] == len(content) or kind == "IMAGE"


@pytest.mark.parametrize(("name", "content"), samples.REFUSED.items(), ids=samples.REFUSED)
async def test_a_file_of_another_kind_is_refused_and_not_kept(
    ann: Person, shelves: Shelves, name: str, content: bytes
) -> None:
    before = await left(ann.house, shelves)
    assert await refusal_of(ann, content, name) == "UNSUPPORTED_MEDIA_TYPE"
    assert await left(ann.house, shelves) == before
