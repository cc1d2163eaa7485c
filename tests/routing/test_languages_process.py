"""Telling English from other languages, in the process of the model that reads them all."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable

import pytest

from bot.errors import Unavailable
from bot.routing.process import MultilingualProcess, Patience
from bot.routing.worker import Model
from tests.routing import workers

PATIENCE = Patience(load=60, chunk=5, first_retry=0.01, longest_retry=0.05)
SENTENCES = {
    "How do I find out whether the labels or the loss is wrong?": True,
    "Comment savoir si mes étiquettes sont fausses ou si c'est la perte ?": False,
    "Ninawezaje kujua kama lebo zangu si sahihi au ni hasara?": False,
    "كيف أعرف ما إذا كانت التسميات خاطئة؟": False,
    "መለያዎቼ ስህተት መሆናቸውን እንዴት አውቃለሁ?": False,
}


def multilingual(load: Callable[[Model], None] = workers.load_languages) -> MultilingualProcess:
    return MultilingualProcess(None, PATIENCE, load=load, encode=workers.encode)


@pytest.fixture
async def process() -> AsyncIterator[MultilingualProcess]:
    process = multilingual()
    await process.start()
    await process.wait_warm()
    yield process
    await process.close()


async def test_english_is_told_from_other_languages(process: MultilingualProcess) -> None:
    assert await process.are_english(list(SENTENCES)) == list(SENTENCES.values())
    assert await process.are_english([]) == []


async def test_odd_texts_are_something_or_other(process: MultilingualProcess) -> None:
    odd = ["", " ", "\ud800", "🎧", "?!", "\x00"]
    assert {type(each) for each in await process.are_english(odd)} == {bool}
    assert process.is_warm


async def test_encoding_and_telling_languages_apart_go_to_one_process(process: MultilingualProcess) -> None:
    vectors, _ = await asyncio.gather(process.embed(["one"] * 20), process.are_english(["one"]))
    assert len(set(vectors[:, 0].tolist())) == 1


async def test_a_child_that_is_gone_refuses(process: MultilingualProcess) -> None:
    os.kill(int((await process.embed(["a"]))[0, 0]), signal.SIGKILL)
    with pytest.raises(Unavailable):
        await process.are_english(["a"])
    assert not process.is_warm


async def test_it_refuses_until_it_is_warm_and_once_it_is_closed() -> None:
    process = multilingual()
    with pytest.raises(Unavailable) as refusal:
        await process.are_english(["a"])
    assert "still being loaded" in str(refusal.value.params["reason"])
    await process.close()
    with pytest.raises(Unavailable) as refusal:
        await process.are_english(["a"])
    assert "switched off" in str(refusal.value.params["reason"])


async def test_a_child_without_a_model_is_replaced() -> None:
    process = multilingual(workers.load_nothing)
    await process.start()
    await process.wait_warm()
    with pytest.raises(Unavailable) as refusal:
        await process.are_english(["a"])
    assert "is being restarted" in str(refusal.value.params["reason"])
    await process.close()
