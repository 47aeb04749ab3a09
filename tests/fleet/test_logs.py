"""Each of several processes is as silent about what people say as one alone."""

import pytest

from tests.http.test_logs import look_at_the_log
from tests.legs import Home


@pytest.mark.parametrize("level", ["debug", "info"])
async def test_the_log_of_several_processes_tells_no_word_of_anybody(postgres_home: Home, level: str) -> None:
    await look_at_the_log(postgres_home, level, "json", "--workers", "2")
