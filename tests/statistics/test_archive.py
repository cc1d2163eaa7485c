"""All panels as one file: the same safe tables, numbers as numbers, and nothing that a spreadsheet would run."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.domain.disclosure import FEW, Amount, Length, Level, Ratio, Share, table
from bot.domain.statistics import PanelName, PanelWish, Sentence, StatsPanel
from bot.domain.windows import Weeks
from bot.statistics.archive import COLUMNS, archive, written_table
from bot.statistics.worker import archived
from bot.store.engine import Database, create_engine
from bot.texts import say
from playground.year import FIRST_USER, Size, Year, year
from tests.statistics.conftest import COMMUNITY, NOW, UNTIL, Show, written

CELLS = (
    Amount(12), Share(0.25, 40, 0.125, 0.5), Length(43316.1, 5400.0, None), Ratio(2.5), Level(3), FEW,
)  # fmt: skip


async def files_of(url: str) -> dict[str, str]:
    database = Database(create_engine(url))
    try:
        packed = await archived(database, PanelWish(COMMUNITY, PanelName.OVERVIEW, 12, NOW, "UTC", "en"))
    finally:
        await database.close()
    with ZipFile(io.BytesIO(packed)) as found:
        assert found.testzip() is None
        return {name: found.read(name).decode() for name in found.namelist()}


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_numbers_are_numbers_in_columns_of_their_own() -> None:
    shown = table("flow", [f"c{number}" for number in range(len(CELLS))], [("2 Nov", CELLS)])

    found = read(written_table(shown, "en"))

    told = [{name: value for name, value in each.items() if value and name not in {"row", "column"}} for each in found]
    assert told == [
        {"count": "12"},
        {"part": "0.25", "low": "0.125", "high": "0.5", "of": "40"},
        {"low": "1.5", "hours": "12.0"},
        {"ratio": "2.5"},
        {"band": "3"},
        {"words": say("stats.few")},
    ]
    assert {each["row"] for each in found} == {"2 Nov"}


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@sum(A1)", "\t=1", "\r=1"])
def test_no_spreadsheet_takes_words_for_a_formula(words: str) -> None:
    (found,) = read(written_table(table("flow", (words,), [(words, (Amount(1),))]), "en"))

    assert found["row"] == found["column"] == f"'{words.strip()}"


def test_words_with_signs_of_csv_come_back_as_they_were() -> None:
    words = 'so, "they" say; and more'
    (found,) = read(written_table(table("flow", ("stats.now",), [(words, (Amount(1),))]), "en"))

    assert found["row"] == words


async def test_every_table_of_every_panel_is_in_it(drawn: Year, year_url: str, show: Show) -> None:
    files = await files_of(year_url)

    expected = {"README.md"}
    for name in PanelName:
        panel = await show(name, 12)
        for each in panel.tables:
            expected.add(place := f"{name}/{each.name}.csv")
            assert files[place] == written_table(each, "en")
            assert f"`{place}`" in files["README.md"]
        assert say(f"stats.panel.{name}") in files["README.md"]
    assert files.keys() == expected
    assert {tuple(text.splitlines()[0].split(",")) for name, text in files.items() if name != "README.md"} == {COLUMNS}
    assert "2026-09-07" in files["README.md"]


async def test_no_id_and_no_word_of_anyones_is_in_it(drawn: Year, year_url: str) -> None:
    whole = "\n".join((await files_of(year_url)).values())

    people = {each.id for each in drawn.people}
    ids = people | {FIRST_USER + each for each in people} | {each.id for each in drawn.questions}
    assert {int(each) for each in re.findall(r"(?<![\d.])\d+(?![\d.])", whole)} & ids == set()
    assert "Why does my code fail" not in whole


@pytest.mark.parametrize("size", [Size(2, 0, 10, 0), Size(3, 40, 30, 3), Size(4, 1, 10, 1)])
async def test_of_few_people_it_has_no_numbers(size: Size, tmp_path: Path) -> None:
    files = await files_of(await written(year(COMMUNITY, UNTIL, size), tmp_path / "small.db"))

    cells = [each for name, text in files.items() if name != "README.md" for each in read(text)]
    assert {each["part"] or each["hours"] or each["of"] for each in cells} <= {""}
    assert {each["count"] for each in cells} <= {"", "0"}
    assert say("stats.archive.hidden") in files["README.md"]


def test_the_page_says_what_each_table_means_and_how_to_cite_it() -> None:
    shown = table("flow", ("stats.asked",), [("2 Nov", (Amount(1),))])
    panel = StatsPanel(PanelName.FLOW, Weeks(2900, 4), (Sentence("stats.too_few"),), (shown,))
    packed = archive([panel], datetime(2026, 12, 1, 9, tzinfo=UTC), "en")

    with ZipFile(io.BytesIO(packed)) as found:
        page = found.read("README.md").decode()
    assert say("stats.too_few") in page
    assert say("stats.archive.cite", day="2026-12-01") in page
    assert say("stats.archive.weeks", since="2025-08-04", until="2025-09-01", weeks=4) in page
