"""Operations that schemathesis makes of the schema; it is installed for `make fuzz` only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes

SCHEMA = Path(__file__).parents[2] / "schema.graphql"
#: Operations of one run of hypothesis, which remembers all that it has made.
BATCH = 500


def each_operation(count: int, first_seed: int, check: Callable[[str], None]) -> int:
    """Call `check` with so many documents at least, by seeds from the first one on; how many there were."""
    schemathesis.graphql.scalar("Upload", st.just(nodes.Null))
    for name in ("DateTime", "URL"):
        schemathesis.graphql.scalar(name, st.text().map(nodes.String))
    schema = schemathesis.graphql.from_path(SCHEMA)
    cases = st.one_of([_operation(found).as_strategy() for found in schema.get_all_operations()])
    made = 0
    number = first_seed
    while made < count:

        @seed(number)
        @settings(
            max_examples=BATCH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def run(case: Any) -> None:
            nonlocal made
            check(str(case.body))
            made += 1

        run()
        number += 1
    return made


def _operation(found: Any) -> Any:
    """Our schema is good, so that each of its operations is."""
    return found.ok()
