"""The container image can't be built by the tests, so its recipe is read instead."""

import re

import pytest

from tests.house.source import ROOT, read

Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def stages() -> list[list[Instruction]]:
    """The Dockerfile's instructions, split at each FROM."""
    joined = re.sub(r"\\\n", " ", read("Dockerfile"))
    found: list[list[Instruction]] = []
    for line in joined.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append([])
        found[-1].append((word, " ".join(rest.split())))
    return found


def values(stage: list[Instruction], word: str) -> list[str]:
    return [rest for found, rest in stage if found == word]


def test_builds_in_one_stage_and_runs_in_another(stages: list[list[Instruction]]) -> None:
    assert [values(stage, "FROM") for stage in stages] == [["python:3.11-slim AS build"], ["python:3.11-slim"]]
    assert any(rest.startswith("--from=build ") for rest in values(stages[1], "COPY"))
    assert not any("pip" in rest for rest in values(stages[1], "RUN"))


def test_installs_exactly_what_is_locked(stages: list[list[Instruction]]) -> None:
    [arguments], [torch, rest] = values(stages[0], "ARG"), values(stages[0], "RUN")[1:]
    assert arguments == "TORCH_INDEX=https://download.pytorch.org/whl/cpu"
    assert '--no-deps --require-hashes --index-url "$TORCH_INDEX" -r /requirements/torch.txt' in torch
    assert "--no-deps --require-hashes -r /requirements/runtime.lock" in rest
    assert "pip check" in rest
    assert "dev.lock" not in read("Dockerfile")


def test_runs_as_nobody_in_particular(stages: list[list[Instruction]]) -> None:
    words = [word for word, _ in stages[1]]
    assert values(stages[1], "USER") == ["morsel"]
    assert any(
        "useradd" in rest and rest.split("&&")[0].strip().endswith(" morsel") for rest in values(stages[1], "RUN")
    )
    assert not {"RUN", "COPY", "ADD"} & set(words[words.index("USER") :])


def test_says_whether_it_is_healthy(stages: list[list[Instruction]]) -> None:
    [health] = values(stages[1], "HEALTHCHECK")
    assert "python -m bot check" in health


def test_starts_the_bot_and_keeps_the_database_outside(stages: list[list[Instruction]]) -> None:
    assert values(stages[1], "ENTRYPOINT") == ['["python", "-m", "bot"]']
    assert values(stages[1], "CMD") == ['["run", "--migrate"]']
    assert values(stages[1], "VOLUME") == ["/data"]
    assert any("DATABASE_URL=sqlite+aiosqlite:////data/" in rest for rest in values(stages[1], "ENV"))


def test_copies_only_what_exists_and_the_ignore_file_lets_through(stages: list[list[Instruction]]) -> None:
    copies = [rest for stage in stages for rest in values(stage, "COPY") if not rest.startswith("--from")]
    copied = {source for rest in copies for source in rest.split()[:-1]}
    let_through = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    assert {"bot", "cogs", "models", "migrations", "pyproject.toml"} <= copied
    assert all((ROOT / source).exists() for source in copied)
    assert {source.partition("/")[0] for source in copied} == let_through
