"""Reads deploy/compose.yaml: its services, and what a service's environment comes to."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped] # Its types are a package of their own.

from tests.deploy.images import stages_of
from tests.deploy.places import DEPLOY

#: `${NAME:-otherwise}`: a variable of whoever calls compose.
VARIABLE = re.compile(r"\$\{([A-Z]+):-([^}]*)\}")
SECRETS = "/run/secrets/"


@dataclass(frozen=True, slots=True)
class Service:
    """One service as it is written, with what it borrows from others merged in."""

    name: str
    written: dict[str, Any]

    @property
    def is_palaver(self) -> bool:
        """Does it run our image?"""
        return "build" in self.written

    @property
    def is_server(self) -> bool:
        """Does it serve people?"""
        return self.is_palaver and self.written["command"][0] == "serve"

    @property
    def is_once(self) -> bool:
        """Does it end by itself?"""
        return self.written.get("restart") == "no"

    @property
    def environment(self) -> dict[str, str]:
        """What its program finds, the image's own included, when nobody sets a variable."""
        given = {name: VARIABLE.sub(r"\2", str(value)) for name, value in self.written.get("environment", {}).items()}
        return image_environment() | given if self.is_palaver else given

    @property
    def mounts(self) -> dict[str, str]:
        """Where what is mounted: a volume's name or a path, by the place inside."""
        pairs = [str(mount).split(":")[:2] for mount in self.written.get("volumes", [])]
        return {inside: outside for outside, inside in pairs}

    @property
    def named(self) -> set[str]:
        """The secrets that its environment names."""
        return {value.removeprefix(SECRETS) for value in self.environment.values() if value.startswith(SECRETS)}

    def environment_in(self, folder: Path) -> dict[str, str]:
        """Its environment where the secrets are in this folder."""
        return {name: value.replace(SECRETS, f"{folder}/") for name, value in self.environment.items()}


def compose() -> dict[str, Any]:
    """The whole file."""
    whole: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return whole


def services() -> dict[str, Service]:
    """The services by their names."""
    return {name: Service(name, written) for name, written in compose()["services"].items()}


def servers() -> dict[str, Service]:
    """The services that serve people."""
    return {name: service for name, service in services().items() if service.is_server}


def image_environment() -> dict[str, str]:
    """What our image sets for its program, of ours."""
    *_, kept = stages_of((DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return {name: value for name, value in kept.environment.items() if name.startswith("PALAVER_")}
