"""The form of `/profile`: what stands in it, what it takes, what it gives back."""

import pytest

from bot.texts import say
from tests.cogs.conftest import STATEMENT, World, inbox, invitations, said
from tests.cogs.presses import arrive, filled
from tests.cogs.profiles import card, form, given_back, refusal

BEGIN = "Fill in my profile"


async def test_a_newcomer_is_asked_nothing_and_begins_with_an_empty_form(world: World) -> None:
    newcomer = world.join("nadia")

    shown = await newcomer.slash(world.channel, "profile")

    assert said(shown) == say("profile.empty")
    assert shown.response is not None
    opened = await newcomer.click(shown.response, label=BEGIN)
    assert opened.modal is not None
    assert await form(world, newcomer) == {
        "statements": "", "learning": "", "languages": "English", "clock": "", "rate": "one_a_day",
    }  # fmt: skip


async def test_what_is_filled_in_is_shown_and_stands_in_the_form(world: World) -> None:
    helper = world.join("nadia")

    answer = await world.fill_profile(
        helper, f"- {STATEMENT}\n\n• Grant writing", learning="Diffusion models", languages="fr, Kiswahili",
        clock="africa/nairobi 9-17:30", rate=["one_a_week"],
    )  # fmt: skip

    assert say("profile.open", rate=say("rate.one_a_week")) in said(answer)
    assert say("profile.languages", languages="French, Swahili") in said(answer)
    assert say("profile.clock", zone="Africa/Nairobi", now="13:00", begins="09:00", ends="17:30") in said(answer)
    assert "Diffusion models" in said(answer)
    assert await form(world, helper) == {
        "statements": f"{STATEMENT}\nGrant writing",
        "learning": "Diffusion models",
        "languages": "French, Swahili",
        "clock": "Africa/Nairobi 09:00-17:30",
        "rate": "one_a_week",
    }


async def test_saving_the_form_as_it_stands_changes_nothing(world: World) -> None:
    helper = await world.helper("nadia", f"{STATEMENT}\nGrant writing", languages="gaa, Northern Frisian", clock="20-2")
    before = await form(world, helper)

    await world.fill_profile(helper, **{**before, "rate": [before["rate"]]})  # type: ignore[arg-type]

    assert await form(world, helper) == before


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("nairobi", ["Africa/Nairobi"]),
        ("new y", ["America/New_York"]),
        ("no such place", []),
    ],
)
async def test_zones_are_offered_while_typing(world: World, typed: str, expected: list[str]) -> None:
    offered = await world.asker.autocomplete(world.channel, "profile", "zone", typed)

    assert [each["value"] for each in offered] == expected


async def test_at_most_25_zones_are_offered(world: World) -> None:
    assert len(await world.asker.autocomplete(world.channel, "profile", "zone", "")) == 25


async def test_a_zone_is_kept_by_itself(world: World) -> None:
    newcomer = world.join("nadia")

    first = await card(world, newcomer, zone="europe/paris")

    assert say("profile.empty") in first.content
    assert say("profile.zone_only", zone="Europe/Paris", now="11:00") in first.content
    assert (await form(world, newcomer))["clock"] == "Europe/Paris"


async def test_a_zone_nobody_knows_is_refused(world: World) -> None:
    helper = await world.helper("nadia", STATEMENT, clock="Europe/Paris 9-18")

    answer = await helper.slash(world.channel, "profile", zone="Mars/Olympus")

    assert said(answer) == refusal("profile.unknown_zone", zone="Mars/Olympus")
    assert len(world.env.errors) == 1
    assert (await form(world, helper))["clock"] == "Europe/Paris 09:00-18:00"


