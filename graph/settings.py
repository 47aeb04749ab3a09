"""The settings as a command reads them, and how it says that something cannot be used.

Nothing here needs the database, nor does a command that needs no more than this: importing it takes a second.
"""

from pydantic import ValidationError

from core.settings import Settings


class Unusable(Exception):
    """Something cannot be used; the text names the setting and the mend."""


def read_settings() -> Settings:
    """The settings. Unusable when one of them makes no sense."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"][:1]).upper()
            words = fault["msg"].removeprefix("Value error, ")
            lines.append(f"PALAVER_{name}: {words}." if name else words)
        raise Unusable("\n".join(lines)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"The file .env in this folder cannot be read ({words_of(error)}).") from error


def words_of(error: BaseException) -> str:
    """What a driver says, in one line; of others only the kind, for their words may hold a password."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    if lines and (cause is not error or isinstance(error, OSError | ImportError)):
        return lines[0]
    return type(cause).__name__
