"""Who people are comes from the newest token or word of the host; what they may do, from the present token."""

import asyncio
import time
from typing import Any

import pytest

from tests import acts
from tests.client import People, Person
from tests.listings import opening, people_in

ME = "{ viewer { user { id externalId name avatarUrl roles } } }"
UPSERT = """
mutation($input: UpsertUserInput!) {
  upsertUser(input: $input) { user { id externalId name avatarUrl roles } errors { code path } }
}
"""
WHO = "query($id: ID!) { user(externalId: $id) { id name avatarUrl roles } }"

HOUR = 3600
PICTURE = "https://market.example/ann.jpg"


async def me(person: Person) -> Any:
    """A person as they are known now, without the ids."""
    user = (await person.ask(ME))["user"]
    return {name: user[name] for name in ("name", "avatarUrl", "roles")}


async def tell(host: Person, external_id: str, **fields: Any) -> Any:
    """The host tells of somebody."""
    payload = await host.ask(UPSERT, input={"externalId": external_id, **fields})
    assert payload["errors"] == [], payload
    return payload["user"]


def ago(seconds: float) -> float:
    """A moment in the past, for `iat`."""
    return time.time() - seconds


async def test_somebody_is_known_from_their_first_token_on(people: People) -> None:
    eve = people.person("eve", "seller", "driver", name="Eve", picture=PICTURE)
    assert await me(eve) == {"name": "Eve", "avatarUrl": PICTURE, "roles": ["seller", "driver"]}
    assert (await people.ann.ask(WHO, id="eve"))["name"] == "Eve"


async def test_without_a_name_somebody_is_called_by_their_id(people: People) -> None:
    assert await me(people.person("eve")) == {"name": "eve", "avatarUrl": None, "roles": []}


async def test_every_token_has_a_user_the_hosts_too(host: Person) -> None:
    assert (await me(host))["name"] == "The market"


async def test_a_first_token_seen_many_times_at_once_makes_one_user(people: People) -> None:
    eves = [people.person("eve", name=f"Eve {number}") for number in range(20)]
    answers = await asyncio.gather(*(eve.ask(ME) for eve in eves))
    assert len({answer["user"]["id"] for answer in answers}) == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
async def test_the_newest_token_counts_in_whatever_order_they_are_seen(order: tuple[int, ...], people: People) -> None:
    tokens = [
        people.person("eve", f"role-{number}", name=f"Eve {number}", iat=ago(HOUR * (3 - number)))
        for number in range(3)
    ]
    for number in order:
        await tokens[number].ask(ME)
    for token in tokens:
        assert await me(token) == {"name": "Eve 2", "avatarUrl": None, "roles": ["role-2"]}


async def test_a_newer_token_that_says_the_same_keeps_older_ones_from_counting(people: People) -> None:
    """Ann, then Ann again later, then Anna of in between: Ann it stays."""
    for hours, name in ((3, "Ann Archer"), (1, "Ann Archer"), (2, "Anna")):
        await me(people.person("una", name=name, iat=ago(hours * HOUR)))
    assert (await people.host.ask(WHO, id="una")) is None
    una = people.person("una", iat=ago(4 * HOUR))
    assert (await me(una))["name"] == "Ann Archer"


async def test_a_name_is_better_than_none_however_old_it_is(people: People) -> None:
    """The host told Una's roles only; the name in her older token is the only one there is."""
    await tell(people.host, "una", roles=["seller"])
    known = await me(people.person("una", "buyer", name="Una", iat=ago(HOUR)))
    assert known == {"name": "Una", "avatarUrl": None, "roles": ["seller"]}


async def test_a_claim_that_is_not_there_keeps_what_is_known(people: People) -> None:
    await me(people.person("eve", "seller", name="Eve", picture=PICTURE, iat=ago(HOUR)))
    bare = people.person("eve", roles=None, iat=ago(60))
    assert await me(bare) == {"name": "Eve", "avatarUrl": PICTURE, "roles": ["seller"]}
    renamed = people.person("eve", roles=None, name="Eva", iat=ago(30))
    assert await me(renamed) == {"name": "Eva", "avatarUrl": PICTURE, "roles": ["seller"]}
    roleless = people.person("eve", iat=ago(10))
    assert await me(roleless) == {"name": "Eva", "avatarUrl": PICTURE, "roles": []}


async def test_the_hosts_words_count_more_than_an_older_token(people: People) -> None:
    eve = people.person("eve", "buyer", name="Eve", iat=ago(HOUR))
    await me(eve)
    await tell(people.host, "eve", name="Eva", roles=["seller"])
    assert await me(eve) == {"name": "Eva", "avatarUrl": None, "roles": ["seller"]}
    other = people.person("eve", "buyer", name="Evelyn", iat=ago(60))
    assert await me(other) == {"name": "Eva", "avatarUrl": None, "roles": ["seller"]}


async def test_a_newer_token_counts_more_than_the_hosts_words(people: People) -> None:
    await tell(people.host, "eve", name="Eva", roles=["seller"])
    eve = people.person("eve", "buyer", name="Eve", iat=time.time())
    assert await me(eve) == {"name": "Eve", "avatarUrl": None, "roles": ["buyer"]}


