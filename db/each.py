"""Asking once for each row: what SQL calls a lateral join, in both databases."""

from typing import Any

from sqlalchemy import TableValuedAlias
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class each_of(FunctionElement[Any]):  # noqa: N801 - it reads like a function of SQL
    """`each_of(query)`: a table of what a query about the row before finds, whose one column is called `item`. It is
    asked once for each such row, which a condition on the next table would not make certain."""

    inherit_cache = True

    def as_table(self) -> TableValuedAlias:
        """The table, with the column `value`."""
        # PostgreSQL calls the column as the table.
        return self.table_valued("value", name="value")


@compiles(each_of)
def _each_of(element: each_of, compiler: Any, **options: Any) -> str:
    query = compiler.process(element.clauses, **options)
    return f"json_each((SELECT json_group_array(item) FROM {query}))"  # noqa: S608 - of SQLAlchemy's own text


@compiles(each_of, "postgresql")
def _each_of_on_postgres(element: each_of, compiler: Any, **options: Any) -> str:
    return f"unnest(ARRAY {compiler.process(element.clauses, **options)})"
