"""Signed, expiring words: what a file's address proves."""

import hmac


def sign(key: str, *words: str | int) -> str:
    """The signature of some words, kept apart from each other: 32 hexadecimal digits of HMAC-SHA256."""
    text = "".join(f"{len(str(word))}:{word}," for word in words)
    return hmac.digest(bytes.fromhex(key), text.encode(), "sha256").hex()[:32]


def is_signed(key: str, signature: str, *words: str | int) -> bool:
    """Was this signature made of these words? Takes the same time whatever differs."""
    return hmac.compare_digest(sign(key, *words).encode(), signature.encode("utf-8", "replace"))


def expiry_of(now: int, *, seconds: int, step: int) -> int:
    """When an address given out now expires, in whole seconds: `seconds` ahead, the same for `step` seconds."""
    return (now // 1000 + seconds) // step * step + step
