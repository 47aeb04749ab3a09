"""Draws what was measured: for each work a bar for each server, with the least and the most of the rounds."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot

from bench.contenders import CONTENDERS, Contender
from bench.figures import Spread, shown
from bench.report import WORKS, medians

PALAVER, OTHER, BOUND = "#1f6f5c", "#9aa5b1", "#d9dee3"
ACROSS = 3
#: How many times as long the longest bar may be as the shortest.
FAR = 20
#: The same picture for the same figures: no date, and no ids made by chance.
mpl.rcParams.update({"svg.hashsalt": "palaver", "svg.fonttype": "none", "font.size": 8})


def plot(kept: Mapping[str, Any], path: Path) -> None:
    """Write the picture."""
    rounds = kept["rounds"]
    panels = [
        (
            database,
            work,
            [each for each in CONTENDERS if each.database == database and medians(rounds, each.name, work)],
        )
        for database in ("sqlite", "postgres")
        for work in WORKS
    ]
    drawn = [panel for panel in panels if panel[2]]
    down = -(-len(drawn) // ACROSS)
    figure, axes = pyplot.subplots(down, ACROSS, figsize=(15, 2.5 * down), squeeze=False)
    spaces = [space for row in axes for space in row]
    for space, (database, work, contenders) in zip(spaces, drawn, strict=False):
        found = [medians(rounds, each.name, work) for each in contenders]
        _draw(space, contenders, [spread for spread in found if spread is not None])
        where = "" if database == "sqlite" else ", on PostgreSQL"
        space.set_title(f"{work}, {WORKS[work][2]}{where}", loc="left", fontsize=9)
    for space in spaces[len(drawn) :]:
        space.set_axis_off()
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def _draw(space: Any, contenders: Sequence[Contender], spreads: Sequence[Spread]) -> None:
    places = range(len(contenders))
    colours = [PALAVER if each.is_palaver else BOUND if each.is_bound else OTHER for each in contenders]
    values = [spread.median for spread in spreads]
    reach = [
        [spread.median - spread.least for spread in spreads],
        [spread.most - spread.median for spread in spreads],
    ]
    space.barh(places, values, xerr=reach, color=colours, ecolor="#52606d", capsize=2)
    for place, value, spread in zip(places, values, spreads, strict=True):
        space.text(max(value, spread.most), place, f"  {shown(value)}", va="center", fontsize=7)
    space.set_yticks(places, [each.title for each in contenders])
    space.invert_yaxis()
    _scale(space, spreads)
    space.spines[["top", "right"]].set_visible(False)


def _scale(space: Any, spreads: Sequence[Spread]) -> None:
    """Bars begin at nothing; where some are many times as long as others, at a power of ten below the shortest."""
    least, most = min(spread.least for spread in spreads), max(spread.most for spread in spreads)
    if least > 0 and most / least > FAR:
        space.set_xscale("log")
        space.set_xlim(10 ** math.floor(math.log10(least)), most * 4)
    else:
        space.set_xlim(0, most * 1.2)


def plot_growth(kept: Mapping[str, Any], path: Path) -> None:
    """Write the picture of what grows: CPU time by what is stored, and by how many listen."""
    messages, sockets = kept["messages"], kept["sockets"]
    figure, (stored, telling, waiting) = pyplot.subplots(1, 3, figsize=(13, 3.4))
    for work in ("Q1", "Q2", "M1") if messages else ():
        stored.plot([*messages], [works[work]["cpu_us"] for works in messages.values()], marker="o", label=work)
    if messages:
        stored.legend()
    telling.plot([*sockets], [works["S1b"]["cpu_us"] for works in sockets.values()], marker="o", color=PALAVER)
    weighed = {count: works["S1c"]["pss_kb"] for count, works in sockets.items() if "S1c" in works}
    waiting.plot([*weighed], [*weighed.values()], marker="o", color=PALAVER)
    for space, title, what in (
        (stored, "CPU µs of an operation", "messages stored"),
        (telling, "CPU µs of a delivery", "sockets"),
        (waiting, "kB of a socket that waits", "sockets"),
    ):
        space.set_title(title, loc="left", fontsize=8)
        space.set_xlabel(what)
        space.set_xscale("log")
        space.set_ylim(bottom=0)
        space.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)
