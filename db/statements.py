"""Statements that are written once, with named parameters, and made into text once for each kind of database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeAlias

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Dialect,
    Executable,
    Insert,
    Select,
    Text,
    TypeDecorator,
    UpdateBase,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType, TypeEngine

#: From rows as the driver gives them to rows as SQLAlchemy would.
Changes: TypeAlias = Callable[[Sequence[Any]], list[tuple[Any, ...]]]


class Statement:
    """A statement of SQLAlchemy Core that is kept. Its parameters are given by name when it is executed."""

    __slots__ = ("_texts", "executable")

    def __init__(self, executable: Executable) -> None:
        self.executable = executable
        self._texts: dict[str, StatementText] = {}

    def __str__(self) -> str:
        return str(self.executable)

    def text_for(self, dialect: Dialect) -> "StatementText":
        """What the database's driver is given."""
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = text_of(self.executable, dialect)
        return text


@dataclass(frozen=True, slots=True)
class StatementText:
    """Text with numbered or nameless parameters, and what is to be done with values on their way in and out.

    `is_read` says that it surely writes nothing.
    """

    text: str
    names: tuple[str, ...]
    known: Mapping[str, Any]
    into: Mapping[str, Callable[[Any], Any]]
    change: "Changes | None"
    is_read: bool
    pick: Callable[[Mapping[str, Any]], Sequence[Any]]

    def values(self, parameters: Mapping[str, Any] | None) -> Sequence[Any]:
        """The values of parameters in the order of the text."""
        given = {**self.known, **parameters} if parameters and self.known else parameters or self.known
        if not self.into:
            return self.pick(given)
        return [into(given[name]) if (into := self.into.get(name)) else given[name] for name in self.names]

    def rows(self, found: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Rows as SQLAlchemy would give them."""
        return found if self.change is None else self.change(found)


def text_of(executable: Executable, dialect: Dialect, keys: Sequence[str] = ()) -> StatementText:
    """Make a statement into text. `keys` are the parameters that it is given, where it does not name them itself."""
    if isinstance(executable, Insert) and not executable.exported_columns:
        executable = executable.inline()  # Nobody asks which number the row was given.
    compiled: Any = executable.compile(  # type: ignore[attr-defined]
        dialect=dialect, column_keys=[*keys] or None, compile_kwargs={"render_postcompile": True}
    )
    names, binds, values = tuple(compiled.positiontup), compiled.binds, compiled.params
    # A list of values that the statement holds itself became a parameter for each of them, which `binds` does not know.
    into = {name: _into(binds[name].type, dialect) for name in names if name in binds}
    return StatementText(
        text=compiled.string,
        names=names,
        known={name: values[name] for name in names if name not in binds or not binds[name].required},
        into={name: change for name, change in into.items() if change is not None},
        change=_changes_of(executable, dialect),
        is_read=isinstance(executable, Select) or compiled.string.lstrip()[:6].lower() == "select",
        pick=_picking(names),
    )


def _picking(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """A function that takes the values of these names, in their order."""
    if len(names) > 1:
        return itemgetter(*names)  # Which gives one value alone no place in a list.
    return lambda given: [given[name] for name in names]


def _changes_of(executable: Executable, dialect: Dialect) -> "Changes | None":
    """A function that does to rows what is to be done with values on their way out; None when that is nothing."""
    columns = [*executable.exported_columns] if isinstance(executable, Select | UpdateBase) else []
    changes = {place: change for place, column in enumerate(columns) if (change := _out_of(column.type, dialect))}
    if not changes:
        return None
    names = [f"v{place}" for place in range(len(columns))]
    values = [f"c{place}({name})" if place in changes else name for place, name in enumerate(names)]
    # Written out, one row takes a third of the time that it takes place by place. Nothing of it is anybody's words.
    source = f"lambda rows: [({', '.join(values)},) for {', '.join(names)}, in rows]"
    made: Changes = eval(source, {f"c{place}": change for place, change in changes.items()})  # noqa: S307
    return made


def _into(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if dialect.name == "postgresql":
        return None  # Its driver knows truths and numbers by itself.
    return type_.dialect_impl(dialect).result_processor(dialect, None)


class Texts(TypeDecorator[Sequence[str]]):
    """Many texts as one parameter: an array, where the database has such; else JSON."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array of texts on PostgreSQL."""
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        """A list or a JSON text."""
        many = [*(value or ())]
        return many if dialect.name == "postgresql" else orjson.dumps(many).decode()


class among(FunctionElement[Any]):  # noqa: N801 - it reads like a function of SQL
    """`among(column, "ids")`: is the column's value one of those given as `ids`? One text, however many they are."""

    type: TypeEngine[Any] = NullType()  # With Boolean SQLite would be asked whether it is 1, and use no index for that.
    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=Texts()))


@compiles(among)
def _among(element: among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - of SQLAlchemy's own text


@compiles(among, "postgresql")
def _among_on_postgres(element: among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


class larger(FunctionElement[int]):  # noqa: N801 - it reads like a function of SQL
    """`larger(a, b)`: the larger of two numbers."""

    type: TypeEngine[Any] = BigInteger()
    inherit_cache = True


@compiles(larger)
def _larger(element: larger, compiler: Any, **options: Any) -> str:
    return f"max({compiler.process(element.clauses, **options)})"


@compiles(larger, "postgresql")
def _larger_on_postgres(element: larger, compiler: Any, **options: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **options)})"


class smaller(FunctionElement[int]):  # noqa: N801 - it reads like a function of SQL
    """`smaller(a, b)`: the smaller of two numbers."""

    type: TypeEngine[Any] = BigInteger()
    inherit_cache = True


@compiles(smaller)
def _smaller(element: smaller, compiler: Any, **options: Any) -> str:
    return f"min({compiler.process(element.clauses, **options)})"


@compiles(smaller, "postgresql")
def _smaller_on_postgres(element: smaller, compiler: Any, **options: Any) -> str:
    return f"least({compiler.process(element.clauses, **options)})"
