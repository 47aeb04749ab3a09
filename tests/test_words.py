"""Words as a search sees them: of any text, however it is written, and nothing that a database reads as more."""

from hypothesis import given
from hypothesis import strategies as st

from chat.search import Query
from db.words import LONGEST, MOST_OF_ONE, NOTHING, _words_of_any, indexed, words_of

#: Letters of many scripts, marks that join them, signs, digits, and what is no character at all.
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("aZé\u0301ßİıøæ \u200d\u00ad\u3099かが北ที่한\u1112\u1161ﬁ½①١\"'*~\\:&|!()<>_-…👍🏽\ufe0f"),
    )
)


@given(TEXTS)
def test_words_stand_in_their_text_in_order(text: str) -> None:
    """Each is of at least one character of it, and none begins before the one before it."""
    words = [*words_of(text)]
    assert all(0 <= word.start < word.end <= len(text) for word in words)
    assert [word.start for word in words] == sorted(word.start for word in words)


@given(TEXTS)
def test_a_word_holds_nothing_that_a_database_would_read_as_more(text: str) -> None:
    """No space, no quote, no sign of a query, and not the mark that stands for a conversation."""
    for word in words_of(text):
        assert word.text
        assert len(word.text.encode()) < 2_000
        assert not any(character <= "/" or character in ":;<=>?@[\\]^_`{|}~\x7f" for character in word.text)
        assert word.text != NOTHING


@given(TEXTS)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    """So that a word can be looked for as it was found."""
    words = [word.text for word in words_of(text)]
    assert [word.text for word in words_of(" ".join(words))] == words


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_takes_a_short_way_to_the_same_words(text: str) -> None:
    assert [*words_of(text)] == [*_words_of_any(text)]


@given(TEXTS, st.integers(0, 50), st.integers(1, 50))
def test_whole_words_of_a_text_are_found_in_it(text: str, start: int, size: int) -> None:
    """Between quotation marks, wherever they are cut out."""
    words = [*words_of(text)][start : start + size]
    if words:
        query = Query.of('"' + " ".join(word.text for word in words) + '"', 200)
        highlights = query.highlights(text)
        assert any(first <= words[0].start and words[-1].end <= first + length for first, length in highlights)


def test_a_word_that_is_too_long_is_several() -> None:
    """Which are found as one."""
    for letter in ("a", "é"):
        lengths = [word.end - word.start for word in words_of(letter * 150)]
        assert lengths == [LONGEST, LONGEST, 150 - 2 * LONGEST]
        assert Query.of(letter * 140, 32).highlights(letter * 150) == [(0, 150)]


def test_a_word_that_is_said_too_often_is_kept_as_nothing() -> None:
    assert indexed("la " * 300) == ["la"] * MOST_OF_ONE + [NOTHING] * 45
