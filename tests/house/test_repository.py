"""What must never be in the repository, and what its locks must be."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.source import ROOT, kept_files, read

LOCKS = ("runtime", "dev")
PYTHONS = ("3.11", "3.12", "3.13")
SECRETS = {
    "a Discord token": r"\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a GitHub token": r"\b(?:gh[pousr]_|github_pat_)\w{30,}",
    "a cloud key": r"\bAKIA[0-9A-Z]{16}\b",
}
MACHINES = {
    "a path of one machine": r"(?<![\w.:$}/-])/(?:home|root|Users|tmp|work|workspace|mnt|build)/\w",
    "a package registry": r"pypi\.org|pythonhosted\.org|\bfile:///?opt",
}


def texts() -> list[tuple[Path, str]]:
    """Every file that reads as text; pictures and the like are left out."""
    found = []
    for file in kept_files():
        content = file.read_bytes()
        if b"\0" not in content:
            found.append((file.relative_to(ROOT), content.decode("utf-8")))
    return found


@pytest.mark.parametrize(("what", "pattern"), {**SECRETS, **MACHINES}.items())
def test_holds_no(what: str, pattern: str) -> None:
    holding = [str(name) for name, text in texts() if re.search(pattern, text)]
    assert not holding, f"{what} in {holding}"


def test_settings_with_secrets_are_never_kept() -> None:
    assert {".env", "*.sqlite3*", ".venv/"} <= set(read(".gitignore").splitlines())


@pytest.mark.parametrize("name", [*LOCKS, "cuda"])
def test_lock_pins_everything_by_hash_and_names_no_source(name: str) -> None:
    lock = read(f"requirements/{name}.lock")
    assert not re.search(r"://|file:|^--", lock, re.MULTILINE)
    pinned = re.compile(r"[\w.-]+==\S+( ; [^\\]+)? \\")
    assert all(pinned.fullmatch(line) for line in lock.splitlines() if re.match(r"\w", line))
    assert not re.search(r"^torch==", lock, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_answers_what_is_asked_for(name: str) -> None:
    asked = {
        re.sub(r"[-_.]+", "-", found)
        for found in re.findall(r"^([a-z][\w.-]*)", read(f"requirements/{name}.in"), re.MULTILINE)
    }
    locked = {line.partition("==")[0] for line in read(f"requirements/{name}.lock").splitlines() if "==" in line}
    assert asked
    assert asked <= locked


def test_both_locks_agree() -> None:
    runtime, dev = (set(re.findall(r"^(\S+==\S+)", read(f"requirements/{name}.lock"), re.MULTILINE)) for name in LOCKS)
    assert runtime
    assert runtime <= dev


def test_torch_is_pinned_once() -> None:
    pinned = re.sub(r"^#.*\n", "", read("requirements/torch.txt"), flags=re.MULTILINE)
    of_index, of_processors = 3 * len(PYTHONS), 2 * len(PYTHONS)
    hashes = re.findall(r" \\\n    --hash=sha256:([0-9a-f]{64})", pinned)
    assert re.fullmatch(r"torch==[\d.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n", pinned)
    assert len(hashes) == len(set(hashes)) == of_index + of_processors
    assert read("requirements/runtime.in").count("-r torch.txt") == 1


@pytest.mark.parametrize("name", LOCKS)
def test_lock_brings_nothing_for_graphics_cards(name: str) -> None:
    assert not re.search(r"^(nvidia|cuda|triton)", read(f"requirements/{name}.lock"), re.MULTILINE)


def test_what_torch_needs_on_a_graphics_card_agrees_with_the_locks() -> None:
    cuda, runtime = (
        dict(re.findall(r"^(\S+)==(\S+)", read(f"requirements/{name}.lock"), re.MULTILINE))
        for name in ("cuda", "runtime")
    )
    assert any(name.startswith("nvidia-") for name in cuda)
    assert {name: cuda[name] for name in cuda.keys() & runtime.keys()} == {
        name: runtime[name] for name in cuda.keys() & runtime.keys()
    }


def test_every_place_names_the_same_pythons() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    named = [each.rpartition(" :: ")[2] for each in project["project"]["classifiers"] if "Python :: " in each]
    assert tuple(named) == PYTHONS
    assert project["project"]["requires-python"] == ">=3.11,<3.14"
    assert project["tool"]["ruff"]["target-version"] == "py311"
    assert project["tool"]["mypy"]["python_version"] == PYTHONS[0]
    assert f"pythons := {' '.join(reversed(PYTHONS))}\n" in read("Makefile")
    assert "You need Python 3.11, 3.12 or 3.13, `make` and `git`" in read("README.md")


def test_continuous_integration_runs_everything_on_the_oldest_python() -> None:
    assert f"\nexport PYTHON=python{PYTHONS[0]}\n" in read(".ci/run")


def test_continuous_integration_runs_what_the_readme_says() -> None:
    for command in ("make check", "make test", "make playground ARGS=--script"):
        assert f"\n{command}\n" in read(".ci/run")
        assert command in read("README.md")
    assert "set -euo pipefail" in read(".ci/run")


def test_version_is_in_the_changelog() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert version in read("CHANGELOG.md")
