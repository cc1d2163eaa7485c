"""The packaged multilingual model reads no more tokens of a text than it was trained on, for any text."""

import asyncio
import json
import sys

import pytest

SCRIPT = """
import json, random, sys
import numpy as np
from bot.routing import worker
from bot.routing.cost import MOST_TOKENS, composed, cost, cut
from bot.routing.ports import Role

worker.load(worker.Model(worker.PACKAGED_MULTILINGUAL, is_multilingual=True))
engine = worker._loaded[0]._model
handed = []
encode = engine.encode
engine.encode = lambda texts, is_query: handed.extend(texts) or np.zeros((len(texts), 2), dtype=np.float32)
draw = random.Random(0)
# One character that stands for eighteen, of which the engine's own room holds twelve.
texts = ["\\ufdfa" * 4_000, "ꙮ" * 1_500, "🎧" * 4_000, "e\\u0301" * 2_000, " " * 4_000, "", "word " * 800]
for _ in range(150):
    alphabet = [chr(draw.choice([draw.randrange(0xD800), draw.randrange(0xE000, 0x110000)])) for _ in range(20)]
    texts.append("".join(draw.choices(alphabet + ["\\ufdfa", " ", "a"], k=draw.randrange(4_001))))
for role in Role:
    worker.encode(texts, role)
tokens = [engine.token_count(text, is_query=False) for text in handed]
prices = [cost(text) for text in texts] * 2
assert len(tokens) == len(prices)
engine.encode = encode
worker.encode(["\\ufdfa" * 1_500, "ꙮ" * 1_500], Role.QUESTION)
print(json.dumps({
    "most": max(tokens), "allowed": MOST_TOKENS,
    "dearer": sum(count > price + 8 for count, price in zip(tokens, prices)),
}))
"""


@pytest.mark.model
async def test_texts_of_any_characters_cost_bounded_tokens_and_no_process() -> None:
    encoder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, complaints = await encoder.communicate()
    assert encoder.returncode == 0, complaints.decode()
    said = json.loads(printed.splitlines()[-1])
    assert said["most"] <= said["allowed"] + 1
    assert said["dearer"] == 0
