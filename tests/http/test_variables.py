"""Variables hold so many values and no more, and beyond that nobody looks at them."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from core.limit_settings import LimitSettings
from core.strict_json import TooManyObjects, read_strictly
from graph.admission import has_more_values
from graph.frames import Close, read_frame
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.http.wire import code_of, errors_of, post, post_query
from tests.socket.wire import greeted
from tests.standing import standing_house
from tests.uploads import Part, form_of, send_form

house = standing_house()
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
ME = "{ viewer { id } }"
MOST_VALUES: int = LimitSettings.model_fields["max_variables"].default
MOST_OBJECTS: int = LimitSettings.model_fields["max_objects"].default


class Endless(list[Any]):
    """A list that says how long it is, and cannot be gone through."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("It was looked at.")


def variables(values: int) -> dict[str, Any]:
    """So many values: this list, an object in it, and what is in that."""
    return {"v": [{str(number): [] for number in range(values - 2)}]}


async def test_values_of_variables_are_limited_wherever_they_are(ann: Person) -> None:
    assert "errors" not in (await post_query(ann, ME, **variables(MOST_VALUES))).json()
    for many in (variables(MOST_VALUES + 1), {"v": ["a"] * MOST_VALUES}, {str(n): n for n in range(MOST_VALUES + 1)}):
        response = await post_query(ann, ME, **many)
        assert code_of(response) == "TOO_COMPLEX"
        assert errors_of(response)[0]["extensions"]["limit"] == "variables"
        assert response.status_code == 400


async def test_a_list_is_too_long_before_its_values_are_coerced(ann: Person) -> None:
    assert code_of(await post_query(ann, NODES, ids=["a"] * 900)) == "BAD_USER_INPUT"
    assert code_of(await post_query(ann, NODES, ids=["a"] * MOST_VALUES)) == "TOO_COMPLEX"


async def test_objects_of_a_body_are_limited_and_braces_in_texts_are_not(ann: Person) -> None:
    def body(objects: int, brace: str = "") -> bytes:
        rest = {"query": f"{ME} # {brace * 5000}", "extensions": {"more": [{}] * (objects - 2)}}
        return json.dumps(rest).encode()

    for brace in ("", "{"):
        assert "errors" not in (await post(ann, body(MOST_OBJECTS, brace))).json()
        response = await post(ann, body(MOST_OBJECTS + 1, brace))
        assert code_of(response) == "TOO_COMPLEX"
        assert errors_of(response)[0]["extensions"]["limit"] == "variables"


async def test_the_limit_holds_on_a_socket_as_well(ann: Person) -> None:
    async with ann.connect() as line:
        assert await (await line.subscribe(ME, v=["a"] * MOST_VALUES)).ended() == "TOO_COMPLEX"
        assert (await (await line.subscribe(ME)).next())["id"]


async def test_how_many_objects_is_a_setting_for_bodies_forms_addresses_and_frames(make_house: OpenHouse) -> None:
    """Two of them are the request itself and what holds the others; in an address only the latter is there."""
    async with make_house(max_objects=40, get_queries="on") as house, People(house) as people:
        for objects, expected in ((38, None), (39, "TOO_COMPLEX")):
            wish = {"query": ME, "extensions": {"more": [{}] * objects}}
            form = form_of(Part("operations", json.dumps(wish).encode()), Part("map", b"{}"))
            more = json.dumps({"more": [{}] * (objects + 1)})
            address = f"{house.url}/graphql?{urlencode({'query': ME, 'extensions': more})}"
            for response in (
                await post(people.ann, json.dumps(wish).encode()),
                await send_form(people.ann, form),
                await people.ann.http.get(address, headers=people.ann.headers),
            ):
                assert (code_of(response) if errors_of(response) else None) == expected
        async with greeted(people.ann) as wire:
            await wire.say(type="ping", payload={"more": [{}] * 38})
            assert (await wire.hear())["type"] == "pong"
            await wire.say(type="ping", payload={"more": [{}] * 39})
            assert await wire.ending() == (4400, "The frame has more than 40 objects")


def test_what_is_beyond_the_limit_is_not_looked_at() -> None:
    for many in (Endless([1] * MOST_VALUES), [[Endless([1] * (MOST_VALUES - 1))]]):
        assert has_more_values({"v": many}, MOST_VALUES)


def test_reading_ends_with_the_first_object_too_many() -> None:
    """What stands behind it would be no JSON."""
    with pytest.raises(TooManyObjects):
        read_strictly("[" + "{}," * 11 + "nothing", 10)
    with pytest.raises(Close, match="more than 10 objects"):
        read_frame('{"type": "ping", "payload": {"more": [' + "{}," * 11 + "nothing", 10)
    assert read_strictly('["' + "{" * 5000 + '"]', 10) == ["{" * 5000]
    with pytest.raises(ValueError, match="twice"):
        read_strictly('{"a": 1, "a": 2, "b": "' + "{" * 5000 + '"}', 10)
