"""What is remembered of documents is bounded, however many different ones are sent."""

import gc
import sys
import tracemalloc
from collections.abc import Iterable

import pytest

from core.settings import Settings
from graph.guard import REMEMBERED, REMEMBERED_CHARACTERS, Guard, choose_operation
from graph.persisted import PersistedQueries
from graph.plan.plans import Plans
from graph.requests import Asked
from graph.roots import row_types, schema
from tests.documents.asking import hash_of


def queries(**settings: int) -> PersistedQueries:
    """Those of a server with these limits."""
    given = Settings(_env_file=None, **settings)  # type: ignore[arg-type]
    return PersistedQueries(Guard(schema._schema, given), given)


def store(documents: PersistedQueries, texts: Iterable[str]) -> None:
    """Send texts with their hashes."""
    for text in texts:
        assert not documents.find(Asked(text, None, None, hash_of(text))).errors


def different(count: int, padding: str = "") -> Iterable[str]:
    """Texts that are all different."""
    return (f"query Q{number} {{ viewer {{ id }} }}{padding}" for number in range(count))


def is_known(documents: PersistedQueries, text: str) -> bool:
    """Can it be named?"""
    return not documents.find(Asked(None, None, None, hash_of(text))).errors


def test_so_many_documents_are_known_and_no_more() -> None:
    documents = queries(persisted_queries=100)
    texts = list(different(300))
    store(documents, texts)
    assert len(documents) == 100
    assert [is_known(documents, text) for text in texts] == [False] * 200 + [True] * 100


@pytest.mark.long
def test_ten_thousand_documents_take_no_more_memory_than_a_thousand() -> None:
    documents = queries(persisted_queries=100)
    tracemalloc.start()
    try:
        store(documents, different(10_000))
        gc.collect()  # What is parsed holds itself in circles.
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(documents) == 100
    # The thousand small documents that the guard remembers are ten megabytes; all of them would be ten times that.
    assert held < 20_000_000


def test_all_texts_together_are_bounded_too() -> None:
    documents = queries(persisted_queries=1000, persisted_bytes=100_000)
    for padding in (" " * 5000, " #🎸" + " " * 5000):  # One such character, and each takes four bytes in memory.
        store(documents, different(100, padding))
        size = sys.getsizeof(next(iter(different(1, padding))))
        assert 100_000 - 2 * size < documents.byte_size <= 100_000
        assert len(documents) == pytest.approx(100_000 / size, abs=1)


def test_a_text_that_alone_is_too_large_is_run_and_pushes_out_nothing() -> None:
    documents = queries(persisted_bytes=10_000)
    small, large = "{ viewer { id } }", "{ viewer { id } }" + " " * 10_000
    store(documents, [small, large])
    assert is_known(documents, small)
    assert not is_known(documents, large)
    assert documents.byte_size == sys.getsizeof(small)


def test_a_text_that_is_stored_again_counts_once() -> None:
    documents = queries()
    for _ in range(3):
        store(documents, different(10))
    assert len(documents) == 10
    assert documents.byte_size == sum(map(sys.getsizeof, different(10)))
    assert documents.named == {"stored": 10, "hit": 20}


def test_a_document_is_parsed_once_whether_it_comes_by_text_or_by_hash() -> None:
    documents = queries()
    text = "{ viewer { id } }"
    first = documents.find(Asked(text, None, None, hash_of(text)))
    for asked in (Asked(None, None, None, hash_of(text)), Asked("{ viewer { id }" + " }", None, None)):
        assert documents.find(asked).document is first.document


def test_what_the_guard_remembers_is_bounded_by_number_and_by_length() -> None:
    guard = Guard(schema._schema, Settings(_env_file=None))
    for text in different(REMEMBERED + 200):
        guard.check(text)
    assert len(guard) == REMEMBERED
    for text in different(200, " " * 10_000):
        guard.check(text)
    assert len(guard) == pytest.approx(REMEMBERED_CHARACTERS / 10_000, abs=2)


def test_as_many_plans_are_kept_as_there_may_be() -> None:
    """A server of registered documents keeps those of all of them."""
    guard, plans = Guard(schema._schema, Settings(_env_file=None)), Plans(schema, row_types, most=20)
    for text in different(50):
        document = guard.check(text).document
        assert document is not None
        plans.find(document, choose_operation(document, None), {})
    assert len(plans) == 20
