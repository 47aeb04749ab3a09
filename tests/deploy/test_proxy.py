"""deploy/haproxy.cfg fits the servers behind it: their ports, their routes and their times."""

from urllib.parse import urlsplit

from graph.app import create_app
from graph.serving import _config_of
from graph.worker import app_from_environment
from tests.deploy.composed import compose, servers, services
from tests.deploy.images import stages_of
from tests.deploy.places import DEPLOY, defaults, seconds_of
from tests.deploy.proxies import Section, is_let_through, sections_of
from tests.legs import Home


def section(heading: str) -> Section:
    """A section of the file."""
    return sections_of(DEPLOY / "haproxy.cfg")[heading]


def time_of(name: str) -> float:
    """A timeout, in seconds."""
    (time,) = section("defaults").one("timeout", name)
    return seconds_of(time)


def test_it_serves_by_the_servers_that_compose_starts() -> None:
    _, kept = stages_of((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    port = kept.one("EXPOSE").rest
    assert section("backend palaver").all("server") == [(name, f"{name}:{port}") for name in servers()]
    assert section("frontend clients").one("default_backend") == ("palaver",)


async def test_only_what_clients_ask_for_is_let_through(home: Home) -> None:
    """Of the routes that a server of production has."""
    app = create_app(home.settings(env="production"))
    async with app.router.lifespan_context(app):
        paths = {str(getattr(route, "path", "")) for route in app.router.routes}
    clients = section("frontend clients")
    let_through = {path for path in paths if is_let_through(clients, path)}
    page = {
        "/",
        "/inbox",
        "/elements/palaver.js",
        "/elements/welcome",
        *(f"/{name}{rest}" for name in ("c", "market", "new", "search", "staff") for rest in ("", "/")),
    }
    assert {path.split("{")[0] for path in let_through} == {"/graphql", "/files/", *page}
    assert paths - let_through == {"/healthz", "/readyz", "/metrics"}
    asked = section("backend palaver").one("http-check", "send")
    assert asked[:3] == ("meth", "GET", "uri")
    assert asked[3] in paths


def test_its_times_fit_those_of_the_servers() -> None:
    settings = defaults()
    uvicorn = _config_of(settings, 1, app_from_environment, None)
    assert uvicorn.ws_ping_interval is not None
    assert uvicorn.ws_ping_timeout is not None
    assert time_of("tunnel") > uvicorn.ws_ping_interval + uvicorn.ws_ping_timeout
    assert time_of("http-keep-alive") < settings.keep_alive_seconds
    assert time_of("server") > settings.operation_seconds
    assert time_of("client") > settings.body_seconds


def test_what_was_sent_to_a_server_is_never_sent_to_another() -> None:
    backend = section("backend palaver")
    assert backend.one("retry-on") == ("conn-failure",)
    assert backend.one("option", "redispatch") == ("1",)
    assert backend.one("balance") == ("leastconn",)


def test_a_server_that_is_away_is_passed_over_and_may_have_another_address_when_it_is_back() -> None:
    words = section("backend palaver").one("default-server")
    assert words[0] == "check"
    assert words[words.index("resolvers") + 1] == section("resolvers docker").name
    assert "none" in words[words.index("init-addr") + 1].split(",")


def test_what_compose_publishes_is_what_it_listens_to() -> None:
    proxy = services()["proxy"]
    published = {inside: outside for outside, inside in (port.split(":") for port in proxy.written["ports"])}
    binds = {line[0].removeprefix(":"): line[1:] for line in section("frontend clients").all("bind")}
    assert binds.keys() == published.keys()
    # What speaks TLS is published as 443, and the certificate is a secret that the service has.
    secure = [port for port, words in binds.items() if "ssl" in words]
    assert [published[port] for port in secure] == ["443"]
    certificate = binds[secure[0]][binds[secure[0]].index("crt") + 1]
    assert certificate.removeprefix("/run/secrets/") in proxy.written["secrets"]
    assert certificate.removeprefix("/run/secrets/") in compose()["secrets"]


def test_compose_asks_for_its_health_where_it_tells_of_it() -> None:
    asked = urlsplit(services()["proxy"].written["healthcheck"]["test"][-1])
    health = section("frontend health")
    assert (asked.netloc, asked.path) == (health.one("bind")[0], health.one("monitor-uri")[0])


def test_it_takes_as_many_sockets_as_its_servers() -> None:
    (most,) = section("global").one("maxconn")
    assert int(most) >= len(servers()) * defaults().max_sockets
    assert services()["proxy"].written["ulimits"]["nofile"] > 2 * int(most)
