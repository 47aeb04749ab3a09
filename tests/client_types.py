"""Writes what clients' caches and compilers want to know of the schema: `python -m tests.client_types`.

From schema.graphql come web/client/src/generated.ts and web/client/relay.config.json. A test says when they are stale.
"""

import json
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    build_schema,
    get_named_type,
    is_introspection_type,
)

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "web" / "client"
GENERATED = CLIENT / "src" / "generated.ts"
RELAY_CONFIG = CLIENT / "relay.config.json"

ROOTS = {"Query", "Mutation", "Subscription"}
#: Arguments that say which page of a list; any other makes it another list.
PAGING = {"first", "last", "after", "before", "around"}
#: What scalars are in a program.
SCALARS = {"DateTime": "string", "URL": "string", "Upload": "File"}

HEAD = """\
// Generated from schema.graphql by `python -m tests.client_types`: what caches want to know of the schema.

/** For `possibleTypes` of Apollo's InMemoryCache: which types an interface or a union can be. */
export const possibleTypes: Record<string, string[]> = """
KEYS = """

/** For `keys` of urql's Graphcache: what has no id stands where it was found. */
export const keys: Record<string, () => null> = /* @__PURE__ */ Object.fromEntries(
  """
CONNECTIONS = """.map((type) => [type, () => null]),
);

/** The lists that come in pages, by type and field, and the arguments that make another list of it. */
export const connections: Record<string, Record<string, string[]>> = """
INTROSPECTION = """

/** For `schema` of urql's Graphcache, which then knows what may be missing. */
export const introspection = """


def schema() -> GraphQLSchema:
    """What schema.graphql says."""
    return build_schema((ROOT / "schema.graphql").read_text("utf-8"))


def named_types(of: GraphQLSchema) -> list[GraphQLNamedType]:
    """Our own types, by name."""
    return [kind for name, kind in sorted(of.type_map.items()) if not is_introspection_type(kind)]


def objects(of: GraphQLSchema) -> list[GraphQLObjectType]:
    """Types with fields that are no interface."""
    return [kind for kind in named_types(of) if isinstance(kind, GraphQLObjectType)]


def possible_types(of: GraphQLSchema) -> dict[str, list[str]]:
    """Which types each interface and union can be."""
    return {
        kind.name: sorted(possible.name for possible in of.get_possible_types(kind))
        for kind in named_types(of)
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType)
    }


def without_id(of: GraphQLSchema) -> list[str]:
    """Types that a cache cannot find by an id."""
    return [kind.name for kind in objects(of) if "id" not in kind.fields and kind.name not in ROOTS]


def connections(of: GraphQLSchema) -> dict[str, dict[str, list[str]]]:
    """The fields that are lists with pages, and which arguments make another list of them."""
    found = {
        kind.name: {
            name: sorted(set(field.args) - PAGING)
            for name, field in kind.fields.items()
            if get_named_type(field.type).name.endswith("Connection")
        }
        for kind in objects(of)
    }
    return {name: fields for name, fields in found.items() if fields}


def reference(kind: GraphQLType) -> dict[str, Any]:
    """A type as introspection tells it, as far as Graphcache asks: values that are no objects are all alike."""
    if isinstance(kind, GraphQLNonNull):
        return {"kind": "NON_NULL", "ofType": reference(kind.of_type)}
    if isinstance(kind, GraphQLList):
        return {"kind": "LIST", "ofType": reference(kind.of_type)}
    named = get_named_type(kind)
    assert named is not None
    if isinstance(named, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
        return {"kind": kind_of(named), "name": named.name, "ofType": None}
    return {"kind": "SCALAR", "name": "Any", "ofType": None}


def kind_of(kind: GraphQLNamedType) -> str:
    """As introspection calls it."""
    return {GraphQLObjectType: "OBJECT", GraphQLInterfaceType: "INTERFACE", GraphQLUnionType: "UNION"}[type(kind)]


def introspected_field(name: str, field: GraphQLField) -> dict[str, Any]:
    """A field as introspection tells it."""
    arguments = [{"name": argument, "type": reference(value.type)} for argument, value in field.args.items()]
    return {"name": name, "type": reference(field.type), "args": arguments}


def introspected_type(kind: GraphQLNamedType, of: GraphQLSchema) -> dict[str, Any]:
    """A type as introspection tells it."""
    told: dict[str, Any] = {"kind": kind_of(kind), "name": kind.name}
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        told["fields"] = [introspected_field(name, field) for name, field in kind.fields.items()]
        told["interfaces"] = [{"kind": "INTERFACE", "name": interface.name} for interface in kind.interfaces]
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        told["possibleTypes"] = [{"kind": "OBJECT", "name": name} for name in possible_types(of)[kind.name]]
    return told


def introspection(of: GraphQLSchema) -> dict[str, Any]:
    """Introspection's answer without descriptions, inputs and values."""
    composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
    types = [introspected_type(kind, of) for kind in named_types(of) if isinstance(kind, composite)]
    roots = {f"{root.lower()}Type": {"name": root} for root in ("Query", "Mutation", "Subscription")}
    return {"__schema": {**roots, "types": [*types, {"kind": "SCALAR", "name": "Any"}]}}


def generated() -> str:
    """The module for TypeScript."""
    of = schema()
    # On one line: nobody reads it.
    introspected = json.dumps(introspection(of), separators=(",", ":"))
    return "".join(
        [
            HEAD + json.dumps(possible_types(of), indent=2) + ";",
            KEYS + json.dumps(without_id(of)),
            CONNECTIONS + json.dumps(connections(of), indent=2) + ";",
            INTROSPECTION + introspected + " as const;\n",
        ]
    )


def relay_config() -> str:
    """What relay-compiler is told in an application that has the package."""
    config = {
        "schema": "node_modules/@palaver/client/dist/schema.graphql",
        "customScalarTypes": SCALARS,
        "eagerEsModules": True,
    }
    return json.dumps(config, indent=2) + "\n"


if __name__ == "__main__":
    GENERATED.write_text(generated(), "utf-8")
    RELAY_CONFIG.write_text(relay_config(), "utf-8")
