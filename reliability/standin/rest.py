"""The stand-in's REST: what Morsel calls under `/api/v10`, and the refusals that Discord answers with."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

from aiohttp import web

from reliability.standin.refusals import Refused, Throttled
from reliability.standin.world import (
    ARCHIVED,
    BOT_ID,
    GUILD_ID,
    PRIVATE_THREAD,
    UNKNOWN_INTERACTION,
    UNKNOWN_WEBHOOK,
    Interaction,
    Payload,
    World,
    member,
    user,
)

BODY: Final[web.RequestKey[Any]] = web.RequestKey("body", object)
"""Where a request keeps what its JSON says."""
BASE: Final = "/api/v10"
THINKING, UPDATE_LATER, UPDATE, FORM = 5, 6, 7, 9
"""Source: https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object"""

Dispatch = Callable[[str, Payload], Awaitable[None]]
"""Tells the bot an event through the gateway."""


class Rest:
    """The handlers of REST over a world; what they change, the gateway tells."""

    def __init__(self, world: World, dispatch: Dispatch) -> None:
        """Stand before a world."""
        self._world = world
        self._dispatch = dispatch

    def routes(self) -> list[web.RouteDef]:
        """Return everything that can be called."""
        return [*self._interaction_routes(), *self._channel_routes(), *self._thread_routes(), *self._guild_routes()]

    async def write(self, channel_id: int, body: Payload, author_id: int = BOT_ID) -> Payload:
        """Write a message, which opens an archived thread again, and tell it where it is in the community.

        Raises:
            Refused: there is no such channel, or the person takes no direct messages.
        """
        channel = self._world.channel(channel_id)
        if _is_archived(channel):
            await self._edit_thread(channel_id, {"archived": False})
        message, is_new = self._world.write(channel_id, body, author_id)
        if is_new and "guild_id" in channel:
            whose = {} if author_id == BOT_ID else {"member": member(author_id)}
            await self._dispatch("MESSAGE_CREATE", {**message, **whose, "guild_id": channel["guild_id"]})
        return message

    def _interaction_routes(self) -> list[web.RouteDef]:
        webhook = f"{BASE}/webhooks/{BOT_ID}/{{token}}"
        return [
            web.post(f"{BASE}/interactions/{{id}}/{{token}}/callback", self._acknowledge),
            web.post(webhook, self._follow_up),
            web.get(f"{webhook}/messages/@original", self._get_original),
            web.patch(f"{webhook}/messages/@original", self._edit_original),
            web.delete(f"{webhook}/messages/@original", self._no_content),
        ]

    def _channel_routes(self) -> list[web.RouteDef]:
        channel, message = f"{BASE}/channels/{{channel}}", f"{BASE}/channels/{{channel}}/messages/{{message}}"
        return [
            web.post(f"{BASE}/users/@me/channels", self._open_direct_channel),
            web.get(channel, self._get_channel),
            web.patch(channel, self._edit_channel),
            web.get(f"{channel}/messages", self._get_messages),
            web.post(f"{channel}/messages", self._write),
            web.get(message, self._get_message),
            web.patch(message, self._edit_message),
            web.delete(message, self._delete_message),
            web.put(f"{channel}/messages/pins/{{message}}", self._no_content),
        ]

    def _thread_routes(self) -> list[web.RouteDef]:
        channel = f"{BASE}/channels/{{channel}}"
        return [
            web.post(f"{channel}/messages/{{message}}/threads", self._open_thread),
            web.post(f"{channel}/threads", self._open_thread),
            web.get(f"{channel}/threads/archived/{{kind}}", self._archived_threads),
            # Those the bot is in; it opened every private one, so these are the same.
            web.get(f"{channel}/users/@me/threads/archived/{{kind}}", self._archived_threads),
            web.put(f"{channel}/thread-members/{{user}}", self._add_member),
            web.delete(f"{channel}/thread-members/{{user}}", self._remove_member),
            web.get(f"{BASE}/guilds/{GUILD_ID}/threads/active", self._active_threads),
        ]

    def _guild_routes(self) -> list[web.RouteDef]:
        commands = f"{BASE}/applications/{BOT_ID}/commands"
        return [
            web.get(f"{BASE}/users/@me", self._get_me),
            web.get(f"{BASE}/oauth2/applications/@me", self._get_application),
            web.get(commands, self._get_commands),
            web.put(commands, self._put_commands),
            web.get(f"{BASE}/guilds/{GUILD_ID}/members/{{user}}", self._get_member),
        ]

    async def _acknowledge(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        if interaction.acknowledged_at is not None:
            raise Refused(400, 40060)
        patience = self._world.acknowledged_within
        if patience is not None and perf_counter() - interaction.sent_at > patience:
            raise Refused(404, UNKNOWN_INTERACTION)
        interaction.acknowledged_at = perf_counter()
        body = request[BODY]
        kind, data = int(body["type"]), body.get("data") or {}
        interaction.changes_source = kind in {UPDATE_LATER, UPDATE}
        if kind == FORM:
            interaction.open(data)
        elif kind == UPDATE:
            interaction.reply(data)
            self._world.edit(interaction.payload["message"], data)
        elif kind not in {THINKING, UPDATE_LATER}:
            self._show(interaction, data)
        return said({"interaction": {"id": interaction.payload["id"], "type": interaction.payload["type"]}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        return said(self._show(self._acknowledged(request), request[BODY]))

    async def _get_original(self, request: web.Request) -> web.Response:
        return said(self._original(self._acknowledged(request)))

    async def _edit_original(self, request: web.Request) -> web.Response:
        interaction = self._acknowledged(request)
        if not interaction.changes_source and not interaction.shown:
            return said(self._show(interaction, request[BODY]))
        message = self._original(interaction)
        if _is_archived(self._world.channel(int(message["channel_id"]))):
            raise Refused(400, ARCHIVED)
        return said(self._world.edit(message, request[BODY]))

    def _original(self, interaction: Interaction) -> Payload:
        message: Payload = interaction.payload["message"] if interaction.changes_source else interaction.shown[0]
        return message

    def _show(self, interaction: Interaction, body: Payload) -> Payload:
        message = self._world.whispered(int(interaction.payload["channel_id"]), body)
        interaction.shown.append(message)
        interaction.reply(body)
        return message

    def _interaction(self, request: web.Request) -> Interaction:
        try:
            return self._world.interactions[request.match_info["token"]]
        except KeyError:
            raise Refused(404, UNKNOWN_INTERACTION) from None

    def _acknowledged(self, request: web.Request) -> Interaction:
        """Return an interaction that may be answered further: Discord makes its webhook with the acknowledgement."""
        interaction = self._interaction(request)
        if interaction.acknowledged_at is None:
            raise Refused(404, UNKNOWN_WEBHOOK)
        return interaction

    async def _open_direct_channel(self, request: web.Request) -> web.Response:
        return said(self._world.direct_channel(int(request[BODY]["recipient_id"])))

    async def _get_channel(self, request: web.Request) -> web.Response:
        return said(self._world.channel(_number(request, "channel")))

    async def _edit_channel(self, request: web.Request) -> web.Response:
        channel = self._world.channel(_number(request, "channel"))
        if "thread_metadata" in channel:
            await self._edit_thread(int(channel["id"]), request[BODY])
        return said(channel)

    async def _get_messages(self, request: web.Request) -> web.Response:
        return said(self._world.history(_number(request, "channel"), request.query))

    async def _get_message(self, request: web.Request) -> web.Response:
        return said(self._world.message(_number(request, "channel"), _number(request, "message")))

    async def _write(self, request: web.Request) -> web.Response:
        message = await self.write(_number(request, "channel"), request[BODY])
        return said({**message, "nonce": request[BODY].get("nonce")})

    async def _edit_message(self, request: web.Request) -> web.Response:
        message = self._world.message(_number(request, "channel"), _number(request, "message"))
        self._require_active(request)
        return said(self._world.edit(message, request[BODY]))

    async def _delete_message(self, request: web.Request) -> web.Response:
        self._world.delete(_number(request, "channel"), _number(request, "message"))
        return await self._no_content(request)

    async def _open_thread(self, request: web.Request) -> web.Response:
        message_id = int(request.match_info["message"]) if "message" in request.match_info else None
        thread = self._world.open_thread(_number(request, "channel"), request[BODY], message_id)
        await self._dispatch("THREAD_CREATE", {**thread, "newly_created": True})
        return said(thread)

    async def _edit_thread(self, thread_id: int, body: Payload) -> None:
        await self._dispatch("THREAD_UPDATE", self._world.edit_thread(thread_id, body))

    async def _add_member(self, request: web.Request) -> web.Response:
        self._require_active(request)
        self._world.members_added.add((_number(request, "channel"), _number(request, "user")))
        return await self._no_content(request)

    async def _remove_member(self, request: web.Request) -> web.Response:
        self._require_active(request)
        self._world.members_added.discard((_number(request, "channel"), _number(request, "user")))
        return await self._no_content(request)

    def _require_active(self, request: web.Request) -> None:
        """Refuse what can't be done to an archived thread, other than to write in it or to open it again.

        Source: https://discord.com/developers/docs/resources/channel#add-thread-member
        """
        if _is_archived(self._world.channel(_number(request, "channel"))):
            raise Refused(400, ARCHIVED)

    async def _active_threads(self, _request: web.Request) -> web.Response:
        return said({"threads": self._world.active_threads, "members": []})

    async def _archived_threads(self, request: web.Request) -> web.Response:
        is_private = request.match_info["kind"] == "private"
        parent = request.match_info["channel"]
        found = [
            each
            for each in self._world.threads
            if _is_archived(each) and each["parent_id"] == parent and (each["type"] == PRIVATE_THREAD) == is_private
        ]
        return said({"threads": found[::-1], "members": [], "has_more": False})

    async def _get_commands(self, _request: web.Request) -> web.Response:
        return said(self._world.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        more = {"application_id": str(BOT_ID), "version": "1", "default_member_permissions": None}
        self._world.commands = [
            {"description": "", "type": 1, **more, **each, "id": str(self._world.snowflake())} for each in request[BODY]
        ]
        return said(self._world.commands)

    async def _get_member(self, request: web.Request) -> web.Response:
        return said(member(_number(request, "user")))

    async def _get_me(self, _request: web.Request) -> web.Response:
        return said(user(BOT_ID))

    async def _get_application(self, _request: web.Request) -> web.Response:
        return said({
            "id": str(BOT_ID), "name": "Morsel", "description": "", "icon": None, "bot_public": False, "flags": 0,
            "bot_require_code_grant": False, "owner": user(1), "team": None, "verify_key": "",
        })  # fmt: skip

    async def _no_content(self, _request: web.Request) -> web.Response:
        return web.Response(status=HTTPStatus.NO_CONTENT)


async def read_body(request: web.Request) -> Any:  # noqa: ANN401 - anything JSON holds
    """Return what a request's JSON says, an empty object where there is none; files' texts are beside it, by name.

    What of a file is no text, as in a PDF, is replaced.
    """
    if request.content_type == "multipart/form-data":
        form = await request.post()
        fields = [each for each in form.values() if isinstance(each, web.FileField)]
        files = {each.filename: each.file.read().decode(errors="replace") for each in fields}
        return {**json.loads(str(form["payload_json"])), "files": files}
    text = await request.text()
    return json.loads(text) if text else {}


def said(payload: object) -> web.Response:
    """Return an answer; discord.py reads JSON only under exactly this type, without a character set."""
    return web.Response(body=json.dumps(payload).encode(), headers={"Content-Type": "application/json"})


def refusal(refused: Refused) -> web.Response:
    """Return a refusal as Discord words it."""
    more = {"retry_after": refused.retry_after, "global": False} if isinstance(refused, Throttled) else {}
    response = said({"code": refused.code, "message": "refused", **more})
    response.set_status(refused.status)
    if isinstance(refused, Throttled):
        # discord.py takes a limit without it for one of Cloudflare's.
        response.headers["Via"] = "1.1 google"
    return response


def _is_archived(channel: Payload) -> bool:
    return bool(channel.get("thread_metadata", {}).get("archived"))


def _number(request: web.Request, name: str) -> int:
    return int(request.match_info[name])
