"""The matrix: whatever a client can name, a member finds it, and to a stranger it is as if it were not there."""

from itertools import chain

import pytest

from graph.plan.plans import Plans
from graph.roots import schema
from tests.access.acts import ACTS
from tests.access.host import HOST
from tests.access.reads import READS
from tests.access.rows import Row, find_as_member, outcome_of, raw_answer
from tests.access.staff import STAFF
from tests.access.streams import STREAMS
from tests.access.walk import complaints, names_given
from tests.access.world import World
from tests.metrics.scraping import watch

ROWS: list[Row] = [*READS, *ACTS, *HOST, *STAFF, *STREAMS]
STRANGERS = ("cy", "ada", "host", "rex")
EVERYBODY = ("ann", "bob", "cy", "ada", "host", "rex")
SCHEMA = schema._schema

each_row = pytest.mark.parametrize("row", ROWS, ids=str)


def test_the_matrix_knows_every_name_that_a_client_can_give() -> None:
    assert complaints(SCHEMA, set(chain.from_iterable(row.names for row in ROWS))) == []


@each_row
async def test_a_row_is_about_what_it_says(row: Row, world: World) -> None:
    """Its operation gives each of its names, and another one when it asks for what does not exist."""
    things = world.things("ann")
    real = names_given(SCHEMA, row.operation, row.variables(things))
    absent = names_given(SCHEMA, row.operation, row.variables(things.twins()))
    for name in row.names:
        assert real[name] != absent[name], name


@each_row
async def test_a_member_finds_it(row: Row, world: World) -> None:
    await find_as_member(world, row)


@each_row
async def test_to_a_stranger_it_is_as_if_it_were_not_there(row: Row, world: World) -> None:
    """Cy, staff, the host's own server and who was removed get the same answer as for what does not exist, to the
    letter."""
    await must_be_nothing_to_strangers(world, row)


@each_row
async def test_when_it_is_closed_a_member_finds_it_and_can_say_nothing_more(row: Row, closed_world: World) -> None:
    await must_be_refused_to_a_member(closed_world, row, row.closed)


@each_row
async def test_when_they_are_blocked_a_member_finds_it_and_can_say_nothing_more(row: Row, blocked_world: World) -> None:
    await must_be_refused_to_a_member(blocked_world, row, row.code_when_blocked)


@each_row
async def test_when_they_are_blocked_a_stranger_does_not_notice(row: Row, blocked_world: World) -> None:
    await must_be_nothing_to_strangers(blocked_world, row)


async def must_be_refused_to_a_member(world: World, row: Row, code: str | None) -> None:
    """By this code; or they find it when there is none."""
    if code is None:
        await find_as_member(world, row)
        return
    if row.meanwhile is not None:
        assert await row.meanwhile(world) == code
        return
    person, things = world.cast[row.member], world.things(row.member)
    assert outcome_of(await raw_answer(person, row, things)).code == code


@each_row
async def test_when_it_is_closed_a_stranger_does_not_notice(row: Row, closed_world: World) -> None:
    await must_be_nothing_to_strangers(closed_world, row)


async def must_be_nothing_to_strangers(world: World, row: Row) -> None:
    """Whoever is not in it."""
    # Ada has the role of staff too: through `admin` she is no stranger.
    mates = {"host": ("host",), "sam": ("ada",)}.get(row.member, ())
    for name in [one for one in EVERYBODY if one not in mates] if row.is_of_a_role else STRANGERS:
        person, things = world.cast[name], world.things(name)
        answer = await raw_answer(person, row, things)
        assert outcome_of(answer) == row.stranger(things), name
        assert answer == await raw_answer(person, row, things.twins()), name


@each_row
async def test_somebody_without_a_token_gets_nothing_at_all(row: Row, world: World) -> None:
    cy, things = world.cast["cy"], world.things("ann")
    body = {"query": row.operation, "variables": row.variables(things)}
    for headers in ({}, {"Authorization": "Bearer none"}):
        response = await cy.http.post(f"{cy.house.url}/graphql", json=body, headers=headers)
        assert response.status_code == 401
        assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["UNAUTHENTICATED"]
        assert "data" not in response.json()


async def test_answers_are_made_as_each_way_says(world: World, way: type[Plans]) -> None:
    """So that every row above was looked at both ways."""
    ann = world.cast["ann"]
    seen = await watch(ann.house)
    await ann.ask("{ conversations { edges { node { id } } } }")
    assert await seen.moved("palaver_answers_total", kind="query", made="planned") == (way is Plans)
    assert await seen.moved("palaver_answers_total", kind="query", made="unplanned") == (way is not Plans)
