"""The settings as a page of the documentation shows them."""

from core.settings import Settings

#: What somebody sets first, and so stands first.
FIRST = ("env", "jwt_secret", "database_url", "allowed_origins")


def settings_table() -> str:
    """Every setting with its default and meaning, as a Markdown table; a newcomer's come first."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    fields = Settings.model_fields
    for name in [*FIRST, *(name for name in fields if name not in FIRST)]:
        field = fields[name]
        default = field.get_default(call_default_factory=True)
        if name == "jwt_secret":
            shown = "the development secret"
        elif isinstance(default, list):
            shown = f"`{','.join(default)}`" if default else "none"
        elif isinstance(default, float):
            shown = f"`{default:g}`"
        else:
            shown = "none" if default is None else f"`{default}`"
        rows.append(f"| `PALAVER_{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)