async def test_the_host_tells_of_people_who_have_not_signed_in(people: People) -> None:
    """They are listed, can be written to, and are the same person when they come."""
    told = await tell(people.host, "eve", name="Eva", avatarUrl=PICTURE, roles=["seller"])
    assert await people.ann.ask(WHO, id="eve") == {
        "id": told["id"],
        "name": "Eva",
        "avatarUrl": PICTURE,
        "roles": ["seller"],
    }
    pair = (await opening(people.ann, userExternalId="eve"))["conversation"]["id"]
    await acts.send(people.ann, pair, "Welcome")
    eve = people.person("eve", "seller", iat=ago(HOUR), name="Older")
    assert (await eve.ask(ME))["user"] == told
    assert await acts.bodies(eve, pair) == ["Welcome"]


async def test_what_the_host_leaves_out_stays_and_null_clears_the_picture(host: Person) -> None:
    await tell(host, "eve", name="Eva", avatarUrl=PICTURE, roles=["seller", "driver"])
    user = await tell(host, "eve", name="Eve")
    assert (user["name"], user["avatarUrl"], user["roles"]) == ("Eve", PICTURE, ["seller", "driver"])
    user = await tell(host, "eve", name=None, roles=None, avatarUrl=None)
    assert (user["name"], user["avatarUrl"], user["roles"]) == ("Eve", None, ["seller", "driver"])
    user = await tell(host, "eve", roles=[])
    assert (user["name"], user["roles"]) == ("Eve", [])


async def test_a_role_that_is_told_twice_is_listed_once(people: People) -> None:
    user = await tell(people.host, "eve", roles=["seller", "driver", "seller"])
    assert user["roles"] == ["seller", "driver"]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"externalId": ""}, "externalId"),
        ({"name": " "}, "name"),
        ({"avatarUrl": "javascript:alert(1)"}, "avatarUrl"),
        ({"roles": [""]}, "roles"),
        ({"roles": [str(number) for number in range(51)]}, "roles"),
    ],
)
async def test_what_cannot_be_kept_is_refused_whole(fields: dict[str, Any], place: str, people: People) -> None:
    payload = await people.host.answer(
        UPSERT, input={"externalId": "eve", "name": "Eva", "roles": ["seller"], **fields}
    )
    if payload.get("errors"):
        assert [error["extensions"]["code"] for error in payload["errors"]] == ["BAD_USER_INPUT"]
    else:
        (error,) = payload["data"]["upsertUser"]["errors"]
        assert (error["code"], error["path"][1]) == ("INVALID", place)
    assert await people.ann.ask(WHO, id="eve") is None


async def test_a_new_name_is_shown_everywhere_at_once(people: People) -> None:
    bob = people.bob
    await bob.ask(ME)
    pair = (await opening(people.ann, userExternalId="bob"))["conversation"]["id"]
    await acts.send(bob, pair, "Hello")
    await tell(people.host, "bob", name="Robert")
    sender = "query($id: ID!) { conversation(id: $id) { lastMessage { sender { name } } } }"
    assert await people.ann.ask(sender, id=pair) == {"lastMessage": {"sender": {"name": "Robert"}}}
    assert (await people.ann.ask(WHO, id="bob"))["name"] == "Robert"


async def test_listed_roles_give_no_rights(people: People) -> None:
    """Neither those that the host tells nor those of an earlier token: only what the present token says."""
    await tell(people.host, "eve", roles=["service", "admin"])
    eve = people.person("eve", roles=None)
    assert (await me(eve))["roles"] == ["service", "admin"]
    assert await eve.code(UPSERT, input={"externalId": "cy", "name": "Cyrus"}) == "FORBIDDEN"
    server = people.person("eve", "service")
    assert await server.code(UPSERT, input={"externalId": "cy", "name": "Cyrus"}) is None
    for later in (people.person("eve", iat=time.time()), people.person("eve", roles=None, iat=time.time())):
        assert await later.code(UPSERT, input={"externalId": "cy", "name": "Nobody"}) == "FORBIDDEN"
    assert await server.code(UPSERT, input={"externalId": "cy", "name": "Cyrus"}) is None


async def test_an_older_token_that_gives_rights_gives_them(people: People) -> None:
    """The profile comes from the newest; rights come from whichever is shown, until it expires."""
    await me(people.person("eve", "buyer", name="Eve", iat=ago(10)))
    server = people.person("eve", "service", name="Older", iat=ago(HOUR))
    assert await server.code(UPSERT, input={"externalId": "cy", "name": "Cyrus"}) is None
    assert await me(server) == {"name": "Eve", "avatarUrl": None, "roles": ["buyer"]}


async def test_the_role_in_a_pair_is_that_of_the_token_that_opens_it(people: People) -> None:
    await tell(people.host, "eve", roles=["driver"])
    ann = people.person("ann", "finder", iat=ago(HOUR))
    pair = (await opening(ann, userExternalId="eve"))["conversation"]["id"]
    assert await people_in(ann, pair) == {"ann": "finder", "eve": "driver"}
