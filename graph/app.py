"""The web application: the endpoint and its socket, files, health, metrics, the inbox, and GraphiQL in development."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from chat.palaver import Palaver, start_palaver
from core.settings import Settings
from core.siblings import Siblings
from graph.admission import Admission
from graph.application import Application
from graph.demo import demo_routes
from graph.documents import documents_of
from graph.doorkeeper import Doorkeeper
from graph.elements import element_routes
from graph.endpoint import Endpoint
from graph.feeds import Feeds
from graph.files import FileRoute
from graph.guard import Guard
from graph.health import Readiness, healthz
from graph.inbox import inbox_routes
from graph.journal import Journal
from graph.measures import Measures
from graph.meters import Meters
from graph.metrics import Metrics, new_registry, report
from graph.pages import GRAPHIQL_POLICY, Pages
from graph.plan.plans import REMEMBERED, Plans
from graph.roots import row_types, schema, subscription_fields
from graph.socket import Socket
from graph.sockets import Sockets
from graph.uploading import UploadRoute
from graph.visits import HostGate, is_for_us, may_come_from, tell_as_json


def create_app(
    settings: Settings,
    meeting_place: Path | None = None,
    *,
    make_plans: Callable[..., Plans] = Plans,
    make_guard: type[Guard] = Guard,
) -> Application:
    """The application of some settings. Nothing is connected before its lifespan begins.

    `meeting_place` is the folder where the processes of one `palaver serve` find each other; `make_plans` is for those
    who want answers by something else than plans, and `make_guard` for those who know already what a document is.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        palaver = await start_palaver(settings)
        sockets, registry = Sockets(palaver), new_registry()
        siblings = Siblings(meeting_place, lambda: report(registry))
        guard = make_guard(schema._schema, settings)
        _serve(application, palaver, sockets, Metrics(settings, registry, siblings), guard, make_plans)
        await siblings.start()
        try:
            yield
        finally:
            await siblings.stop()
            await sockets.drain()
            await palaver.stop()

    app = application = Application(title="Palaver", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(CORSMiddleware, **cross_origin(settings))
    app.add_middleware(HostGate, settings=settings)
    app.add_exception_handler(HTTPException, tell_as_json)
    app.router.routes.extend(element_routes(settings))
    if settings.has_graphiql:
        _show_graphiql(app)
    if settings.has_inbox:
        app.router.routes.extend([*inbox_routes(settings), *demo_routes(settings)])
    return app


def cross_origin(settings: Settings) -> dict[str, Any]:
    """What pages of other origins may do, for CORSMiddleware."""
    return {
        "allow_origins": settings.allowed_origins,
        "allow_methods": ["GET", "POST", "PUT"],
        "allow_headers": ["Authorization", "Content-Type", "GraphQL-Require-Preflight", "Apollo-Require-Preflight"],
        "max_age": 600,
    }


def _crossing(app: ASGIApp, settings: Settings) -> ASGIApp:
    """An application that browsers may ask from pages of other origins; who names none has nothing to ask for."""
    crossing = CORSMiddleware(app, **cross_origin(settings))

    def serve(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        has_origin = any(name == b"origin" for name, _ in scope["headers"])
        return (crossing if has_origin else app)(scope, receive, send)

    return serve


def _serve(
    app: Application,
    palaver: Palaver,
    sockets: Sockets,
    metrics: Metrics,
    guard: Guard,
    make_plans: Callable[..., Plans],
) -> None:
    """Add the routes that need the running server."""
    app.state.palaver, app.state.sockets = palaver, sockets
    documents, doorkeeper = documents_of(guard, palaver.settings), Doorkeeper(palaver)
    plans = make_plans(schema, row_types, most=max(REMEMBERED, documents.kept_operations))
    meters = Meters(metrics.registry, subscription_fields)
    feeds = app.state.feeds = Feeds(meters)
    metrics.registry.register(Measures(palaver, sockets, feeds, documents))
    settings = palaver.settings
    admission = Admission(documents, palaver.budget, settings.max_cost, settings.max_variables)
    journal = Journal(settings)
    endpoint = Endpoint(palaver, plans, admission, doorkeeper, meters, journal)

    def socket(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        websocket = WebSocket(scope, receive, send)
        if not is_for_us(websocket, palaver.settings) or not may_come_from(websocket, palaver.settings):
            meters.count_close(1008)
            return websocket.close(1008)
        return Socket(palaver, plans, admission, doorkeeper, sockets, feeds, meters, journal, websocket).run()

    async def ask(request: Request) -> Response:
        is_browser = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if is_browser and palaver.settings.has_graphiql:
            return RedirectResponse("/graphiql/")
        response = await endpoint.respond(request)
        if request.method == "GET":
            response.headers["Cache-Control"] = "no-store"
        return response

    app.open_door("websocket", "/graphql", socket)
    app.open_door("POST", "/graphql", HostGate(_crossing(endpoint, palaver.settings), palaver.settings))
    file_path = "/files/{key}/{viewer}/{expires}/{signature}"
    app.router.routes.extend(
        [
            Route("/graphql", ask, methods=endpoint.methods),
            Route("/graphql", ask, methods=["GET"]),
            Route(file_path + "/{name}", FileRoute(palaver, "file").__call__, methods=["GET"]),
            Route(file_path + "/thumbnail/{name}", FileRoute(palaver, "thumbnail").__call__, methods=["GET"]),
            Route("/files/{upload}/{expires}/{signature}", UploadRoute(palaver).__call__, methods=["PUT"]),
            Route("/healthz", healthz, methods=["GET"]),
            Route("/readyz", Readiness(palaver).__call__, methods=["GET"]),
            Route("/metrics", metrics.__call__, methods=["GET"]),
        ]
    )


def _show_graphiql(app: FastAPI) -> None:
    with as_file(files("graph") / "static" / "graphiql") as folder:
        app.mount("/graphiql", Pages(folder, GRAPHIQL_POLICY))
