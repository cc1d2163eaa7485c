"""Discord's own description of its API, as a judge of what the bot sends.

Set `MORSEL_DISCORD_OPENAPI` to a copy of https://github.com/discord/discord-api-spec (specs/openapi.json); without it
nothing is judged, and pytest's first lines say so.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from simcord.types import HttpLogEntry

VARIABLE = "MORSEL_DISCORD_OPENAPI"
_HOME = "urn:discord"
_PARAMETER = re.compile(r"\{[^/]+\}")


@dataclass
class Document:
    """An OpenAPI document, whose schemas are compiled when they are first needed."""

    content: dict[str, Any] = field(repr=False)
    _validators: dict[str, jsonschema_rs.Validator] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Index the paths: the one with the fewest parameters is tried first."""
        _relax(self.content)
        self._registry = jsonschema_rs.Registry([(_HOME, self.content)])
        templates = sorted(self.content["paths"], key=lambda template: template.count("{"))
        self._paths = [(_pattern(template), template) for template in templates]

    def complaints(self, requests: Iterable[HttpLogEntry]) -> list[str]:
        """Return what is wrong with the requests, a line each."""
        return [complaint for request in requests for complaint in self._complaints(request)]

    def _complaints(self, request: HttpLogEntry) -> list[str]:
        where = f"{request.method} {request.path}"
        template = self._template(request)
        if template is None:
            return [f"{where}: there is no such operation"]
        operation = self.content["paths"][template][request.method.lower()]
        if request.json is None:
            is_missing = operation.get("requestBody", {}).get("required", False)
            return [f"{where}: the body is missing"] if is_missing else []
        if "requestBody" not in operation:
            return [f"{where}: there should be no body"]
        errors = self._validator(template, request.method.lower()).iter_errors(request.json)
        return [f"{where}: {error.message} at {error.instance_path}" for error in errors]

    def _template(self, request: HttpLogEntry) -> str | None:
        matching = (template for pattern, template in self._paths if pattern.fullmatch(request.path))
        return next((each for each in matching if request.method.lower() in self.content["paths"][each]), None)

    def _validator(self, template: str, method: str) -> jsonschema_rs.Validator:
        path = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
        pointer = f"{_HOME}#/paths/{path}/{method}/requestBody/content/application~1json/schema"
        if pointer not in self._validators:
            schema = {"$ref": pointer}
            self._validators[pointer] = jsonschema_rs.Draft202012Validator(schema, registry=self._registry)
        return self._validators[pointer]


@cache
def document() -> Document | None:
    """Return Discord's document, read once a process; None where no one named it."""
    name = os.environ.get(VARIABLE)
    return Document(json.loads(Path(name).read_text(encoding="utf-8"))) if name else None


def complaints(requests: Iterable[HttpLogEntry]) -> list[str]:
    """Return what Discord's document says against the requests; nothing where no one named it."""
    judge = document()
    return judge.complaints(requests) if judge else []


def header() -> str:
    """Say whether requests are judged."""
    state = "every request is checked" if os.environ.get(VARIABLE) else f"off, for {VARIABLE} isn't set"
    return f"Discord's OpenAPI document: {state}"


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PARAMETER.sub("[^/]+", template))


def _relax(content: dict[str, Any]) -> None:
    """Let ids be numbers: Discord takes both, and discord.py sends both."""
    content["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
