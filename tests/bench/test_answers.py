"""Answers are compared in everything but what may differ."""

from typing import Any

import pytest

from bench.answers import Answers, DifferentAnswer, compare, difference, normal

FILE, ANN = "a" * 32, "b" * 32


def page(*, port: int = 1, sign: str = "0", body: str = "Hello", cursors: str = "x", end: int = 1) -> dict[str, Any]:
    """A page of two messages as some server writes it."""
    edges = [{"cursor": f"{cursors}{number}", "node": {"id": f"m{number}", "body": body}} for number in (0, 1)]
    url = f"http://127.0.0.1:{port}/files/{FILE}/{ANN}/{port}00/{sign * 32}/a%20picture.jpg"
    return {"edges": edges, "pageInfo": {"startCursor": f"{cursors}0", "endCursor": f"{cursors}{end}"}, "url": url}


def test_cursors_and_signatures_may_differ() -> None:
    """Each server has its own."""
    assert normal(page()) == normal(page(port=2, sign="f", cursors="cursor-"))


def test_a_page_must_end_with_its_last_cursor() -> None:
    """Cursors may be anything, but the same one is the same."""
    found = difference(normal(page(end=0)), normal(page()))
    assert found == "answer.pageInfo.endCursor is 'cursor 0', and not 'cursor 1'"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"body": "Hello!"}, "answer.edges[0].node.body"),
        ({"edges": []}, "answer.edges has 0 items"),
        ({"url": "http://127.0.0.1:1/files/other"}, "answer.url"),
        ({"more": 1}, "answer has"),
    ],
)
def test_content_may_not_differ(change: dict[str, Any], where: str) -> None:
    """A word, a length, the file that an address is of, a field."""
    one = page(body=change.pop("body", "Hello")) | change
    found = difference(normal(one), normal(page()))
    assert found is not None
    assert found.startswith(where)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0, None), ("1", 1), ([], {})])
def test_values_of_other_types_differ(one: Any, other: Any) -> None:
    """Python finds some of them equal, JSON does not."""
    assert difference(one, other) is not None


def test_ids_and_times_count_unless_they_are_new() -> None:
    """Of what is stored they are the same everywhere; of what was sent just now each server makes its own."""
    one = {"id": "m1", "again": {"id": "m1"}, "createdAt": "2026-01-01T00:00:00.000Z"}
    other = {"id": "m2", "again": {"id": "m2"}, "createdAt": "2026-02-02T00:00:00.000Z"}
    assert difference(normal(one), normal(other)) is not None
    assert difference(normal(one, is_new=True), normal(other, is_new=True)) is None
    assert difference(normal({**one, "again": {"id": "m3"}}, is_new=True), normal(other, is_new=True)) is not None
    assert difference(normal({**one, "createdAt": "yesterday"}, is_new=True), normal(other, is_new=True)) is not None


def test_who_answers_differently_is_refused_with_the_place() -> None:
    """In words that say where to look."""
    right, wrong = Answers({"page": {"body": "Hello"}}, {}), Answers({"page": {"body": "Hallo"}}, {})
    compare("peer", right, right)
    with pytest.raises(DifferentAnswer, match=r"peer answers differently to: page. answer.body is 'Hallo'"):
        compare("peer", wrong, right)
