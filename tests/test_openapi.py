from typing import Any

import pytest
from simcord.types import HttpLogEntry

from tests.openapi import VARIABLE, Document, document, header

SMALL: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/channels/{channel_id}/messages": {
            "get": {},
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}},
                }
            },
        },
        "/channels/{channel_id}/{anything}": {"put": {}},
    },
    "components": {
        "schemas": {
            "SnowflakeType": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
            "Message": {
                "type": "object",
                "properties": {
                    "content": {"type": "string", "maxLength": 5},
                    "user": {"$ref": "#/components/schemas/SnowflakeType"},
                },
            },
        }
    },
}


def request(method: str, path: str, body: object = None) -> HttpLogEntry:
    """Return a request as simcord logs it."""
    return HttpLogEntry(method, path, {}, body, None)


@pytest.mark.parametrize(
    ("sent", "complaint"),
    [
        (request("POST", "/channels/1/messages", {"content": "short"}), None),
        (request("POST", "/channels/1/messages", {"user": 17}), None),
        (request("POST", "/channels/1/messages", {"user": "17"}), None),
        (request("GET", "/channels/1/messages"), None),
        (request("POST", "/channels/1/messages", {"content": "too long"}), "longer than 5"),
        (request("POST", "/channels/1/messages", {"user": "somebody"}), "does not match"),
        (request("POST", "/channels/1/messages", {"user": None}), "not of types"),
        (request("POST", "/channels/1/messages"), "the body is missing"),
        (request("PUT", "/channels/1/pins", {"content": "x"}), "there should be no body"),
        (request("POST", "/channels/1/2/3"), "there is no such operation"),
        (request("DELETE", "/channels/1/messages"), "there is no such operation"),
    ],
)
def test_a_request_is_judged(sent: HttpLogEntry, complaint: str | None) -> None:
    complaints = Document(SMALL).complaints([sent])

    assert len(complaints) == (complaint is not None)
    assert (complaint or "") in "".join(complaints)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/channels/1/messages", {"content": "x" * 4_001}),
        ("/channels/1/messages", {"nonce": "n" * 26}),
        ("/channels/1/messages", {"components": [{"type": 1, "components": [{"type": 2, "style": 99}]}]}),
        ("/channels/1/threads", {"name": "x" * 101, "message": {"content": "Why?"}}),
        ("/interactions/1/token/callback", {"type": 99}),
        ("/webhooks/1/token", {"content": 7}),
    ],
)
def test_discords_own_document_refuses_what_discord_refuses(path: str, body: object) -> None:
    judge = document()
    if judge is None:
        pytest.skip(f"{VARIABLE} isn't set")

    assert judge.complaints([request("POST", path, body)])


def test_the_header_says_whether_it_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "openapi.json")
    assert "every request is checked" in header()
    monkeypatch.delenv(VARIABLE)
    assert "off" in header()
