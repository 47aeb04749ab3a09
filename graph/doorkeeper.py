"""Who is asking, from a request's or a socket's token."""

from chat.palaver import Palaver
from chat.users import Viewer
from core.tokens import TokenError, Tokens

SCHEME = "bearer "


class Doorkeeper:
    """Turns an Authorization value into a viewer."""

    def __init__(self, palaver: Palaver) -> None:
        self._palaver = palaver
        self._tokens = Tokens(palaver.settings)

    async def admit(self, authorization: str | None) -> Viewer:
        """The viewer of "Bearer TOKEN". TokenError when there is none, or it is not good."""
        if not authorization:
            raise TokenError("A token is needed: Authorization: Bearer ...")
        if authorization[: len(SCHEME)].lower() != SCHEME:
            raise TokenError("The Authorization must be of the form: Bearer TOKEN.")
        claims = await self._tokens.verify(authorization[len(SCHEME) :].strip())
        return await self._palaver.registry.recognise(claims)
