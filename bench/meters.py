"""What processes used so far: CPU seconds and memory, as Linux tells it; and what the database and Redis wrote."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from tests.parts.postgres import Postgres
from tests.parts.redis import Redis

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def family_of(pid: int) -> list[int]:
    """A process and all that it started, as far as they live."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family_of(int(child)))]


def cpu_of_family(pid: int) -> float:
    """CPU seconds of a process and all that it started."""
    total = 0.0
    for member in family_of(pid):
        try:
            total += cpu_of(member)
        except FileNotFoundError:
            continue
    return total


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


@dataclass(frozen=True, slots=True)
class Used:
    """What was used up to a moment: CPU seconds, and bytes."""

    server: float
    other: float
    postgres: float
    redis: float
    wal: int
    bells: int

    def minus(self, before: "Used") -> "Used":
        """What was used since then."""
        return Used(
            self.server - before.server,
            self.other - before.other,
            self.postgres - before.postgres,
            self.redis - before.redis,
            self.wal - before.wal,
            self.bells - before.bells,
        )


async def wal_of(postgres: Postgres) -> int:
    """Bytes of write-ahead log so far."""
    connection = await asyncpg.connect(postgres.url(driver=""))
    try:
        return int(await connection.fetchval("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"))
    finally:
        await connection.close()


def bells_of(redis: Redis) -> int:
    """Bytes that Redis took in so far, bells and probes."""
    with socket.create_connection(("127.0.0.1", redis.port), timeout=5) as line:
        line.sendall(b"INFO stats\r\n")
        text = b""
        while b"total_net_input_bytes:" not in text:
            text += line.recv(65_536)
    return int(text.split(b"total_net_input_bytes:")[1].split()[0])
