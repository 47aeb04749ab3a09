"""Statements of PostgreSQL's that answer many at once: they are given arrays, and say whom each row is for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Executable, TableValuedAlias, bindparam, column, func
from sqlalchemy.types import TypeEngine

from db.reading import Parameters
from db.statements import Statement

NUMBER = "number"


def asking(types: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    """A table of what each is asked for, with their `number` from 0."""
    given: dict[str, TypeEngine[Any]] = {NUMBER: BigInteger(), **types}
    arrays = [bindparam(name, type_=ARRAY(type_)) for name, type_ in given.items()]
    columns = [column(name, type_) for name, type_ in given.items()]
    return func.unnest(*arrays).table_valued(*columns, name="asking").render_derived(name="asking")


class ManyStatement(Statement):
    """A statement over `asking`. The first column of its rows is the number of whom they are for.

    Those who give the same as `apart` are not asked for by one statement.
    """

    __slots__ = ("apart", "names")

    def __init__(self, executable: Executable, names: Sequence[str], apart: Sequence[str]) -> None:
        super().__init__(executable)
        self.names = tuple(names)
        self.apart = tuple(apart)

    def arrays(self, asked: Sequence[Parameters]) -> dict[str, list[Any]]:
        """The parameters of all, by name."""
        return {NUMBER: [*range(len(asked))], **{name: [one[name] for one in asked] for name in self.names}}
