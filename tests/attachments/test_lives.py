"""The process that opens files: what it may use, when it is replaced, and what becomes of one that misbehaves."""

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from benchmarks import hostile
from bot.attachments import worker
from bot.attachments.reading import MOST_AT_ONCE, MOST_FILES, Attachments, FilePatience
from bot.errors import HouseError
from bot.tasks import spawn
from reliability.process import is_alive

READY = "import json, os, sys\nprint('{\"ready\": true}', flush=True)\nline = sys.stdin.buffer.readline()\n"
HANGS = READY + "sys.stdin.buffer.read()"
SHORT = FilePatience(start=10, file=0.1)
HONEST = hostile.honest(1)
MADE_TO_SAY = """
import json, os, resource, sys
sys.path.insert(0, {folder!r})
import worker
worker.answered = lambda data, wants: ({{"format": "text", "words": 0, "is_cut": False, "text": {said}}}, b"")
worker.main()
"""
Make = Callable[..., Attachments]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    async with AsyncExitStack() as stack:

        def make(program: str | None = None, patience: FilePatience | None = None) -> Attachments:
            file = tmp_path / "program.py"
            if program is not None:
                file.write_text(program)
            attachments = Attachments(patience, file) if program is not None else Attachments(patience)
            stack.push_async_callback(attachments.close)
            return attachments

        yield make


def saying(said: str) -> str:
    """Return the real program, whose forks answer with the value of an expression."""
    return MADE_TO_SAY.format(folder=str(Path(worker.__file__).parent), said=said)


async def refusal(attachments: Attachments, data: bytes = HONEST) -> str:
    with pytest.raises(HouseError) as caught:
        await attachments.inspect(data, wants_text=True)
    return caught.value.key


async def told(attachments: Attachments) -> str:
    found = await attachments.inspect(b"a file", wants_text=True)
    assert found.text is not None
    return found.text


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_a_fork_has_limits_of_its_own(make: Make) -> None:
    said = await told(
        make(saying("repr({n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n[:7] == 'RLIMIT_'})"))
    )
    limits = eval(said)  # noqa: S307
    assert limits["RLIMIT_CPU"] == (2, 3)
    assert {limits[f"RLIMIT_{name}"] for name in ("FSIZE", "CORE")} == {(0, 0)}
    assert limits["RLIMIT_NOFILE"] == (16, 16)
    soft, hard = limits["RLIMIT_AS"]
    assert worker.MEMORY < soft == hard < 2 * worker.MEMORY
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] == resource.RLIM_INFINITY


async def test_it_knows_nothing_of_ours(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a secret")
    said = json.loads(
        await told(make(saying("json.dumps([dict(os.environ), os.getcwd(), os.getsid(0) == os.getppid()])")))
    )
    assert set(said[0]) <= {"LC_CTYPE"}
    assert said[1:] == ["/", True]


@pytest.mark.parametrize(
    ("does", "key"),
    [
        ("sum(0 for _ in iter(int, 1))", "file.slow"),
        ("bytearray(300 * 1024 ** 2)", "file.broken"),
        ("__import__('tempfile').TemporaryFile(buffering=0).write(b'x')", "file.broken"),
        ("[os.open('/', os.O_RDONLY) for _ in range(20)]", "file.broken"),
        ("os.kill(os.getpid(), 11)", "file.broken"),
        ("os._exit(3)", "file.broken"),
    ],
)
async def test_what_a_file_makes_it_do_ends_with_its_fork(make: Make, does: str, key: str) -> None:
    attachments = make(saying(does), FilePatience(file=30))
    assert await refusal(attachments) == key
    process_id = attachments.process_id
    assert await refusal(attachments, b"") == "file.empty"
    assert attachments.process_id == process_id is not None


async def test_one_that_hangs_is_killed_and_replaced(make: Make) -> None:
    attachments = make(HANGS, SHORT)
    ending = spawn("inspect", attachments.inspect(HONEST, wants_text=False))
    await until(lambda: attachments.process_id is not None)
    first = attachments.process_id
    with pytest.raises(HouseError, match=r"file\.slow"):
        await ending
    assert first is not None
    assert (is_alive(first), attachments.process_id) == (False, None)
    attachments._program = Path(worker.__file__)
    assert (await attachments.inspect(b"two words", wants_text=False)).words == 2


@pytest.mark.parametrize(
    "program",
    [
        READY,
        READY + "print('no JSON')",
        READY + "print('[' * 100_000)",
        READY + "print('[1]')",
        READY + "print('x' * 1_000_000)",
        READY + "print('{\"size\": -1}')",
        READY + "print('{\"size\": 1099511627776}')",
        READY + "print('{\"size\": \"8\"}')",
        READY + "print('{\"size\": 8}')",
        READY + "print('{}', flush=True); sys.stdin.buffer.read()",
        READY + "print('{\"refused\": \"@everyone\"}', flush=True); sys.stdin.buffer.read()",
        READY + "print('{\"format\": \"exe\", \"words\": 1, \"is_cut\": false, \"text\": null}')",
        READY + "print('{\"format\": \"pdf\", \"words\": \"many\", \"is_cut\": false, \"text\": null}')",
        READY + "print('{\"format\": \"pdf\", \"words\": 1, \"is_cut\": false, \"text\": null, \"record\": [1]}')",
    ],
)  # fmt: skip
async def test_nothing_it_says_is_taken_on_trust(make: Make, program: str) -> None:
    attachments = make(program)
    assert await refusal(attachments) == "file.broken"
    with pytest.raises(HouseError, match=r"file\.no_copy"):
        await attachments.without_record(HONEST)


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "import sys; sys.stdin.buffer.read()", "print('no')"])
async def test_one_that_doesnt_get_ready_is_given_up(make: Make, program: str) -> None:
    attachments = make(program, FilePatience(start=0.3))
    assert await refusal(attachments) == "file.unavailable"
    assert attachments.process_id is None


