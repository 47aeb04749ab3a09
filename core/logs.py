"""How logs are written: lines for people in development, JSON in production; never a token, a body or a variable."""

import logging
import sys
import warnings

import structlog

from core.settings import Settings


def set_up_logs(settings: Settings) -> None:
    """Everything that is logged, ours and the libraries', goes to standard error in one format."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if settings.writes_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.captureWarnings(True)
    # Of siblings that a failed field called off before they had begun: graphql-core drops them, nothing is lost.
    warnings.filterwarnings("ignore", r"coroutine '(Executor|GraphQLCoreConverter)\.", RuntimeWarning)
    root = logging.getLogger()
    root.handlers = [handler]
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    # At debug a library logs what it carries: uvicorn every frame, with the tokens and the words in them.
    root.setLevel(max(level, logging.INFO))
    for ours in ("graph", "chat", "db", "core"):
        logging.getLogger(ours).setLevel(level)
    for chatty in ("httpx", "httpcore", "alembic", "aiosqlite"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    # It warns of each malformed form, with bytes of it.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
