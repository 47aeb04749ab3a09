"""The naive server: Strawberry's stock router on FastAPI. DATABASE, SECRET and SIGNING_KEY are in the environment."""

import os
from pathlib import Path

import strawberry
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter

from bench.peers.naive.context import Context
from bench.peers.naive.models import open_sessions
from bench.peers.naive.roots import Mutation, Query, Subscription

sessions = open_sessions(Path(os.environ["DATABASE"]))
schema = strawberry.Schema(Query, Mutation, Subscription)


def get_context() -> Context:
    """A context for each request."""
    return Context(sessions, f"http://127.0.0.1:{os.environ['PORT']}")


app = FastAPI()
app.include_router(GraphQLRouter(schema, context_getter=get_context), prefix="/graphql")


@app.get("/readyz")
def ready() -> str:
    """It serves."""
    return "ready"
