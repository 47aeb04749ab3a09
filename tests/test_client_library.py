"""What the client library knows of the schema is what the schema says; its behaviour is in tests/clients."""

import json
import re

from graphql import GraphQLNonNull, GraphQLUnionType, get_named_type, parse, validate

from tests import client_types
from tests.client_types import CLIENT, GENERATED, RELAY_CONFIG

STALE = "schema.graphql has changed: run `python -m tests.client_types`"


def test_what_is_generated_from_the_schema_is_current() -> None:
    assert GENERATED.read_text("utf-8") == client_types.generated(), STALE
    assert RELAY_CONFIG.read_text("utf-8") == client_types.relay_config(), STALE


def test_each_scalar_of_ours_has_a_type_in_relay_config() -> None:
    scalars = {
        name
        for name, kind in client_types.schema().type_map.items()
        if type(kind).__name__ == "GraphQLScalarType" and name not in {"String", "ID", "Int", "Float", "Boolean"}
    }
    assert scalars == set(client_types.SCALARS)


def test_the_streams_that_it_resumes_are_those_that_take_a_cursor() -> None:
    schema = client_types.schema()
    assert schema.subscription_type is not None
    fields = {name: field for name, field in schema.subscription_type.fields.items() if "after" in field.args}
    text = (CLIENT / "src" / "streams.ts").read_text("utf-8")
    told = re.findall(r"^  (\w+): \{ type: '(\w+)', isUnion: (\w+), .*?(?:argument: '(\w+)')? \},$", text, re.MULTILINE)
    assert {name: (kind, is_union) for name, kind, is_union, _ in told} == {
        name: (get_named_type(field.type).name, json.dumps(isinstance(get_named_type(field.type), GraphQLUnionType)))
        for name, field in fields.items()
    }
    for name, *_, argument in told:
        needed = [key for key, value in fields[name].args.items() if isinstance(value.type, GraphQLNonNull)]
        assert needed == ([argument] if argument else [])


def test_what_it_asks_by_itself_fits_the_schema() -> None:
    text = (CLIENT / "src" / "streams.ts").read_text("utf-8")
    origins = {
        *re.findall(r"origin: '(.*?)'", text),
        *re.findall(r"^const CONVERSATION = '(.*)';$", text, re.MULTILINE),
    }
    assert len(origins) == 2
    for origin in origins:
        assert validate(client_types.schema(), parse(origin)) == []