@pytest.mark.parametrize(
    ("typed", "key", "params"),
    [
        ({"clock": "Mars/Olympus 9-18"}, "profile.unknown_zone", {"zone": "Mars/Olympus"}),
        ({"clock": "Europe/Paris 9am"}, "profile.unknown_hours", {"hours": "Europe/Paris 9am"}),
        ({"clock": "9-25"}, "profile.unknown_hours", {"hours": "9-25"}),
        ({"clock": "9-5"}, "time.which_half", {"hours": "9-5"}),
        ({"languages": "English, Klingonese"}, "profile.unknown_language", {"language": "Klingonese"}),
        ({"languages": "en,fr,de,es,it,pt,sw,ar,hi,ja,zh"}, "profile.too_many_languages", {"limit": 10}),
        (
            {"statements": "\n".join(f"Idea {n}" for n in range(26))},
            "profile.too_many_statements",
            {"limit": 25, "count": 26},
        ),
        ({"statements": f"Short\n{'x' * 201}"}, "profile.statement_too_long", {"limit": 200, "length": 201}),
    ],
)
async def test_what_cannot_be_read_changes_nothing_and_is_given_back(
    world: World, typed: dict[str, str], key: str, params: dict[str, object]
) -> None:
    helper = await world.helper("nadia", STATEMENT, learning="Diffusion")
    before = await form(world, helper)

    answer = await world.fill_profile(
        helper, **{"statements": "A new line that took time to write", "learning": "Something else", **typed}
    )

    assert said(answer) == refusal(key, **params)
    assert typed.get("statements", "A new line that took time to write") in await given_back(answer)
    assert await form(world, helper) == before


async def test_what_is_learned_may_be_too_long_where_the_client_lets_it_through(world: World) -> None:
    (answer,) = await arrive(
        filled(world.asker, world.channel, "profile1:save:0", {"statements": "", "learning": "x" * 501})
    )

    assert said(answer) == say("profile.learning_too_long", longest=500)


async def test_thirty_lines_of_two_hundred_characters_fit(world: World) -> None:
    lines = "\n".join(f"{number:02} {'x' * 120}" for number in range(25))
    longest = "y" * 200

    await world.fill_profile(world.asker, longest)
    answer = await world.fill_profile(world.asker, lines)

    assert len(said(answer)) <= 2_000
    assert said(answer).endswith("…")
    assert (await form(world, world.asker))["statements"] == lines


@pytest.mark.parametrize("typed", ["English, French", "en; fr", "english/FRANÇAIS", "en and fr", "en\u060c fr"])
async def test_languages_are_read_however_they_are_written(world: World, typed: str) -> None:
    answer = await world.fill_profile(world.asker, STATEMENT, languages=typed)

    assert say("profile.languages", languages="English, French") in said(answer)


@pytest.mark.parametrize("statements", ["", "   \n \t ", "-\n•\n\u200b"])
async def test_saying_nothing_is_opting_out(world: World, statements: str) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    answer = await world.fill_profile(helper, statements)
    await world.ask()

    assert say("profile.empty") in said(answer)
    assert not invitations(helper)


async def test_a_form_with_nothing_in_it_at_all_is_fine(world: World) -> None:
    answer = await world.fill_profile(world.asker, "", languages="", clock="")

    assert said(answer) == say("profile.empty")
    assert len(inbox(world.asker)) == 0


async def test_never_is_opting_out_and_keeps_the_lines(world: World) -> None:
    helper = await world.helper("joaquim", STATEMENT)

    answer = await world.fill_profile(helper, STATEMENT, rate=["never"])
    await world.ask()

    assert say("profile.paused") in said(answer)
    assert STATEMENT in said(answer)
    assert not invitations(helper)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("**bold** and `code`", r"\*\*bold\*\* and \`code\`"),
        ("@everyone knows <@&1> and <@2>", r"\@everyone knows \<\@&1\> and \<\@2\>"),
        (
            "\u062a\u0639\u0644\u0645 \u0627\u0644\u0622\u0644\u0629",
            "\u062a\u0639\u0644\u0645 \u0627\u0644\u0622\u0644\u0629",
        ),
        ("👩🏽‍🔬 science", "👩🏽‍🔬 science"),
        ("# heading", "\\# heading"),
    ],
)
async def test_any_words_are_kept_shown_as_they_are_and_ping_nobody(world: World, written: str, shown: str) -> None:
    answer = await world.fill_profile(world.asker, written)

    assert f"- \u2068{shown}\u2069" in said(answer)
    assert (await form(world, world.asker))["statements"] == written
    assert all(
        request.json["allowed_mentions"]["parse"] == []
        for request in world.env.http_requests
        if isinstance(request.json, dict) and request.json.get("content")
    )
