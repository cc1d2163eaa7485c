"""What tests of `/profile` look at: the card, the form, the rows."""

from typing import Any

from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from bot.ui import render
from models import Member, Statement
from tests.cogs.conftest import World

WORDS = "A line that took time to write"


async def card(world: World, actor: MemberActor, **options: str) -> ResponseMessage:
    """Return what `/profile` shows."""
    shown = (await actor.slash(world.channel, "profile", **options)).response
    assert shown is not None
    return shown


async def form(world: World, actor: MemberActor) -> dict[str, str]:
    """Return what stands in the form before anything is typed."""
    shown = await actor.click(await card(world, actor), custom_id="profile1:edit:0")
    assert shown.modal is not None
    fields = [label["component"] for label in shown.modal["components"]]
    return {field["custom_id"]: prefilled(field) for field in fields}


def prefilled(field: dict[str, Any]) -> str:
    chosen = [option["value"] for option in field.get("options", ()) if option.get("default")]
    return chosen[0] if chosen else field.get("value") or ""


async def kept(world: World, actor: MemberActor) -> tuple[Member, list[Statement]]:
    """Return the rows of someone who has used Morsel."""
    async with world.app.database.read() as work:
        member = await work.members.find(world.guild.id, actor.id)
        assert member is not None
        return member, list(await work.statements.of(member.id))


async def ids(world: World, actor: MemberActor) -> dict[str, str]:
    """Return the ids of someone's statements by their words."""
    _, statements = await kept(world, actor)
    return {each.text: str(each.id) for each in statements}


def refusal(key: str, **params: object) -> str:
    """Return a sentence that quotes what was typed."""
    return render.words(key, "en", params)


async def given_back(answer: InteractionResult) -> str:
    """Return the words a refusal gave back as a file."""
    shown = answer.followups[-1] if answer.followups else answer.response
    assert shown is not None
    (file,) = shown.attachments
    return (await file.read()).decode()
