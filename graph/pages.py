"""Our own pages, built and committed under graph/static: served under a policy that lets nothing in from elsewhere."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from graph.compressed import Compressed

GRAPHIQL_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'none'"
)


class Pages(StaticFiles):
    """The files of a page, with its Content-Security-Policy."""

    def __init__(self, folder: Path, policy: str, *, html: bool = True) -> None:
        super().__init__(directory=folder, html=html)
        self._policy = policy
        self._compressed = Compressed()

    async def get_response(self, path: str, scope: MutableMapping[str, Any]) -> Response:
        """The file, with its headers."""
        response = await super().get_response(path, scope)
        response.headers.update(self.headers_of(path))
        return await self._compressed.of(response, Headers(scope=scope))

    def headers_of(self, path: str) -> dict[str, str]:
        """What a file comes with: names of assets carry a hash, so they never change."""
        is_asset = path.startswith("assets")
        return {
            "Content-Security-Policy": self._policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "public, max-age=31536000, immutable" if is_asset else "no-cache",
        }
