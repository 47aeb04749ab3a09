"""Objects that have an id of their own and can be fetched again by it."""

import strawberry


@strawberry.interface(description="Anything that has an id of its own and can be fetched again by it.")
class Node:
    """Relay's Node."""

    id: strawberry.ID = strawberry.field(description="Opaque, and the same for ever.")
