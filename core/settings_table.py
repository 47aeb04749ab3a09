"""The settings as a page of the documentation shows them."""

from core.settings import Settings


def settings_table() -> str:
    """Every setting with its default and meaning, as a Markdown table for the documentation."""
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
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
