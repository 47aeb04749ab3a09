"""Files that staff are shown: they have them by their own addresses, and that they do is in the log first."""

import asyncio

import pytest

from core.ids import key_of
from tests import staff
from tests.access.world import send_files, upload
from tests.client import People, Person
from tests.house import House


@pytest.fixture
def ada(people: People) -> Person:
    """Staff."""
    return staff.staff_of(people)


async def test_staff_take_a_file_by_the_address_that_admin_gives(ann: Person, ada: Person, thread: str) -> None:
    """That they did is in the log; nobody makes an address of staff's of their own, and what was taken back is gone."""
    file = await upload(ann, "My offer")
    message = await send_files(ann, thread, file["id"])
    (edge,) = (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"]["messages"]["edges"]
    (shown,) = edge["node"]["attachments"]
    found = await ada.http.get(shown["url"])
    assert (found.status_code, found.text) == (200, "My offer")
    assert ("ada", "attachment.read", file["id"]) in await staff.told(ada)
    assert (await ada.http.get(shown["url"].replace("staff-", ""))).status_code == 404
    holder = str(key_of(await staff.user_id(ann), "User"))
    assert (await ada.http.get(file["url"].replace(holder, f"staff-{holder}"))).status_code == 404
    await ada.ask(staff.REMOVE, input={"messageId": message, "reason": "Rude"})
    assert (await ada.http.get(shown["url"])).status_code == 404


async def test_one_look_at_a_file_is_one_entry_however_it_is_taken(ann: Person, ada: Person, thread: str) -> None:
    """A player asks for many ranges, some of them at once; another address of the file is another look."""
    file = await upload(ann, "My offer")
    await send_files(ann, thread, file["id"])
    (edge,) = (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"]["messages"]["edges"]
    url = edge["node"]["attachments"][0]["url"]
    ranges = [{"Range": f"bytes={place}-{place}"} for place in range(8)]
    parts = await asyncio.gather(*(ada.http.get(url, headers=one) for one in ranges * 5))
    assert {(part.status_code, part.text) for part in parts} == {(206, letter) for letter in "My offer"}
    assert (await ada.http.get(url, headers={"If-None-Match": "*"})).status_code == 304
    assert [what for _, what, _ in await staff.told(ada)].count("attachment.read") == 1


async def test_a_file_whose_taking_cannot_be_logged_stays_where_it_is(
    house: House, ann: Person, ada: Person, thread: str
) -> None:
    """Whoever comes later, when the log takes entries again, has it."""
    file = await upload(ann, "My offer")
    await send_files(ann, thread, file["id"])
    (edge,) = (await ada.ask(staff.THREAD, id=thread, first=9))["conversation"]["messages"]["edges"]
    url = edge["node"]["attachments"][0]["url"]
    await staff.refuse_entries(house)
    tries = await asyncio.gather(*(ada.http.get(url) for _ in range(3)), ada.http.get(url))
    assert [(one.status_code, "offer" in one.text) for one in tries] == [(500, False)] * 4
    await staff.accept_entries(house)
    assert (await ada.http.get(url)).text == "My offer"
    assert [what for _, what, _ in await staff.told(ada)].count("attachment.read") == 1
