"""What there is in examples/, and how each of them is run."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


@dataclass(frozen=True, slots=True)
class Kind:
    """An example: its folder, what it signs tokens with, and the programs that it is.

    `prepare` ends by itself and comes before the others; `{port}` is where it is to listen. With `is_private` a thing
    is shown to its two people only. `odd_title` is one that the example takes and Palaver does not: with NUL in it
    where that can be stored, else one that is blank to Python alone.
    """

    name: str
    algorithm: str
    programs: tuple[str, ...]
    prepare: str | None = None
    things: str = "listings"
    is_private: bool = False
    odd_title: str = "A guitar\x00"

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return EXAMPLES / self.name

    def words(self, program: str, port: int) -> list[str]:
        """A command. Python is that of the example's own environment, which `make hosts` has made."""
        first, *others = program.format(port=port).split()
        python = ROOT / ".venv" / "hosts" / self.name / "bin" / "python"
        return [str(python) if first == "python" else first, *others]


FASTAPI = Kind("fastapi", "HS256", ("python -m uvicorn market:app --port {port}",))
FLASK = Kind("flask", "HS256", ("python -m flask --app market run --port {port}", "python -m flask --app market tell"))
DJANGO = Kind(
    "django",
    "RS256",
    ("python manage.py runserver --noreload {port}", "python manage.py tell"),
    prepare="python manage.py migrate",
    things="bookings",
    is_private=True,
)
EXPRESS = Kind("express", "RS256", ("node market.js {port}",), odd_title="\x1c")
KINDS = (FASTAPI, FLASK, DJANGO, EXPRESS)
