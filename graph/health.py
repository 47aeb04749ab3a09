"""GET /healthz and /readyz: does the process live, and can it serve?"""

from dataclasses import dataclass

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from chat.palaver import Palaver
from db import migrate

log = structlog.get_logger()


async def healthz(_: Request) -> Response:
    """The process lives."""
    return PlainTextResponse("ok\n")


@dataclass(frozen=True, slots=True)
class Readiness:
    """Answers GET /readyz."""

    palaver: Palaver

    async def __call__(self, request: Request) -> Response:
        """200 when the database answers, the broker is connected and the tables are this version's; else 503.

        `?without=broker&without=migrations` is a load balancer's question, since a fleet taken out at once would serve
        nobody: Palaver serves while the broker is away, only later, and on the tables of the version that comes next.
        """
        revision = None
        try:
            revision = await migrate.current(self.palaver.database)
        except Exception:
            log.exception("readyz.database")
            parts = {"database": False, "broker": self.palaver.hub.is_connected, "migrations": False}
        else:
            parts = {
                "database": True,
                "broker": self.palaver.hub.is_connected,
                "migrations": revision == migrate.head(),
            }
        forgiven = request.query_params.getlist("without")
        is_newer = parts["database"] and revision is not None and not migrate.is_known(revision)
        may_fail = {"broker": True, "migrations": is_newer}
        is_ready = all(good or (name in forgiven and may_fail.get(name)) for name, good in parts.items())
        words = {name: "ok" if good else "failing" for name, good in parts.items()}
        return JSONResponse({"ready": is_ready, **words}, 200 if is_ready else 503)
