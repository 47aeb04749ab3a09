"""The plays of the suite: what is done, to whom, how often, and on what ground."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.faults import acts
from tests.faults.acts import Act
from tests.faults.company import Cast

ALL, SHARED = ("sqlite", "postgres", "notify"), ("postgres", "notify")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A play: `act` is given the stage, and how often its fault is to happen; `sql` is run on the database
    before. `servers` are how many there are where there can be several."""

    name: str
    act: Act
    times: int
    grounds: tuple[str, ...] = ALL
    cast: Cast = field(default_factory=Cast)
    settings: Mapping[str, str] = field(default_factory=dict)
    sql: tuple[str, ...] = ()
    servers: int = 3


#: Marks ring bells too, and with them whoever missed another bell would soon look again: here they come rarely.
RARE_MARKS = {"PALAVER_DELIVERED_SECONDS": "10"}
LOUD = Cast(
    writers=3,
    listings=1,
    booking=False,
    length=3900,
    rest=0.0,
    inboxes=0,
    restless=False,
    slow=False,
    onlookers=0,
    pairs=0,
)
CROWD = Cast(
    writers=2, listings=10, rest=0.05, restless=False, slow=False, onlookers=0, booking=False, crowd=480, pairs=0
)
SCENARIOS = (
    Scenario("calm", acts.calm, 4),
    Scenario("kill", acts.kill, 5),
    Scenario("points", acts.die_at_points, 4),
    Scenario("roll", acts.roll, 1),
    Scenario("hold", acts.hold_a_server, 2),
    Scenario("burst", acts.burst, 12, settings=RARE_MARKS),
    Scenario("shake", acts.shake, 12, settings=RARE_MARKS),
    Scenario("newcomers", acts.come_late, 8, settings=RARE_MARKS),
    Scenario("stall", acts.stall, 1, cast=LOUD, settings={"PALAVER_SOCKET_STALL_SECONDS": "1"}),
    Scenario("storm", acts.storm, 1, cast=CROWD),
    Scenario("late-commits", acts.commit_late, 3, settings={"PALAVER_OPERATION_SECONDS": "0.5"}),
    Scenario("disk-full", acts.fill_disk, 2, ("sqlite",)),
    Scenario("disk-fails", acts.break_disk, 2, ("sqlite",)),
    Scenario("two-of-three", acts.two_of_three, 2, SHARED),
    Scenario("redis-killed", acts.kill_redis, 2, ("postgres",)),
    Scenario("redis-held", acts.hold_redis, 2, ("postgres",)),
    Scenario("redis-blinks", acts.blink_redis, 2, ("postgres",), settings={"PALAVER_BACKSTOP_SECONDS": "600"}),
    Scenario("postgres-restarted", acts.restart_postgres, 4, SHARED),
    Scenario("backends-terminated", acts.terminate_backends, 8, SHARED),
)


def scenario_of(name: str) -> Scenario:
    """A scenario by its name. KeyError for none."""
    return {scenario.name: scenario for scenario in SCENARIOS}[name]
