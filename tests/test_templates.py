"""Message templates: one's own, with variables that are known and checked."""

import asyncio
from typing import Any

import pytest

from chat.refusals import Invalid
from chat.templates import fill, missing_in, variables_in
from tests.client import People, Person
from tests.conftest import OpenHouse
from tests.threads import answer

TEMPLATE = "id name body variables createdAt"
SAVE = f"""
mutation Save($input: SaveMessageTemplateInput!) {{
  saveMessageTemplate(input: $input) {{ messageTemplate {{ {TEMPLATE} }} errors {{ code reason path }} }}
}}
"""
DELETE = """
mutation Delete($input: DeleteMessageTemplateInput!) {
  deleteMessageTemplate(input: $input) { deletedId errors { code reason path } }
}
"""
LIST = f"{{ messageTemplates {{ {TEMPLATE} }} }}"
NODE = f"query($id: ID!) {{ node(id: $id) {{ id ... on MessageTemplate {{ {TEMPLATE} }} }} }}"
FILL = """
query Fill($id: ID!, $values: [TemplateValueInput!]!) {
  node(id: $id) { ... on MessageTemplate { filled(values: $values) { body errors { code reason path } } } }
}
"""
GREETING = "Hello {{name}}, the {{thing}} is yours, {{ name }}."


async def save(person: Person, name: str, body: str = GREETING, **more: Any) -> dict[str, Any]:
    """Somebody saves a template; as it is then."""
    payload = await person.ask(SAVE, input={"name": name, "body": body, **more})
    assert payload["errors"] == [], payload
    template: dict[str, Any] = payload["messageTemplate"]
    return template


async def refused(person: Person, **wished: Any) -> list[tuple[str, list[str]]]:
    """Why a template is not saved: codes and paths."""
    payload = await person.ask(SAVE, input={"name": "Greeting", "body": GREETING, **wished})
    assert payload["messageTemplate"] is None
    return [(error["code"], error["path"][1:]) for error in payload["errors"]]


async def test_a_template_is_saved_listed_replaced_and_deleted(ann: Person) -> None:
    first = await save(ann, "Greeting")
    assert (first["name"], first["body"], first["variables"]) == ("Greeting", GREETING, ["name", "thing"])
    second = await save(ann, "An answer", "It is.")
    assert await ann.ask(LIST) == [second, first]
    changed = await save(ann, "Zum Gruß", "Hallo {{name}}", id=first["id"])
    assert changed == {**first, "name": "Zum Gruß", "body": "Hallo {{name}}", "variables": ["name"]}
    assert await ann.ask(LIST) == [second, changed]
    assert await ann.ask(NODE, id=first["id"]) == changed
    assert await ann.ask(DELETE, input={"id": first["id"]}) == {"deletedId": first["id"], "errors": []}
    assert await ann.ask(LIST) == [second]
    assert await ann.code(DELETE, input={"id": first["id"]}) == "NOT_FOUND"


async def test_the_same_again_is_the_one_that_is_there(ann: Person) -> None:
    """Also ten times at once; another one of the name is refused."""
    saved = await asyncio.gather(*(save(ann, "Greeting") for _ in range(10)))
    assert [one["id"] for one in saved] == [saved[0]["id"]] * 10
    assert len(await ann.ask(LIST)) == 1
    assert await refused(ann, name="GREETING", body="Hi") == [("INVALID", ["name"])]
    other = await save(ann, "Farewell", "Bye")
    assert await refused(ann, id=other["id"], name="greeting") == [("INVALID", ["name"])]
    assert await save(ann, "FAREWELL", "Bye", id=other["id"]) == {**other, "name": "FAREWELL"}


@pytest.mark.parametrize(
    "body",
    [
        "{{}}",
        "{{  }}",
        "{{name",
        "name}}",
        "{{first name}}",
        "{{1st}}",
        "{{a{{b}}",
        "{{" + "x" * 51 + "}}",
    ],
)
async def test_a_variable_without_a_name_is_refused(body: str, ann: Person) -> None:
    assert await refused(ann, body=f"Hello {body}") == [("INVALID", ["body"])]


