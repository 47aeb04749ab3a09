"""Who is asking: checks the host's tokens (JWT), by a shared secret or by the host's public keys."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from jwt.utils import base64url_decode

from core.clock import now_ms
from core.jwks import KeySet
from core.settings import Settings
from core.strict_json import read_strictly
from core.texts import fault_in_text, fault_in_url

LONGEST = 16_384
#: A host whose clock is a little ahead issues good tokens all the same.
SKEW_MS = 60_000


class TokenError(Exception):
    """The token is not one that this server accepts; the text says why, without repeating the token."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says. Times are milliseconds; None is a claim that was not there.

    From `expires_at` on, which is `exp` and the leeway, the token is good no more: not in a request, not on a socket.
    """

    subject: str
    expires_at: int
    issued_at: int | None
    name: str | None
    picture: str | None
    roles: tuple[str, ...] | None


class Keys(Protocol):
    """Finds the key that a token names."""

    async def find(self, key_id: str | None) -> Any:
        """The key; TokenError when there is none."""


class Secret:
    """The one secret of HS256."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    async def find(self, _: str | None) -> str:
        """The secret, whatever the token names: a shared secret has no choice of keys."""
        return self._secret


@dataclass(frozen=True, slots=True)
class Verified:
    """A token that was good, and the key that said so."""

    claims: Claims
    key_id: str | None
    key: Any


class Tokens:
    """Verifies tokens. The algorithm comes from the settings, never from the token.

    The same token comes with every request, so what it said is remembered: until it expires, and as long as the key
    that it names is the one that it was verified with. That is all that can change about a token: its other claims are
    compared with settings, which stay, or with the time in the direction in which it goes (`nbf`, `iat`).
    """

    most = 5000
    longest = 2048

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._verified: OrderedDict[str, Verified] = OrderedDict()
        if settings.jwks_url is None:
            self._algorithm = "HS256"
            self._keys: Keys = Secret(settings.jwt_secret.get_secret_value())
        else:
            self._algorithm = settings.jwt_algorithm
            self._keys = KeySet(
                settings.jwks_url,
                algorithm=settings.jwt_algorithm,
                fresh_seconds=settings.jwks_seconds,
                timeout_seconds=settings.jwks_timeout,
            )

    async def verify(self, token: str) -> Claims:
        """What the token says, when it is good. TokenError otherwise."""
        verified = self._verified.get(token)
        if verified is not None and await self._is_still_good(verified):
            return verified.claims
        verified = await self._verify(token)
        if len(token) <= self.longest:
            self._verified[token] = verified
            self._verified.move_to_end(token)
            while len(self._verified) > self.most:
                self._verified.popitem(last=False)
        return verified.claims

    async def _is_still_good(self, verified: Verified) -> bool:
        if _has_expired(verified.claims):
            return False
        try:
            return await self._keys.find(verified.key_id) is verified.key
        except LookupError:
            return False

    async def _verify(self, token: str) -> Verified:
        if len(token) > LONGEST:
            raise TokenError("The token is too long.")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != self._algorithm:
                raise TokenError(f"The token's algorithm is not {self._algorithm}.")
            _refuse_twins(token)
            key_id = header.get("kid") if isinstance(header.get("kid"), str) else None
            key = await self._keys.find(key_id)
            payload = jwt.decode(
                token,
                key,
                algorithms=[self._algorithm],
                issuer=self._settings.jwt_issuer,
                audience=self._settings.jwt_audience,
                leeway=self._settings.jwt_leeway,
                options={
                    "require": ["exp", "sub"],
                    "verify_aud": self._settings.jwt_audience is not None,
                    "verify_iss": self._settings.jwt_issuer is not None,
                    # Below: PyJWT allows no skew of `iat` at all, and cuts off the fraction of `exp`, so that a token
                    # would live longer while it is remembered.
                    "verify_iat": False,
                    "verify_exp": False,
                },
            )
        except LookupError as error:
            raise TokenError("The token names a key that the host does not publish.") from error
        except jwt.PyJWTError as error:
            raise TokenError(f"The token is not valid ({type(error).__name__}).") from error
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise TokenError("The token cannot be read.") from error
        claims = _claims_of(payload, round(self._settings.jwt_leeway * 1000))
        if _has_expired(claims):
            raise TokenError("The token has expired.")
        if claims.issued_at is not None and claims.issued_at > now_ms() + SKEW_MS:
            raise TokenError("The token was issued in the future.")
        return Verified(claims, key_id, key)


def _has_expired(claims: Claims) -> bool:
    """One rule for a token that is new and for one that is remembered."""
    return claims.expires_at <= now_ms()


def _refuse_twins(token: str) -> None:
    """ValueError when a name stands twice in the header or the claims: another reader may take the other one."""
    for part in token.split(".")[:2]:
        read_strictly(base64url_decode(part))


def _claims_of(payload: dict[str, Any], leeway_ms: int) -> Claims:
    return Claims(
        subject=_text(payload, "sub", 255) or _missing("sub"),
        expires_at=(_time(payload, "exp") or _missing("exp")) + leeway_ms,
        issued_at=_time(payload, "iat"),
        name=_text(payload, "name", 200),
        picture=_picture(payload),
        roles=_roles(payload),
    )


def _missing(claim: str) -> Any:
    raise TokenError(f"The token has no `{claim}`.")


def _text(payload: dict[str, Any], claim: str, most: int) -> str | None:
    value = payload.get(claim)
    if value is None or (value == "" and claim != "sub"):
        return None
    if not isinstance(value, str) or fault_in_text(value, most=most):
        raise TokenError(f"The token's `{claim}` must be a text of 1 to {most} characters.")
    return value


def _picture(payload: dict[str, Any]) -> str | None:
    value = payload.get("picture")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or fault_in_url(value):
        raise TokenError("The token's `picture` must be an http or https address.")
    return value


def _time(payload: dict[str, Any], claim: str) -> int | None:
    value = payload.get(claim)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**40:
        raise TokenError(f"The token's `{claim}` must be a number of seconds.")
    return int(value * 1000)


def _roles(payload: dict[str, Any]) -> tuple[str, ...] | None:
    value = payload.get("roles")
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or len(value) > 50
        or any(not isinstance(role, str) or fault_in_text(role, most=50) for role in value)
    ):
        raise TokenError("The token's `roles` must be a list of at most 50 words.")
    return tuple(dict.fromkeys(value))


def sign_development_token(
    settings: Settings, subject: str, *, now: int, seconds: int, name: str | None = None, roles: tuple[str, ...] = ()
) -> str:
    """A token signed with the development secret, for trying things out. PermissionError with any other secret."""
    if not settings.uses_development_secret:
        raise PermissionError("Tokens are signed here with the development secret only; the host signs the real ones.")
    payload: dict[str, Any] = {"sub": subject, "iat": now // 1000, "exp": now // 1000 + seconds}
    if name is not None:
        payload["name"] = name
    if roles:
        payload["roles"] = list(roles)
    if settings.jwt_issuer is not None:
        payload["iss"] = settings.jwt_issuer
    if settings.jwt_audience is not None:
        payload["aud"] = settings.jwt_audience
    return jwt.encode(payload, settings.jwt_secret.get_secret_value(), algorithm="HS256")
