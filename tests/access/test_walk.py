"""The matrix notices what it does not know: a name added to the schema, or one taken out of it."""

from graphql import build_schema

from tests.access.walk import complaints, names_in

SMALL = """
scalar Token
enum Order { UP DOWN }
input Where { kind: String, deeper: Deeper }
input Deeper { userExternalId: ID, tokens: [Token!], body: String, where: Where, order: Order }
type Thing { part(query: String, first: Int): Thing }
type Query { thing(id: ID!, filter: Where): Thing }
"""


def test_every_name_is_found_also_deep_inside_inputs() -> None:
    assert names_in(build_schema(SMALL)) == {
        "Query.thing(id)",
        "Query.thing(filter.kind)",
        "Query.thing(filter.deeper.userExternalId)",
        "Query.thing(filter.deeper.tokens)",
        "Query.thing(filter.deeper.where.kind)",
        "Thing.part(query)",
    }


def test_an_unknown_field_fails_with_a_sentence_that_says_what_to_add() -> None:
    known = names_in(build_schema(SMALL))
    assert complaints(build_schema(SMALL), known) == []
    grown = build_schema(SMALL + "extend type Thing { owner(before: String): Thing }")
    (complaint,) = complaints(grown, known)
    assert complaint.startswith("Thing.owner(before) takes an id, a cursor or a name, and the access matrix does not")
    assert "add a Row to tests/access/reads.py" in complaint


def test_an_unknown_input_field_of_a_mutation_fails_too() -> None:
    known = names_in(build_schema(SMALL))
    grown = build_schema(SMALL + "type Mutation { act(input: Where): Thing } extend input Deeper { replyToId: ID }")
    assert [complaint.split(" ", 1)[0] for complaint in complaints(grown, known)] == [
        "Mutation.act(input.deeper.replyToId)",
        "Mutation.act(input.deeper.tokens)",
        "Mutation.act(input.deeper.userExternalId)",
        "Mutation.act(input.deeper.where.kind)",
        "Mutation.act(input.kind)",
        "Query.thing(filter.deeper.replyToId)",
    ]


def test_a_row_about_what_is_gone_fails() -> None:
    known = names_in(build_schema(SMALL)) | {"Thing.gone(id)"}
    assert complaints(build_schema(SMALL), known) == [
        "Thing.gone(id) is in the access matrix, and not in the schema: remove it."
    ]
