"""Which texts are one emoji, and how it is spelled: devices write the same one with and without variation selectors."""

from functools import cache

import emoji

#: "Show the character before as a picture"; some devices leave it out, some add it where it says nothing.
_SELECTOR = "\ufe0f"
#: No emoji is as long, in code points.
_MOST = 32


@cache
def _spellings() -> dict[str, str]:
    """Every emoji that Unicode recommends, as it spells it, by the same without selectors; parts of one are none."""
    whole = emoji.STATUS["fully_qualified"]
    return {text.replace(_SELECTOR, ""): text for text, known in emoji.EMOJI_DATA.items() if known["status"] == whole}


def find_emoji(text: str) -> str | None:
    """The emoji that a text is, as Unicode spells it; None when it is not exactly one."""
    return _spellings().get(text.replace(_SELECTOR, "")) if len(text) <= _MOST else None
