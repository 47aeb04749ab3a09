"""The inbox at `/`: one page, which finds out from its own address what to show."""

from importlib.resources import as_file, files

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from core.settings import Settings
from graph.demo import has_demo
from graph.pages import Pages

#: First parts of the addresses that the page knows (web/inbox/src/app/routes.ts); all others are not found, as ever.
PLACES = ("c", "new", "market", "search", "staff")


def policy_for(settings: Settings) -> str:
    """Scripts, styles and data come from here only; pictures of people and listings from the host's origins too.

    Those are the allowed ones; `*` is for development, and lists nobody.
    """
    hosts = [origin for origin in settings.allowed_origins if origin != "*"]
    pictures = " ".join(["'self'", "blob:", "data:", *hosts])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; "
        f"img-src {pictures}; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


def inbox_routes(settings: Settings) -> list[BaseRoute]:
    """The page at each of its places, and its files under `/inbox`."""
    with as_file(files("graph") / "static" / "inbox") as folder:
        pages = Pages(folder, policy_for(settings), html=False)

    demo_page = (folder / "index.html").read_text("utf-8").replace("<html ", "<html data-demo ", 1)

    async def show(request: Request) -> Response:
        if has_demo(settings):
            return HTMLResponse(demo_page, headers=pages.headers_of("index.html"))
        return await pages.get_response("index.html", request.scope)

    places = ["/", *(path for place in PLACES for path in (f"/{place}", f"/{place}/{{rest:path}}"))]
    return [*(Route(path, show, methods=["GET"]) for path in places), Mount("/inbox", pages)]
