"""What a token said is remembered, and that lets nobody in who would not come in otherwise: asked anew, the answer is
the same at every moment."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import CLOCK
from core.settings import Settings
from core.tokens import Claims, TokenError, Tokens
from tests.legs import SECRET
from tests.tokens import make

NOW = 1_800_000_000
many = settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """The clock of a test is set by it, and is right again afterwards."""
    token = CLOCK.set(CLOCK.get())
    yield
    CLOCK.reset(token)


def set_clock(seconds: float) -> None:
    """It is then."""
    CLOCK.set(lambda: round(seconds * 1000) * 1_000_000)


def tokens_of(**changes: Any) -> Tokens:
    """A verifier that remembers nothing yet."""
    return Tokens(Settings(_env_file=None, **{"jwt_secret": SECRET, **changes}))


async def answer(tokens: Tokens, token: str) -> Claims | str:
    """What a token says, or why it is refused."""
    try:
        return await tokens.verify(token)
    except TokenError as error:
        return str(error)


@many
@given(
    expires=st.integers(0, 20) | st.floats(0, 20).map(lambda each: round(each, 3)),
    leeway=st.integers(0, 10) | st.floats(0, 10).map(lambda each: round(each, 2)),
    moments=st.lists(st.floats(-5, 40), min_size=1, max_size=6).map(sorted),
)
async def test_at_every_moment_a_remembered_token_is_what_a_new_one_is(
    expires: float, leeway: float, moments: list[float]
) -> None:
    remembering = tokens_of(jwt_leeway=leeway)
    token = make(exp=NOW + expires)
    for moment in moments:
        set_clock(NOW + moment)
        assert await answer(remembering, token) == await answer(tokens_of(jwt_leeway=leeway), token), moment


async def test_it_ends_in_the_millisecond_in_which_it_expires() -> None:
    tokens = tokens_of()
    for expires in (NOW + 10, NOW + 10.75):
        token = make(exp=expires)
        set_clock(expires - 0.001)
        assert isinstance(await answer(tokens, token), Claims)
        set_clock(expires)
        assert await answer(tokens, token) == "The token has expired."
        assert await answer(tokens_of(), token) == "The token has expired."


async def test_a_new_token_too_is_good_to_the_last_fraction_of_its_second() -> None:
    """PyJWT alone would cut it off, by a clock of its own."""
    second = float(int(time.time()))
    set_clock(second)
    assert isinstance(await answer(tokens_of(), make(exp=second + 0.999)), Claims)


@dataclass(slots=True)
class Published:
    """Keys as a host publishes them; those of a new fetch are new objects, also when nothing has changed."""

    keys: dict[str | None, Any] = field(default_factory=dict)

    async def find(self, key_id: str | None) -> Any:
        """As a key set does."""
        return self.keys[key_id]


@pytest.fixture
def published() -> Published:
    """One key, without a name."""
    return Published({None: SECRET})


@pytest.fixture
def tokens(published: Published) -> Tokens:
    """A verifier by published keys."""
    tokens = tokens_of()
    tokens._keys = published
    return tokens


async def test_a_withdrawn_key_ends_what_was_remembered_of_it(tokens: Tokens, published: Published) -> None:
    token = make()
    assert isinstance(await answer(tokens, token), Claims)
    published.keys.clear()
    assert await answer(tokens, token) == "The token names a key that the host does not publish."


async def test_another_key_under_the_same_name_ends_it_too(tokens: Tokens, published: Published) -> None:
    token = make()
    assert isinstance(await answer(tokens, token), Claims)
    published.keys[None] = "another secret, of more than 32 bytes too"
    assert "InvalidSignature" in str(await answer(tokens, token))
    published.keys[None] = str.join("", [SECRET])
    assert isinstance(await answer(tokens, token), Claims)


async def test_only_the_very_same_text_is_remembered(tokens: Tokens) -> None:
    """A signature can be written in several ways that mean the same; each is looked at for itself."""
    token = make()
    assert isinstance(await answer(tokens, token), Claims)
    for other in (
        token[:-1],
        token + "A",
        token[:-2] + token[-1],
        token.upper(),
        f" {token}",
        token.replace(".", ".."),
    ):
        assert isinstance(await answer(tokens, other), str), other


async def test_what_was_refused_is_not_remembered(tokens: Tokens) -> None:
    """So nobody fills the memory who cannot sign; and a refusal is not for ever."""
    set_clock(time.time())
    later = make(nbf=int(time.time()) + 1000)
    for token in (later, "garbage", make(key="another secret, of more than 32 bytes too"), make(exp=1)):
        assert isinstance(await answer(tokens, token), str)
    assert len(tokens._verified) == 0


async def test_the_memory_is_bounded(tokens: Tokens) -> None:
    tokens.most = 10
    for number in range(30):
        assert isinstance(await answer(tokens, make(sub=f"person {number}")), Claims)
    assert isinstance(await answer(tokens, make(padding="x" * 4000)), Claims)
    assert len(tokens._verified) == 10
    assert max(map(len, tokens._verified)) <= tokens.longest


async def test_it_saves_the_work(tokens: Tokens) -> None:
    """The claims are the very ones that were read the first time."""
    token = make()
    first = await answer(tokens, token)
    assert await answer(tokens, token) is first
