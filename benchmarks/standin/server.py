"""The stand-in's two doors: REST under `/api/v10`, and the gateway behind it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from time import perf_counter
from typing import Any, Final

from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler

from benchmarks.standin.world import (
    BOT_ID,
    COMPONENT,
    GUILD_ID,
    MODAL_SUBMIT,
    Interaction,
    Payload,
    Refused,
    World,
    user,
)

BODY: Final[web.RequestKey[Any]] = web.RequestKey("body", object)
"""Where a request keeps what its JSON says."""
TOKEN: Final = "stand-in"  # noqa: S105 - opens nothing
BASE: Final = "/api/v10"
UPDATE_MESSAGE, THINKING = 6, 5
DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID, HELLO, HEARTBEAT_ACK = 0, 1, 2, 6, 9, 10, 11
"""Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway"""


@dataclass(frozen=True, slots=True)
class Call:
    """One REST call of the bot; `number` counts from 0."""

    number: int
    method: str
    path: str
    body: Payload = field(repr=False)


Hook = Callable[[Call], Awaitable[None]]


async def _let_pass(_call: Call) -> None:
    """Let a call pass."""


class StandIn:
    """A server in the running event loop; open it with `standing_in`.

    `before` sees each call before it takes effect and `after` once it has, before it is answered: whoever ends the bot
    there ends it at one exact moment.
    """

    def __init__(self, world: World) -> None:
        """Stand before a world."""
        self.world = world
        self.url = ""
        self.calls: list[Call] = []
        self.ready_at: list[float] = []
        self.before: Hook = _let_pass
        self.after: Hook = _let_pass
        self._sockets: set[web.WebSocketResponse] = set()
        self._sequence = 0
        self._changed = asyncio.Event()

    def environment(self) -> dict[str, str]:
        """Return the settings that point the bot here."""
        return {"DISCORD_API_BASE": self.url, "DISCORD_TOKEN": TOKEN}

    def count(self, method: str, ending: str) -> int:
        """Count the calls of a method whose path ends so."""
        return sum(call.method == method and call.path.endswith(ending) for call in self.calls)

    async def until(self, condition: Callable[[], object], seconds: float = 20) -> None:
        """Wait until something has become true by what the bot did.

        Raises:
            TimeoutError: it didn't.
        """
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def submit(self, user_id: int, custom_id: str, fields: dict[str, str | list[str]]) -> Interaction:
        """Send a filled form to the bot; a list is what was chosen in a select."""
        components = [{"type": 18, "id": 1, "component": _filled(name, value)} for name, value in fields.items()]
        interaction = self.world.interact(
            MODAL_SUBMIT, user_id, {"custom_id": custom_id, "components": components, "resolved": {}}
        )
        await self._dispatch("INTERACTION_CREATE", interaction.payload)
        return interaction

    async def press(self, user_id: int, message: Payload, custom_id: str) -> Interaction:
        """Press a button of a message."""
        data = {"custom_id": custom_id, "component_type": 2, "id": 1}
        interaction = self.world.interact(COMPONENT, user_id, data, message)
        await self._dispatch("INTERACTION_CREATE", interaction.payload)
        return interaction

    async def _dispatch(self, event: str, payload: Payload) -> None:
        for socket in tuple(self._sockets):
            await self._tell(socket, event, payload)

    async def _tell(self, socket: web.WebSocketResponse, event: str, payload: Payload) -> None:
        self._sequence += 1
        try:
            await socket.send_json({"op": DISPATCH, "t": event, "s": self._sequence, "d": payload})
        except ConnectionError:
            self._sockets.discard(socket)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41_250}})
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._hear(socket, json.loads(message.data))
        finally:
            self._sockets.discard(socket)
        return socket

    async def _hear(self, socket: web.WebSocketResponse, said: Payload) -> None:
        match said["op"]:
            case int(op) if op == HEARTBEAT:
                await socket.send_json({"op": HEARTBEAT_ACK})
            case int(op) if op == RESUME:
                await socket.send_json({"op": INVALID, "d": False})
            case int(op) if op == IDENTIFY:
                await self._welcome(socket)

    async def _welcome(self, socket: web.WebSocketResponse) -> None:
        ready = {
            "v": 10, "user": user(BOT_ID), "session_id": "session", "application": {"id": str(BOT_ID), "flags": 0},
            "resume_gateway_url": self.url.replace("http", "ws", 1).replace(BASE, "/gateway"),
            "guilds": [{"id": str(GUILD_ID), "unavailable": True}],
        }  # fmt: skip
        await self._tell(socket, "READY", ready)
        await self._tell(socket, "GUILD_CREATE", self.world.guild())
        self._sockets.add(socket)
        self.ready_at.append(perf_counter())
        self._changed.set()

    @web.middleware
    async def _watched(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(BASE):
            return await handler(request)
        if request.headers.get("Authorization", f"Bot {TOKEN}") != f"Bot {TOKEN}":
            return _refusal(Refused(401, 0))
        call = Call(len(self.calls), request.method, request.path.removeprefix(BASE), await _body(request))
        self.calls.append(call)
        await self.before(call)
        request[BODY] = call.body
        try:
            response = await handler(request)
        except Refused as refused:
            response = _refusal(refused)
        await self.after(call)
        self._changed.set()
        return response

    async def _get_commands(self, _request: web.Request) -> web.Response:
        return _said(self.world.commands)

    async def _put_commands(self, request: web.Request) -> web.Response:
        more = {"application_id": str(BOT_ID), "version": "1", "default_member_permissions": None}
        self.world.commands = [
            {"description": "", "type": 1, **more, **each, "id": str(self.world.snowflake())} for each in request[BODY]
        ]
        return _said(self.world.commands)

    async def _acknowledge(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        if interaction.acknowledged_at is not None:
            raise Refused(400, 40060)
        interaction.acknowledged_at = perf_counter()
        body = request[BODY]
        if body["type"] not in {UPDATE_MESSAGE, THINKING}:
            interaction.reply(body.get("data") or {})
        return _said({"interaction": {"id": interaction.payload["id"], "type": interaction.payload["type"]}})

    async def _follow_up(self, request: web.Request) -> web.Response:
        interaction = self._interaction(request)
        interaction.reply(request[BODY])
        channel_id = int(interaction.payload["channel_id"])
        return _said(self.world.whispered(channel_id, request[BODY]))

    def _interaction(self, request: web.Request) -> Interaction:
        try:
            return self.world.interactions[request.match_info["token"]]
        except KeyError:
            raise Refused(404, 10062) from None

    async def _open_direct_channel(self, request: web.Request) -> web.Response:
        return _said(self.world.direct_channel(int(request[BODY]["recipient_id"])))

    async def _get_channel(self, request: web.Request) -> web.Response:
        return _said(self.world.channels[_number(request, "channel")])

    async def _get_messages(self, request: web.Request) -> web.Response:
        return _said(self.world.history(_number(request, "channel"), request.query))

    async def _get_message(self, request: web.Request) -> web.Response:
        return _said(self.world.message(_number(request, "channel"), _number(request, "message")))

    async def _write(self, request: web.Request) -> web.Response:
        message, is_new = self.world.write(_number(request, "channel"), request[BODY])
        channel = self.world.channels[_number(request, "channel")]
        if is_new and "guild_id" in channel:
            await self._dispatch("MESSAGE_CREATE", {**message, "guild_id": channel["guild_id"]})
        return _said({**message, "nonce": request[BODY].get("nonce")})

    async def _open_thread(self, request: web.Request) -> web.Response:
        message_id = int(request.match_info["message"]) if "message" in request.match_info else None
        thread = self.world.open_thread(_number(request, "channel"), request[BODY], message_id)
        await self._dispatch("THREAD_CREATE", {**thread, "newly_created": True})
        return _said(thread)

    async def _add_member(self, request: web.Request) -> web.Response:
        self.world.members_added.add((_number(request, "channel"), _number(request, "user")))
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _active_threads(self, _request: web.Request) -> web.Response:
        return _said({"threads": self.world.threads, "members": []})

    def application(self) -> web.Application:
        """Return the server's routes."""
        channel, message = f"{BASE}/channels/{{channel}}", f"{BASE}/channels/{{channel}}/messages/{{message}}"
        webhook, commands = f"{BASE}/webhooks/{BOT_ID}/{{token}}", f"{BASE}/applications/{BOT_ID}/commands"
        app = web.Application(middlewares=[self._watched])
        app.add_routes([
            web.get("/gateway", self._gateway),
            web.get(f"{BASE}/users/@me", _me),
            web.get(f"{BASE}/oauth2/applications/@me", _application),
            web.get(commands, self._get_commands),
            web.put(commands, self._put_commands),
            web.post(f"{BASE}/interactions/{{id}}/{{token}}/callback", self._acknowledge),
            web.post(webhook, self._follow_up),
            web.patch(f"{webhook}/messages/@original", self._follow_up),
            web.post(f"{BASE}/users/@me/channels", self._open_direct_channel),
            web.get(channel, self._get_channel),
            web.patch(channel, self._get_channel),
            web.get(f"{channel}/messages", self._get_messages),
            web.post(f"{channel}/messages", self._write),
            web.get(message, self._get_message),
            web.post(f"{message}/threads", self._open_thread),
            web.post(f"{channel}/threads", self._open_thread),
            web.put(f"{channel}/thread-members/{{user}}", self._add_member),
            web.get(f"{BASE}/guilds/{GUILD_ID}/threads/active", self._active_threads),
        ])  # fmt: skip
        return app


