"""docs/settings.md: its table is made from the settings. `python -m tests.settings_page` writes it anew."""

from pathlib import Path

from core.settings_table import settings_table

PAGE = Path(__file__).parents[1] / "docs" / "settings.md"
BEGIN = "<!-- The table is made from core/settings.py: python -m tests.settings_page -->"
END = "<!-- The end of the table. -->"


def renewed(text: str) -> str:
    """The page with the table of today."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{settings_table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
