"""Filling in all that the bot shows: forms, selects and buttons, known or not."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from reliability import community
from reliability.standin.world import Payload, leaves, user

BUTTON, SELECT, TEXT, USER_SELECT, FILE, RADIO, CHECKBOXES, CHECKBOX = 2, 3, 4, 5, 19, 21, 22, 23
"""Source: https://discord.com/developers/docs/components/reference#component-object-component-types"""
LABEL: Final = 18
LONGEST: Final = 4_000
"""Characters of a text input that says nothing about it."""
_LEFT_EMPTY, _LEFT_AS_IT_IS = 0.3, 0.7
"""How often what needn't be filled in isn't, and what is filled in already stays."""


class Filler:
    """Draws what a person fills in."""

    def __init__(
        self, draw: random.Random, people: Sequence[int], known: Mapping[str, Callable[[], str]] | None = None
    ) -> None:
        """Draw from these people where a person is to be chosen; fields of `known` names are filled so."""
        self._draw = draw
        self._people = people
        self._known = known or {}
        self.attach: Callable[[], Payload | None] = lambda: None
        """Draws a file, where there are any."""
        self._attached: dict[str, Payload] = {}

    def form(self, form: Payload) -> Payload:
        """Return a filled form as a client sends it."""
        filled = [self._filled(each) for each in leaves(form["components"]) if "custom_id" in each]
        components = [{"type": LABEL, "id": number, "component": each} for number, each in enumerate(filled, 1)]
        return {"custom_id": form["custom_id"], "components": components, "resolved": self._resolved(filled)}

    def press(self, component: Payload) -> Payload:
        """Return the use of a message's button or select as a client sends it."""
        used: Payload = {"custom_id": component["custom_id"], "component_type": component["type"], "id": 1}
        if component["type"] != BUTTON:
            chosen = self._filled(component)
            used |= {"values": chosen["values"], "resolved": self._resolved([chosen])}
        return used

    def question(self) -> str:
        """Return a question about what some helpers know."""
        words = ", ".join(community.lines(self._draw.randrange(1_000)))
        return f"How do I begin with {words}?"

    def _filled(self, component: Payload) -> Payload:
        filled: Payload = {"type": component["type"], "id": 1, "custom_id": component["custom_id"]}
        match component["type"]:
            case int(kind) if kind in {SELECT, CHECKBOXES}:
                return filled | {"values": self._chosen(component, [each["value"] for each in component["options"]])}
            case int(kind) if kind == USER_SELECT:
                return filled | {"values": self._chosen(component, list(map(str, self._people)))}
            case int(kind) if kind == FILE:
                return filled | {"values": self._files()}
            case int(kind) if kind == RADIO:
                return filled | {"value": self._draw.choice(component["options"])["value"]}
            case int(kind) if kind == CHECKBOX:
                return filled | {"value": self._draw.random() < 0.5}  # noqa: PLR2004 - a toss
            case _:
                return filled | {"value": self._text(component)}

    def _files(self) -> list[str]:
        attached = self.attach()
        self._attached = {} if attached is None else {str(attached["id"]): attached}
        return list(self._attached)

    def _chosen(self, component: Payload, values: list[str]) -> list[str]:
        if component["custom_id"] in self._known:
            return [self._known[component["custom_id"]]()]
        least, most = component.get("min_values", 1), min(component.get("max_values", 1), len(values))
        return self._draw.sample(values, self._draw.randint(min(least, most), most))

    def _text(self, component: Payload) -> str:
        if component["custom_id"] in self._known:
            return self._known[component["custom_id"]]()
        present = component.get("value") or ""
        if present and self._draw.random() < _LEFT_AS_IT_IS:
            return str(present)
        if not component.get("required", True) and self._draw.random() < _LEFT_EMPTY:
            return ""
        text = self.question()
        while len(text) < component.get("min_length", 0):
            text += f" {self.question()}"
        return text[: component.get("max_length", LONGEST)]

    def _resolved(self, filled: Sequence[Payload]) -> dict[str, Any]:
        chosen = [int(value) for each in filled if each["type"] == USER_SELECT for value in each["values"]]
        users: dict[str, Any] = {"users": {str(each): user(each) for each in chosen}} if chosen else {}
        has_file = any(each["type"] == FILE and each["values"] for each in filled)
        return users | ({"attachments": self._attached} if has_file else {})
