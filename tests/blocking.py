"""Who blocks whom, as clients ask for it."""

from typing import Any

from tests.client import Person

BLOCK = """
mutation Block($input: BlockUserInput!) {
  blockUser(input: $input) { user { id externalId } errors { code reason path } }
}
"""
BLOCKED = """
query Blocked($first: Int, $after: String, $last: Int, $before: String) {
  blockedUsers(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { externalId } }
    pageInfo { hasNextPage hasPreviousPage }
  }
}
"""
ME = "{ viewer { user { id } } }"


async def id_of(person: Person) -> str:
    """The id under which others know somebody."""
    found: str = (await person.ask(ME))["user"]["id"]
    return found


async def block(person: Person, other: Person, *, blocked: bool = True) -> None:
    """Somebody blocks somebody else, or no longer."""
    payload = await person.ask(BLOCK, input={"userId": await id_of(other), "blocked": blocked})
    assert payload == {"user": {"id": await id_of(other), "externalId": other.sub}, "errors": []}


async def names_of(person: Person, **page: Any) -> list[str]:
    """Whom somebody has blocked."""
    return [edge["node"]["externalId"] for edge in (await person.ask(BLOCKED, **page))["edges"]]
