"""Which host names requests may be for: addresses of files are made from them, unless a setting says them."""

import re
from collections.abc import Sequence

_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
_PORT = re.compile(r":[0-9]{1,5}$")


def is_host_pattern(text: str) -> bool:
    """Is this a name or an address without a port, or `*.` and a name?"""
    return _NAME.fullmatch(text) is not None


def is_trusted(host: str, patterns: Sequence[str]) -> bool:
    """May a request be for this host? Its port does not matter; a name ends where it ends, dot or none."""
    name = _PORT.sub("", host).lower().removesuffix(".")
    return any(
        (name.endswith(pattern[1:]) and len(name) > len(pattern) - 1) if pattern.startswith("*.") else name == pattern
        for pattern in patterns
    )
