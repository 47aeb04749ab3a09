"""A page of the host's own application, on an origin of its own, talks to Palaver from the browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page

from tests.client import sign
from tests.legs import Home
from tests.parts.programs import free_port
from tests.served import Served, serve

pytestmark = pytest.mark.browser

PAGE = b"<!doctype html><title>The market</title>"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"

ASK = """async ([url, token]) => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query: '{ viewer { user { externalId } } }' });
  try {
    const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
    return answer.data.viewer.user.externalId;
  } catch {
    return 'refused';
  }
}"""

UPLOAD = """async ([url, token]) => {
  const headers = { 'GraphQL-Require-Preflight': 'yes', Authorization: `Bearer ${token}` };
  const body = new FormData();
  const query = 'mutation($file: Upload!) { uploadAttachment(input: { file: $file }) { attachment { fileName } } }';
  body.append('operations', JSON.stringify({ query, variables: { file: null } }));
  body.append('map', '{"0": ["variables.file"]}');
  body.append('0', new File(['A page of words'], 'words.txt', { type: 'text/plain' }));
  const answer = await (await fetch(`${url}/graphql`, { method: 'POST', headers, body })).json();
  return answer.data.uploadAttachment.attachment.fileName;
}"""

CONNECT = """([url, token]) => new Promise((resolve) => {
  const socket = new WebSocket(url.replace('http', 'ws') + '/graphql', 'graphql-transport-ws');
  const payload = { authorization: `Bearer ${token}` };
  socket.onopen = () => socket.send(JSON.stringify({ type: 'connection_init', payload }));
  socket.onmessage = ({ data }) => resolve(JSON.parse(data).type);
  socket.onclose = () => resolve('refused');
})"""


async def give_page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer any request with the page."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(ANSWER % (len(PAGE), PAGE))
    await writer.drain()
    writer.close()
    await writer.wait_closed()


@asynccontextmanager
async def serve_pages() -> AsyncIterator[int]:
    """The application's own web server; its port."""
    port = free_port()
    async with await asyncio.start_server(give_page, "127.0.0.1", port):
        yield port


@pytest.fixture
async def port() -> AsyncIterator[int]:
    """Where the application's pages are."""
    async with serve_pages() as given:
        yield given


@pytest.fixture
async def palaver(sqlite_home: Home, port: int) -> AsyncIterator[Served]:
    """A server that lists the application's origin."""
    async with serve(sqlite_home, PALAVER_ALLOWED_ORIGINS=f"http://127.0.0.1:{port}") as served:
        yield served


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """An empty page."""
    context = await browser.new_context()
    yield await context.new_page()
    await context.close()


async def test_a_page_of_a_listed_origin_asks_uploads_and_follows(page: Page, palaver: Served, port: int) -> None:
    await page.goto(f"http://127.0.0.1:{port}/")
    palaver_and_token = [palaver.url, sign("ann", "buyer", name="Ann")]
    assert await page.evaluate(ASK, palaver_and_token) == "ann"
    assert await page.evaluate(UPLOAD, palaver_and_token) == "words.txt"
    assert await page.evaluate(CONNECT, palaver_and_token) == "connection_ack"


async def test_a_page_of_any_other_origin_is_refused(page: Page, palaver: Served, port: int) -> None:
    """The same page under another name is another origin."""
    await page.goto(f"http://localhost:{port}/")
    palaver_and_token = [palaver.url, sign("ann", "buyer", name="Ann")]
    assert await page.evaluate(ASK, palaver_and_token) == "refused"
    assert await page.evaluate(CONNECT, palaver_and_token) == "refused"
