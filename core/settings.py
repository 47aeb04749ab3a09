"""Settings: read from the environment (PALAVER_...), from `.env`, and secrets from files (PALAVER_..._FILE)."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from core.hosts import is_host_pattern
from core.limit_settings import LimitSettings
from core.texts import fault_in_url

DEVELOPMENT_SECRET = "palaver development secret: never for production"  # noqa: S105 - refused in production
SECRETS = ("jwt_secret", "database_url", "broker_url", "metrics_token", "s3_secret")
LISTS = ("allowed_origins", "trusted_hosts", "directory_roles")


class Settings(LimitSettings):
    """Every setting of Palaver. Times are in seconds, sizes in bytes, unless a description says otherwise."""

    model_config = SettingsConfigDict(
        env_prefix="PALAVER_", env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    env: Literal["development", "production"] = Field(
        "development", description="`production` refuses development secrets and hides GraphiQL."
    )
    database_url: str = Field(
        "sqlite+aiosqlite:///palaver.db",
        description="Where the data is: `sqlite+aiosqlite:///FILE`, or `postgresql+asyncpg://USER@HOST/NAME`.",
    )
    database_url_file: Path | None = Field(
        None, description="A file that holds the address of the database, when it has a password."
    )
    database_pool: int = Field(
        8,
        ge=1,
        le=200,
        description="Connections that a process keeps: on SQLite for reading, beside the one that writes.",
    )
    database_wait: float = Field(10.0, gt=0, description="How long a statement waits for a connection or a lock.")
    database_idle: float = Field(
        60.0, gt=0, description="How long PostgreSQL lets a transaction stand still, as that of a process that hangs."
    )
    broker_url: str = Field(
        "memory://",
        description="How processes wake each other: `memory://` for one, `redis://HOST`, `postgresql://USER@HOST/NAME`.",
    )
    broker_url_file: Path | None = Field(
        None, description="A file that holds the address of the broker, when it has a password."
    )
    broker_seconds: float = Field(1.0, gt=0, description="How long an answer of the broker may take.")
    probe_seconds: float = Field(1.0, gt=0, description="Time between two probes of the broker.")
    backstop_seconds: float = Field(
        0.5, gt=0, description="Time between two looks for what no bell told; a quarter of it while the broker is away."
    )
    jwt_secret: SecretStr = Field(
        SecretStr(DEVELOPMENT_SECRET),
        description="Secret of HS256 tokens, at least 32 bytes. The default is for development on loopback only.",
    )
    jwt_secret_file: Path | None = Field(None, description="A file that holds the secret of HS256 tokens.")
    jwks_url: str | None = Field(
        None,
        description="Address of the host's public keys (JWKS). When set, tokens are checked by it, not by the secret.",
    )
    jwt_algorithm: Literal["RS256", "ES256", "EdDSA"] = Field(
        "RS256", description="The one algorithm of tokens that are checked by the JWKS."
    )
    jwt_issuer: str | None = Field(None, description="When set, the `iss` that every token must have.")
    jwt_audience: str | None = Field(None, description="When set, the `aud` that every token must have.")
    jwt_leeway: float = Field(0.0, ge=0, le=60, description="How far a token's clock may differ.")
    jwks_seconds: float = Field(
        300.0, gt=0, description="How long fetched keys are used before they are fetched again."
    )
    jwks_timeout: float = Field(3.0, gt=0, description="How long fetching the keys may take.")
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Web origins that may call, comma-separated, such as `https://market.example`; `*` in development.",
    )
    trusted_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Hosts that may be asked for, comma-separated; `*.market.example`: all below it. Without it: any.",
    )
    inbox: Literal["on", "off"] = Field(
        "on", description="Whether the inbox is served at `/`; in development with the demo market's people to be."
    )
    demo: Literal["on", "off"] = Field(
        "on",
        description="Whether development has the demo market: an empty database is given it. `off` begins with nobody.",
    )
    get_queries: Literal["on", "off"] = Field(
        "off", description="Whether queries, and only they, are taken by GET too; logs of proxies hold the address."
    )
    public_url: str | None = Field(
        None,
        description="How clients reach the server; addresses of files start with it. Without it: the request's host.",
    )
    directory_roles: Annotated[list[str], NoDecode] = Field(
        default_factory=lambda: ["seller", "provider", "driver"],
        description="Who `users` lists for everybody, by role, comma-separated.",
    )
    pairs: Literal["anyone", "directory", "off"] = Field(
        "anyone",
        description="With whom a conversation about nothing may be opened: any known id, who is visible, nobody.",
    )
    typing_seconds: float = Field(6.0, ge=0.2, le=60, description="How long `typing` lasts unless it is told again.")
    presence_seconds: float = Field(
        30.0, ge=0.5, le=600, description="How long a process that died still counts as alive."
    )
    delivered_seconds: float = Field(
        0.25, ge=0.01, le=10, description="How long deliveries are gathered before they are written."
    )
    search_seconds: float = Field(
        1.0,
        gt=0,
        description="How often the words are saved of messages that were sent. Whoever searches does not wait for it.",
    )
    seal_seconds: float = Field(
        5.0,
        ge=0.1,
        le=3600,
        description="How often new entries of the audit log are put into its chain of hashes; while people write much "
        "half a minute later at most.",
    )
    persisted_queries: int = Field(
        1000, ge=0, description="Documents kept to be named by their hash (automatic persisted queries); 0 for none."
    )
    persisted_bytes: int = Field(2_097_152, ge=1024, description="Memory for the texts of these documents.")
    trusted_documents: Path | None = Field(
        None,
        description="A JSON manifest of documents, or a folder of manifests. When set, no other operation is run.",
    )
    keep_alive_seconds: int = Field(
        75, ge=1, description="How long an idle HTTP connection is kept; longer than a proxy in front keeps it."
    )
    shutdown_seconds: float = Field(10.0, gt=0, description="How long running work may go on after SIGTERM.")
    files_url: str = Field(
        "file://./files",
        description="Where files are kept: `file://FOLDER`, or `s3://BUCKET/PREFIX` by `palaver[s3]`.",
    )
    s3_endpoint: str | None = Field(
        None, description="Address of an object store other than Amazon's, such as `http://minio:9000`."
    )
    s3_public_endpoint: str | None = Field(
        None, description="The same as clients reach it, who put large files there; by default as Palaver reaches it."
    )
    s3_region: str | None = Field(None, description="Region of the bucket.")
    s3_key_id: str | None = Field(
        None, description="Access key of the object store. Without it: as other programs find theirs (AWS_...)."
    )
    s3_secret: SecretStr | None = Field(None, description="The secret of that access key.")
    s3_secret_file: Path | None = Field(None, description="A file that holds that secret.")
    reap_seconds: float = Field(60.0, gt=0, description="Time between two looks for files that nobody has any more.")
    file_url_seconds: int = Field(3600, ge=60, description="How long the address of a file is good.")
    metrics_token: SecretStr | None = Field(
        None,
        min_length=16,
        description="Who reads `/metrics` sends it as a Bearer token. Without it, production has no `/metrics`.",
    )
    metrics_token_file: Path | None = Field(None, description="A file that holds the token of `/metrics`.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    log_operations: Literal["on", "off"] = Field(
        "on", description="Whether each operation is a line of the log, at the level info."
    )
    log_format: Literal["console", "json"] | None = Field(
        None, description="How it is logged; by default `console` in development and `json` in production."
    )

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, given: dict[str, object]) -> dict[str, object]:
        """PALAVER_JWT_SECRET_FILE and the like name a file that holds the value."""
        # A variable without a value is one that is not set, as containers leave it; only a list can be empty.
        values = {name: value for name, value in given.items() if value != "" or name in LISTS}
        for name in SECRETS:
            path = values.get(f"{name}_file")
            if path and name not in values:
                try:
                    values[name] = Path(str(path)).read_text(encoding="utf-8").strip()
                except (OSError, UnicodeDecodeError) as error:
                    why = getattr(error, "strerror", None) or "it is no text"
                    message = f"PALAVER_{name.upper()}_FILE names {path}, which cannot be read: {why}."
                    raise ValueError(message) from error
                if not values[name]:
                    raise ValueError(f"PALAVER_{name.upper()}_FILE names {path}, which is empty.")
        return values

    @field_validator(*LISTS, mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _trim_origins(cls, origins: list[str]) -> list[str]:
        """Browsers name an origin without a slash at its end."""
        return [origin.rstrip("/") for origin in origins]

    @field_validator("trusted_hosts")
    @classmethod
    def _check_hosts(cls, hosts: list[str]) -> list[str]:
        if any(not is_host_pattern(host) for host in hosts):
            raise ValueError("It must be names of hosts without ports, such as `chat.market.example`.")
        return [host.lower() for host in hosts]

    @field_validator("jwks_url", "public_url", "s3_endpoint", "s3_public_endpoint")
    @classmethod
    def _check_address(cls, address: str | None) -> str | None:
        fault = None if address is None else fault_in_url(address)
        if fault is not None:
            raise ValueError(fault.reason)
        return address

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        """What must never reach production is refused at start, with the setting's name and the mend."""
        if self.env != "production":
            return self
        secret = self.jwt_secret.get_secret_value()
        if self.jwks_url is None and secret == DEVELOPMENT_SECRET:
            raise ValueError("PALAVER_JWT_SECRET is the development secret: set one of your own, or PALAVER_JWKS_URL.")
        if self.jwks_url is None and len(secret.encode()) < 32:
            raise ValueError("PALAVER_JWT_SECRET is shorter than 32 bytes: `openssl rand -hex 32` makes a good one.")
        if "*" in self.allowed_origins:
            raise ValueError("PALAVER_ALLOWED_ORIGINS holds *: name the origins of your pages.")
        return self

    @property
    def is_production(self) -> bool:
        """Is this the real thing?"""
        return self.env == "production"

    @property
    def writes_json(self) -> bool:
        """Is the log for programs?"""
        return (self.log_format or ("json" if self.is_production else "console")) == "json"

    @property
    def has_graphiql(self) -> bool:
        """Is there a page to explore the schema with? In production it is hidden; registered documents need none."""
        return not self.is_production and self.trusted_documents is None

    @property
    def has_inbox(self) -> bool:
        """Is the inbox served at `/`? Its operations are its own, so a server of registered documents has none."""
        return self.inbox == "on" and self.trusted_documents is None

    @property
    def has_market(self) -> bool:
        """Is an empty database given the demo market? Never in production."""
        return self.demo == "on" and not self.is_production

    @property
    def uses_development_secret(self) -> bool:
        """Can anybody who read the source sign a token?"""
        return self.jwks_url is None and self.jwt_secret.get_secret_value() == DEVELOPMENT_SECRET
