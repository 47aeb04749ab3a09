"""Finding a place in conversations by bisection: of each some messages are looked up, and none is read besides.

A conversation's messages are dense by seq from 1, and positions grow with seqs. So what is wanted of them up to a
position is found without an index of these: a send would pay for that, and there are many more sends. (Times need not
grow so.)
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, Subquery, case, select

from db.tables import messages


def bisected(name: str, starts: Select[Any], is_before: Callable[[FromClause, CTE], ColumnElement[bool]]) -> Subquery:
    """The starts, with `low` at the last message that is before a place; where there is none, it stays as it is.

    `starts` has `conversation_id`, `low` and `rest`: the seq is one from `low` to `low + rest`. What else it has is
    kept, for `is_before`, which says of a message and a start whether the place is behind it; it must be behind all
    earlier ones then. Each start takes about log2(rest) lookups by the key of (conversation, seq), in one statement.
    """
    walk = starts.cte(name, recursive=True)
    one = messages.alias(f"{name}_one")
    step = (walk.c.rest + 1) // 2
    # A subquery, and no join: it is a lookup in any plan, however few messages a database thinks there are.
    answer = (
        select(is_before(one, walk))
        .where(one.c.conversation_id == walk.c.conversation_id, one.c.seq == walk.c.low + step)
        .correlate(walk)
        .scalar_subquery()
    )
    # Where it is not before, there may be one seq too many left. It is no more before then, and costs no step.
    changed = {"low": walk.c.low + case((answer, step), else_=0), "rest": walk.c.rest // 2}
    steps = select(*(changed.get(column.name, column) for column in walk.c)).where(walk.c.rest > 0)
    walked = walk.union_all(steps)
    return select(walked).where(walked.c.rest == 0).subquery(f"{name}_found")
