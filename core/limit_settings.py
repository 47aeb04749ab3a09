"""The settings that bound what a client can do: how large, how deep, how often, how long."""

from typing import Literal, Self

import limits
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings


class LimitSettings(BaseSettings):
    """The limits. Times are in seconds, sizes in bytes, unless a description says otherwise."""

    max_body: int = Field(262_144, ge=1024, description="Size of a JSON body.")
    max_document: int = Field(131_072, ge=1024, description="Characters of a GraphQL document.")
    max_tokens: int = Field(2000, ge=100, description="Lexical tokens of a GraphQL document.")
    max_lines: int = Field(5000, ge=100, description="Lines of a GraphQL document.")
    max_operations: int = Field(
        30, ge=1, description="Operations of a GraphQL document: what they share is looked at for each of them."
    )
    max_depth: int = Field(12, ge=3, description="Depth of a selection; introspection has its own limit.")
    max_fields: int = Field(500, ge=10, description="Fields of an operation, fragments expanded.")
    max_aliases: int = Field(30, ge=0, description="Aliases of an operation, fragments expanded.")
    max_directives: int = Field(50, ge=0, description="Directives of a document.")
    max_page: int = Field(100, ge=1, le=100, description="Size of a page, and of a list of ids to look up.")
    max_cost: int = Field(
        5000,
        ge=10,
        description="Cost of an operation: objects that its answer can hold, at the page sizes asked for.",
    )
    max_variables: int = Field(
        2000, ge=100, description="Values in an operation's variables, those in lists and objects included."
    )
    max_objects: int = Field(1000, ge=10, description="Objects in a JSON body, and in a WebSocket frame.")
    max_values: int = Field(
        20_000,
        ge=100,
        description="Values of an answer that graphql-core makes, since it is not planned or has errors.",
    )
    max_validation_errors: int = Field(5, ge=1, description="Validation errors that are told at once.")
    max_errors: int = Field(
        100, ge=1, description="Errors of an answer that are told, and logged where they are the server's."
    )
    rate_limits: Literal["on", "off"] = Field("on", description="`off` is for load tests.")
    cost_budget: int = Field(
        50_000,
        ge=0,
        description="Cost that one person may have in a minute, over all processes if the broker is Redis; 0 for any.",
    )
    sends: str = Field("1200 per minute", description="Messages that one person may send, counted by each process.")
    edit_seconds: int = Field(
        900, ge=0, description="How long after it was sent a message can be edited; 0 for ever. Edits count as sends."
    )
    max_edits: int = Field(50, ge=1, description="How often one message can be edited.")
    reactions: str = Field(
        "240 per minute",
        description="Reactions that one person may put to messages and take back, counted by each process.",
    )
    max_reactions: int = Field(20, ge=1, description="Different emoji that one person may put to one message.")
    searches: str = Field("240 per minute", description="Searches of one person, counted by each process.")
    openings: str = Field(
        "120 per hour", description="Conversations that one person may newly open, counted by each process."
    )
    stranger_openings: int = Field(
        60, ge=0, description="Conversations that one person may newly open in an hour and nobody answers; 0 for any."
    )
    stranger_links: Literal["on", "off"] = Field(
        "on", description="`off`: who opened a conversation sends no links before somebody has answered."
    )
    stranger_files: Literal["on", "off"] = Field("on", description="The same for files.")
    uploads: str = Field("120 per hour", description="Files that one person may give, counted by each process.")
    max_uploads_per_user: int = Field(
        10, ge=1, description="Files of one person that may be on their way at the same time, in one process."
    )
    reports: str = Field("60 per hour", description="Messages that one person may report, counted by each process.")
    blocks: str = Field(
        "60 per hour",
        description="Blocks that one person may put upon people, counted by each process; lifting is free.",
    )
    max_templates: int = Field(100, ge=1, description="Message templates that one person may have.")
    max_sockets_per_user: int = Field(10, ge=1, description="Open WebSockets of one person in one process.")
    max_sockets: int = Field(
        10_000, ge=1, description="Open WebSockets of one process, those whose token has not come yet included."
    )
    max_operations_per_socket: int = Field(50, ge=1, description="Running operations of one WebSocket.")
    max_frame: int = Field(262_144, ge=1024, description="Size of a WebSocket frame; larger ones close it with 1009.")
    socket_messages: str = Field(
        "60 per 2 seconds", description="Frames that one WebSocket may send, pings and pieces of messages included."
    )
    socket_init_seconds: float = Field(5.0, gt=0, description="How long a WebSocket may take to say connection_init.")
    socket_stall_seconds: float = Field(
        15.0, gt=0, description="How long a WebSocket may take nothing before it is closed."
    )
    socket_idle_seconds: float = Field(
        600.0, gt=0, description="How long a WebSocket on which nothing runs may say nothing before it is closed."
    )
    socket_age_seconds: float = Field(
        86_400.0, gt=0, description="How old a WebSocket may become; then it is closed, and its client resumes."
    )
    operation_seconds: float = Field(10.0, gt=0, description="How long a query or mutation may take.")
    body_seconds: float = Field(30.0, gt=0, description="How long a request's body may take to arrive.")
    upload_seconds: float = Field(300.0, gt=0, description="How long an upload may take.")
    message_length: int = Field(4000, ge=1, le=100_000, description="Characters of a message.")
    search_words: int = Field(
        32, ge=1, le=200, description="Words of a search that are looked for; what comes after them is not."
    )
    search_depth: int = Field(
        5000,
        ge=1,
        description="Messages of one conversation that a search puts in order: the newest that it finds there.",
    )
    search_most: int = Field(
        10_000,
        ge=1,
        description="Messages that a search puts in order in all: those of the conversations in which something was "
        "said last.",
    )
    max_files_per_message: int = Field(10, ge=1, le=50, description="Files of one message.")
    max_unsent_files: int = Field(100, ge=1, description="Files that one person may have given and not sent.")
    max_file: int = Field(26_214_400, ge=1, description="Size of a file.")
    files_quota: int = Field(
        1_073_741_824, ge=0, description="Size of all files that one person has given, sent or not; 0 for any."
    )
    upload_url_seconds: int = Field(
        3600, ge=1, le=604_800, description="How long a place for a file, from `requestUpload`, is good."
    )
    unsent_seconds: float = Field(86_400.0, gt=0, description="How long a file is kept that was given and not sent.")
    max_pixels: int = Field(50_000_000, ge=1, description="Pixels of a picture, of all its frames together.")
    max_frames: int = Field(500, ge=1, description="Frames of a moving picture.")
    thumbnail_side: int = Field(320, ge=16, le=2048, description="Longer side of a thumbnail, in pixels.")
    inspection_memory: int = Field(
        1_073_741_824, ge=134_217_728, description="Memory of the process that looks into a file."
    )
    inspection_seconds: float = Field(
        8.0, gt=0, description="How long looking into a file may take; less than an operation may."
    )
    inspections: int = Field(2, ge=1, le=64, description="Files that one process has looked into at a time.")

    @field_validator("sends", "reactions", "searches", "openings", "uploads", "reports", "blocks", "socket_messages")
    @classmethod
    def _check_allowance(cls, allowance: str) -> str:
        try:
            limits.parse(allowance)
        except ValueError as error:
            raise ValueError("It must be written like `60 per minute`, or `60 per 2 seconds`.") from error
        return allowance

    @model_validator(mode="after")
    def _check_budget(self) -> Self:
        """An operation that is allowed must be affordable to who has spent nothing."""
        if 0 < self.cost_budget < self.max_cost:
            raise ValueError("PALAVER_COST_BUDGET is less than PALAVER_MAX_COST: raise it, or set 0 for no budget.")
        return self