async def test_what_is_wrong_is_told(ann: Person) -> None:
    assert await refused(ann, name="") == [("INVALID", ["name"])]
    assert await refused(ann, name="x" * 201) == [("TOO_LONG", ["name"])]
    assert await refused(ann, body=" ") == [("INVALID", ["body"])]
    assert await refused(ann, body="x" * 4001) == [("TOO_LONG", ["body"])]
    assert await refused(ann, id="nonsense") == [("NOT_FOUND", ["id"])]


async def test_nobody_sees_or_changes_anothers(people: People) -> None:
    """To the letter as if it were not there."""
    template = await save(people.bob, "Greeting")
    for person in (people.ann, people.cy, people.host, people.person("ada", "admin", name="Ada")):
        assert await person.ask(NODE, id=template["id"]) is None
        assert await person.ask(LIST) == []
        assert await refused(person, id=template["id"]) == [("NOT_FOUND", ["id"])]
        assert await person.code(DELETE, input={"id": template["id"]}) == "NOT_FOUND"
    assert await people.bob.ask(LIST) == [template]


async def test_a_template_is_filled_in(ann: Person) -> None:
    template = await save(ann, "Greeting")
    values = [{"name": "thing", "value": "{{name}}"}, {"name": "name", "value": "Bob"}, {"name": "more", "value": "!"}]
    filled = await ann.ask(FILL, id=template["id"], values=values)
    assert filled["filled"] == {"body": "Hello Bob, the {{name}} is yours, Bob.", "errors": []}


async def test_a_missing_variable_is_told_by_its_name(ann: Person) -> None:
    template = await save(ann, "Greeting")
    filled = await ann.ask(FILL, id=template["id"], values=[{"name": "name", "value": " "}])
    assert filled["filled"]["body"] is None
    errors = [(error["code"], error["path"]) for error in filled["filled"]["errors"]]
    assert errors == [("INVALID", ["values", name]) for name in ("name", "thing")]


async def test_values_that_cannot_be_sent_are_refused(ann: Person) -> None:
    """A variable that stands there a hundred times makes no answer of a megabyte."""
    template = await save(ann, "Often", "{{a}} " * 100)
    filled = await ann.ask(FILL, id=template["id"], values=[{"name": "a", "value": "x" * 10_000}])
    assert filled["filled"]["body"] is None
    assert [(error["code"], error["path"]) for error in filled["filled"]["errors"]] == [("TOO_LONG", ["values"])]
    told = await answer(ann, FILL, id=template["id"], values=[{"name": "a", "value": "\ud800"}])
    assert [error["extensions"]["code"] for error in told["errors"]] == ["BAD_USER_INPUT"]


async def test_one_can_have_so_many(make_house: OpenHouse) -> None:
    async with make_house(max_templates=2) as house, People(house) as people:
        first = await save(people.ann, "One")
        await save(people.ann, "Two")
        assert await refused(people.ann, name="Three") == [("INVALID", [])]
        assert await save(people.ann, "One") == first
        await save(people.ann, "Three", id=first["id"])
        await save(people.bob, "Three")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("Hello", ()),
        ("{one brace}", ()),
        ("{{{a}}}", ("a",)),
        ("{{{a}}{", ("a",)),
        ("{{a}}{{b}} {{a}}", ("a", "b")),
        ("{{ größe_2 }}", ("größe_2",)),
        ("{{名前}} さん", ("名前",)),
    ],
)
def test_variables_are_found(body: str, names: tuple[str, ...]) -> None:
    assert variables_in(body) == names
    values = dict.fromkeys(names, "x")
    assert missing_in(body, values) == []
    assert "{{" not in fill(body, values)


def test_braces_across_lines_are_no_variable() -> None:
    with pytest.raises(Invalid):
        variables_in("{{a\nb}}")