@asynccontextmanager
async def standing_in(world: World | None = None) -> AsyncIterator[StandIn]:
    """Stand in for Discord on a free port of this machine while the block lasts."""
    stand_in = StandIn(world or World())
    # A bot that was killed leaves its connections open; nobody should wait for them.
    runner = web.AppRunner(stand_in.application(), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        stand_in.url = f"http://{host}:{port}{BASE}"
        yield stand_in
    finally:
        await runner.cleanup()


async def _me(_request: web.Request) -> web.Response:
    return _said(user(BOT_ID))


async def _application(_request: web.Request) -> web.Response:
    return _said({
        "id": str(BOT_ID), "name": "Morsel", "description": "", "icon": None, "bot_public": False, "flags": 0,
        "bot_require_code_grant": False, "owner": user(1), "team": None, "verify_key": "",
    })  # fmt: skip


async def _body(request: web.Request) -> Any:  # noqa: ANN401 - whatever JSON holds
    if request.content_type == "multipart/form-data":
        form = await request.post()
        return json.loads(str(form["payload_json"]))
    text = await request.text()
    return json.loads(text) if text else {}


def _said(payload: object) -> web.Response:
    # discord.py reads JSON only under exactly this type, without a character set.
    return web.Response(body=json.dumps(payload).encode(), headers={"Content-Type": "application/json"})


def _refusal(refused: Refused) -> web.Response:
    response = _said({"code": refused.code, "message": "refused"})
    response.set_status(refused.status)
    return response


def _number(request: web.Request, name: str) -> int:
    return int(request.match_info[name])


def _filled(name: str, value: str | list[str]) -> Payload:
    if isinstance(value, list):
        return {"type": 3, "id": 2, "custom_id": name, "values": value}
    return {"type": 4, "id": 2, "custom_id": name, "value": value}
