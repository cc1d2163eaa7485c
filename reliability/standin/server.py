"""The stand-in's two doors: REST under `/api/v10`, and the gateway behind it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final

from aiohttp import WSMsgType, web
from aiohttp.typedefs import Handler

from reliability.standin.refusals import Cut, Refused
from reliability.standin.rest import BASE, BODY, Rest, read_body, refusal
from reliability.standin.world import (
    BOT_ID,
    COMMAND,
    COMPONENT,
    GUILD_ID,
    MODAL_SUBMIT,
    Interaction,
    Payload,
    World,
    user,
)

TOKEN: Final = "stand-in"  # noqa: S105 - opens nothing
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


async def unharmed(_call: Call) -> None:
    """Let a call pass."""


class StandIn:
    """A server in the running event loop; open it with `standing_in`.

    `before` sees each call before it takes effect and `after` once it has, before it is answered: one that ends the bot
    there ends it at one exact moment, and what they raise (`Refused`, `Throttled`, `Cut`) is what the bot gets instead.
    """

    def __init__(self, world: World) -> None:
        """Stand before a world."""
        self.world = world
        self.url = ""
        self.calls: list[Call] = []
        self.unknown_calls: list[Call] = []
        """Calls that this stand-in has no answer for."""
        self.underway = 0
        """Calls that aren't answered yet."""
        self.ready_at: list[float] = []
        self.closes_with: int | None = None
        """The code with which every bot that identifies is sent away."""
        self.before: Hook = unharmed
        self.after: Hook = unharmed
        self._sockets: set[web.WebSocketResponse] = set()
        self._sequence = 0
        self._changed = asyncio.Event()
        self._rest = Rest(world, self._dispatch)
        self._files: dict[str, bytes] = {}

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

    async def use(self, user_id: int, command: Payload, channel_id: int) -> Interaction:
        """Use one of the bot's slash commands, without any option."""
        data = {"id": command["id"], "name": command["name"], "type": command["type"], "options": []}
        return await self._tell_about(self.world.interact(COMMAND, user_id, data, channel_id=channel_id))

    async def submit(
        self, user_id: int, custom_id: str, fields: dict[str, str | list[str]], message: Payload | None = None
    ) -> Interaction:
        """Send a filled form to the bot; a list is what was chosen in a select.

        The `message` is the one whose button opened the form, where one did.
        """
        components = [{"type": 18, "id": 1, "component": _filled(name, value)} for name, value in fields.items()]
        data = {"custom_id": custom_id, "components": components, "resolved": {}}
        return await self.send_form(user_id, data, message)

    async def send_form(self, user_id: int, data: Payload, message: Payload | None = None) -> Interaction:
        """Send a filled form to the bot as a client words it."""
        return await self._tell_about(self.world.interact(MODAL_SUBMIT, user_id, data, message))

    async def press(self, user_id: int, message: Payload, custom_id: str) -> Interaction:
        """Press a button of a message."""
        return await self.choose(user_id, message, {"custom_id": custom_id, "component_type": 2, "id": 1})

    async def choose(self, user_id: int, message: Payload, data: Payload) -> Interaction:
        """Use a button or a select of a message as a client words it."""
        return await self._tell_about(self.world.interact(COMPONENT, user_id, data, message))

    def attach(self, name: str, content: bytes) -> Payload:
        """Let a person upload a file, and return it as a form has it."""
        file_id = str(self.world.snowflake())
        self._files[file_id] = content
        url = self.url.replace(BASE, f"/attachments/{file_id}/{name}")
        return {"id": file_id, "filename": name, "size": len(content), "url": url, "proxy_url": url}

    async def say(self, user_id: int, channel_id: int) -> Payload:
        """Write a person's message; a bot without the intent for it never gets the words.

        Raises:
            Refused: there is no such channel.
        """
        return await self._rest.write(channel_id, {}, user_id)

    async def send_away(self, code: int) -> None:
        """Close every connection with a code, now and whenever a bot identifies again."""
        self.closes_with = code
        for socket in tuple(self._sockets):
            await socket.close(code=code)

    async def shut(self, thread_id: int, **changed: bool) -> None:
        """Let a moderator archive or lock a thread, or open it again."""
        await self._dispatch("THREAD_UPDATE", self.world.edit_thread(thread_id, changed))

    async def delete(self, channel_id: int, message_id: int) -> None:
        """Let a person delete a message."""
        self.world.delete(channel_id, message_id)
        ids = {"id": str(message_id), "channel_id": str(channel_id), "guild_id": str(GUILD_ID)}
        await self._dispatch("MESSAGE_DELETE", ids)

    async def delete_channel(self, channel_id: int) -> None:
        """Let a moderator delete a channel: Discord tells of it alone, and not of the threads in it."""
        gone = self.world.channels.pop(channel_id)
        for each in self.world.threads:
            if each["parent_id"] == gone["id"]:
                del self.world.channels[int(each["id"])]
        await self._dispatch("CHANNEL_DELETE", gone)

    async def hide(self, channel_id: int, refused: Refused | None) -> None:
        """Take a channel from the bot's sight, which REST then denies so, or (None) give it back."""
        if refused is None:
            del self.world.hidden[channel_id]
        else:
            self.world.hidden[channel_id] = refused
        await self._dispatch("CHANNEL_UPDATE", self.world.told(self.world.channels[channel_id]))

    async def outage(self) -> None:
        """Let the community be away with an outage of Discord's."""
        await self._dispatch("GUILD_DELETE", {"id": str(GUILD_ID), "unavailable": True})

    async def archive_idle(self) -> None:
        """Archive the threads in which nothing happened for as long as each wants, as Discord does."""
        for thread in self.world.archive_idle():
            await self._dispatch("THREAD_UPDATE", thread)

    async def _tell_about(self, interaction: Interaction) -> Interaction:
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

    async def _attachment(self, request: web.Request) -> web.Response:
        return web.Response(body=self._files[request.match_info["id"]])

    async def _hear(self, socket: web.WebSocketResponse, said: Payload) -> None:
        match said["op"]:
            case int(op) if op == HEARTBEAT:
                await socket.send_json({"op": HEARTBEAT_ACK})
            case int(op) if op == RESUME:
                await socket.send_json({"op": INVALID, "d": False})
            case int(op) if op == IDENTIFY:
                await self._welcome(socket)

    async def _welcome(self, socket: web.WebSocketResponse) -> None:
        if self.closes_with is not None:
            await socket.close(code=self.closes_with)
            return
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
            return refusal(Refused(401, 0))
        call = Call(len(self.calls), request.method, request.path.removeprefix(BASE), await read_body(request))
        self.calls.append(call)
        self.underway += 1
        try:
            return await self._answered(call, request, handler)
        finally:
            self.underway -= 1

    async def _answered(self, call: Call, request: web.Request, handler: Handler) -> web.StreamResponse:
        request[BODY] = call.body
        try:
            await self.before(call)
            response = await self._handled(call, request, handler)
            await self.after(call)
        except Refused as refused:
            response = refusal(refused)
        except Cut:
            response = refusal(Refused(500, 0))
            if request.transport is not None:
                request.transport.abort()
        self._changed.set()
        return response

    async def _handled(self, call: Call, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            return refusal(refused)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            self.unknown_calls.append(call)
            return refusal(Refused(404, 0))

    def application(self) -> web.Application:
        """Return the server."""
        app = web.Application(middlewares=[self._watched])
        attachment = web.get("/attachments/{id}/{name}", self._attachment)
        app.add_routes([web.get("/gateway", self._gateway), attachment, *self._rest.routes()])
        return app


@asynccontextmanager
async def standing_in(world: World | None = None) -> AsyncIterator[StandIn]:
    """Stand in for Discord on a free port of this machine while the block lasts."""
    stand_in = StandIn(world or World())
    # A bot that was killed leaves its connections open; no one should wait for them.
    runner = web.AppRunner(stand_in.application(), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        stand_in.url = f"http://{host}:{port}{BASE}"
        yield stand_in
    finally:
        await runner.cleanup()


def _filled(name: str, value: str | list[str]) -> Payload:
    if isinstance(value, list):
        return {"type": 3, "id": 2, "custom_id": name, "values": value}
    return {"type": 4, "id": 2, "custom_id": name, "value": value}