async def test_is_replaced_after_fifty_files(make: Make) -> None:
    attachments, processes = make(), []
    for _ in range(MOST_FILES + 1):
        await attachments.inspect(b"words", wants_text=False)
        processes.append(attachments.process_id)
    assert len(set(processes[: MOST_FILES - 1])) == 1
    assert processes[MOST_FILES - 1] is None
    assert processes[MOST_FILES] not in {None, processes[0]}


async def test_ends_when_it_has_had_nothing_to_do(make: Make) -> None:
    attachments = make(patience=FilePatience(idle=0))
    await attachments.inspect(b"words", wants_text=False)
    await until(lambda: attachments.process_id is None)
    assert (await attachments.inspect(b"two words", wants_text=False)).words == 2


async def test_one_that_was_killed_while_it_waited_is_replaced(make: Make) -> None:
    attachments = make()
    await attachments.inspect(b"words", wants_text=False)
    first = attachments.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: attachments._child is not None and attachments._child.has_ended)
    assert (await attachments.inspect(b"two words", wants_text=False)).words == 2
    assert attachments.process_id != first


async def test_only_a_few_people_are_let_in_at_once(make: Make) -> None:
    attachments = make(HANGS, FilePatience(file=0.1, turn=0.01))
    async with AsyncExitStack() as inside:
        for user_id in range(MOST_AT_ONCE):
            await inside.enter_async_context(attachments.turn(user_id))
        with pytest.raises(HouseError, match=r"file\.busy"):
            await inside.enter_async_context(attachments.turn(MOST_AT_ONCE))
        assert await refusal(attachments) == "file.slow"
    async with attachments.turn(MOST_AT_ONCE):
        assert await refusal(attachments) == "file.slow"


async def test_leaving_in_the_middle_of_a_file_ends_it(make: Make) -> None:
    attachments = make(HANGS)
    reading = spawn("inspect", attachments.inspect(hostile.honest(60), wants_text=False))
    await until(lambda: attachments.process_id is not None)
    process_id = attachments.process_id
    assert process_id is not None
    reading.cancel()
    await asyncio.wait({reading})
    assert reading.cancelled()
    assert (is_alive(process_id), attachments.process_id) == (False, None)


async def test_closing_ends_it_in_the_middle_of_a_file(make: Make) -> None:
    attachments = make(HANGS)
    reading = spawn("inspect", attachments.inspect(HONEST, wants_text=False))
    await until(lambda: attachments.process_id is not None)
    process_id = attachments.process_id
    assert process_id is not None
    await attachments.close()
    with pytest.raises(HouseError, match=r"file\.broken"):
        await reading
    assert not is_alive(process_id)
    assert await refusal(attachments) == "file.unavailable"
    await attachments.close()


KILLED = """
import asyncio
from bot.attachments.reading import Attachments

async def main():
    attachments = Attachments()
    await attachments.inspect(b"words", wants_text=False)
    print(attachments.process_id, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_ends_with_a_bot_that_was_killed() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    process_id = int(await parent.stdout.readline())
    assert is_alive(process_id)
    parent.kill()
    await parent.wait()
    await until(lambda: not is_alive(process_id))


PARENT = """
import asyncio, sys
import bot.app
from benchmarks.hostile import honest
from bot.attachments.reading import Attachments

async def main():
    attachments = Attachments()
    await attachments.inspect(honest(1), wants_text=True)
    await attachments.close()

asyncio.run(main())
print("pypdf" in sys.modules)
"""


async def test_the_bot_never_loads_what_reads_files() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
    printed, _ = await parent.communicate()
    assert (parent.returncode, printed.decode().splitlines()[-1]) == (0, "False")
