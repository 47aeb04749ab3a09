"""A plan reads of a row what its operation shows, and each field says rightly what it takes."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from db.messages import MessageRow
from db.rows import lean, rows_of
from graph.declarations import Column, Computed, Loaded
from graph.needs import ALWAYS, row_of
from graph.plan.compiler import declaration_of
from graph.roots import schema
from tests.plan.both import Both
from tests.plan.market import Market
from tests.statements import counting

INBOX = "{ conversations(first: 20) { edges { # } } }"
THREADS = "{ conversations(first: 20) { edges { node { messages(last: 50) { edges { # } } } } } }"
#: Where an object of each type stands, each by a way that reads no more than it must; # is for its fields.
WAYS = {
    "Conversation": INBOX.replace("#", "node { # }"),
    "ConversationEdge": INBOX,
    "SubjectSnapshot": INBOX.replace("#", "node { subjectSnapshot { # } }"),
    "Participant": INBOX.replace("#", "node { counterpart { # } }"),
    "User": INBOX.replace("#", "node { counterpart { user { # } } }"),
    "UserEdge": "{ users(first: 20) { edges { # } } }",
    "Message": THREADS.replace("#", "node { # }"),
    "MessageEdge": THREADS,
    "Attachment": THREADS.replace("#", "node { attachments { # } }"),
}


def types() -> Iterator[GraphQLObjectType]:
    """The types whose rows may be read in part."""
    for name, type_ in sorted(schema._schema.type_map.items()):
        if isinstance(type_, GraphQLObjectType) and row_of(schema, name) is not None:
            yield type_


def fields_of(type_: GraphQLObjectType) -> list[str]:
    """Each of its fields, with the least that can be asked below it."""
    fields = []
    for name, field in type_.fields.items():
        assert not any(is_required_argument(argument) for argument in field.args.values())
        fields.append(name if is_leaf_type(get_named_type(field.type)) else f"{name} {{ __typename }}")
    return fields


def test_every_type_whose_rows_are_read_in_part_is_asked_for_here() -> None:
    assert {type_.name for type_ in types()} == set(WAYS)


@pytest.mark.parametrize("type_", [*types()], ids=lambda type_: type_.name)
def test_every_field_of_such_a_type_says_what_it_takes(type_: GraphQLObjectType) -> None:
    """One that did not would have whole rows read; only names of columns are said."""
    columns = set(row_of(schema, type_.name)._fields)  # type: ignore[union-attr]
    for name, field in type_.fields.items():
        _, declared = declaration_of(field)
        assert isinstance(declared, Column | Computed | Loaded), name
        assert declared.needs is not None, name
        assert declared.needs <= columns, name


@pytest.mark.parametrize("type_", [*types()], ids=lambda type_: type_.name)
async def test_a_field_by_itself_finds_all_that_it_takes(market: Market, both: Both, type_: GraphQLObjectType) -> None:
    """Nothing was read for others; what is missing from a row would have the plan fail."""
    guard, count = both.guard(), 0
    for field in fields_of(type_):
        for person in (market.people.ann, market.people.bob):
            told = await both.answers(guard, person, WAYS[type_.name].replace("#", field), {})
            assert told is not None
            assert told[0] == told[1], field
            assert "errors" not in told[0], told[0]
            count += 1
    assert both.meters.answered == {"planned": count}


async def test_a_page_of_messages_reads_no_column_that_it_does_not_show(market: Market, both: Both) -> None:
    query = WAYS["Message"].replace("#", "seq body")
    with counting(market.house) as counted:
        await both.answers(both.guard(), market.people.ann, query, {})
    (planned, *_) = [text for text in counted.texts if "FROM messages" in text and "messages.body" in text]
    read = planned.partition("FROM")[0]
    assert "messages.deleted_at" in read  # The words of a deleted message are not shown.
    for name in ("client_key", "content_hash", "author_key", "created_at", "sender_id"):
        assert f"messages.{name}" not in read


def test_a_lean_row_has_what_was_read_and_nothing_else() -> None:
    kind = lean(MessageRow, ALWAYS[MessageRow] | {"body"})
    (row,) = rows_of(kind, [("m1", "c1", 7, 9, "Hello")])
    assert (row.id, row.conversation_id, row.seq, row.position, row.body) == ("m1", "c1", 7, 9, "Hello")
    with pytest.raises(AttributeError):
        _ = row.sender_id
    assert lean(MessageRow, frozenset(MessageRow._fields)) is MessageRow
