"""Message templates: what a person writes again and again, with variables, written {{name}}, that are filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.refusals import Invalid, NotFound
from chat.texts import NAME, check_body, check_text
from chat.users import Viewer
from chat.work import UnitOfWork, Work
from core.settings import Settings
from db import templates
from db.ids import new_id
from db.templates import TemplateRow

VARIABLE = 50
#: What stands in braces; and braces that belong to nothing.
_HOLE = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(rf"[^\W\d]\w{{0,{VARIABLE - 1}}}")


@dataclass(frozen=True, slots=True)
class TemplateRules:
    """How many templates one person may have, and how long they may be."""

    most: int
    most_characters: int

    @classmethod
    def of(cls, settings: Settings) -> "TemplateRules":
        """The rules that the settings make."""
        return cls(settings.max_templates, settings.message_length)


@dataclass(frozen=True, slots=True)
class Wording:
    """A template as somebody wishes it."""

    name: str
    body: str


def variables_in(body: str) -> tuple[str, ...]:
    """The names of the variables, each once, in order. Invalid for braces that hold no name, or are left open."""
    names = [name.strip() for name in _HOLE.findall(body)]
    for name in names:
        if not _NAME.fullmatch(name):
            said = "A variable needs a name" if not name else f"{{{{{name}}}}} is no variable"
            raise Invalid("body", reason=f"{said}: a letter, then letters, digits and _, {VARIABLE} at most.")
    rest = _HOLE.sub("\0", body)
    if "{{" in rest or "}}" in rest:
        raise Invalid("body", reason="A variable is written {{name}}, with both pairs of braces.")
    return tuple(dict.fromkeys(names))


def missing_in(body: str, values: Mapping[str, str]) -> list[str]:
    """The variables that have no value, or none but white space."""
    return [name for name in variables_in(body) if not values.get(name, "").strip()]


def filled_length(body: str, values: Mapping[str, str]) -> int:
    """How many characters `fill` would give."""
    return len(_HOLE.sub("", body)) + sum(len(values[name.strip()]) for name in _HOLE.findall(body))


def fill(body: str, values: Mapping[str, str]) -> str:
    """The words with values in the place of all variables. What stands in a value is no variable."""
    return _HOLE.sub(lambda hole: values[hole[1].strip()], body)


async def save_template(
    work: Work, rules: TemplateRules, viewer: Viewer, wording: Wording, *, is_new: bool, template_id: str | None = None
) -> TemplateRow:
    """Keep a new template, or other words under the id of one of the viewer's own.

    Each name is there once, whatever its case: the same again, name and words, is the one that is there. Invalid,
    TooLong; NotFound for what is not the viewer's.
    """
    check_text(wording.name, NAME, "name")
    check_body(wording.body, rules.most_characters, "body")
    variables_in(wording.body)
    async with work.begin() as unit:
        await templates.hold(unit.db, viewer.id)
        mine = await templates.find_all(unit.db, viewer.id)
        namesake = next((row for row in mine if row.name.casefold() == wording.name.casefold()), None)
        if is_new:
            return await _add(unit, rules, viewer, wording, mine, namesake)
        known = next((row for row in mine if row.id == template_id), None)
        if known is None:
            raise NotFound("id")
        if namesake is not None and namesake.id != known.id:
            raise _taken()
        await templates.save(unit.db, known.id, wording.name, wording.body)
        return known._replace(name=wording.name, body=wording.body)


async def _add(
    unit: UnitOfWork,
    rules: TemplateRules,
    viewer: Viewer,
    wording: Wording,
    mine: Sequence[TemplateRow],
    namesake: TemplateRow | None,
) -> TemplateRow:
    if namesake is not None:
        if (namesake.name, namesake.body) == (wording.name, wording.body):
            return namesake
        raise _taken()
    if len(mine) >= rules.most:
        raise Invalid(reason=f"You have {rules.most} templates already; delete one first.")
    row = TemplateRow(new_id(), viewer.id, wording.name, wording.body, unit.now)
    await templates.insert_one(unit.db, row)
    return row


def _taken() -> Invalid:
    return Invalid("name", reason="You have another template of this name.")


async def delete_template(work: Work, viewer: Viewer, template_id: str | None) -> str:
    """Drop a template of the viewer's own; its id. NotFound for any other."""
    async with work.begin() as unit:
        if template_id is None or not await templates.remove(unit.db, viewer.id, template_id):
            raise NotFound("id")
        return template_id
