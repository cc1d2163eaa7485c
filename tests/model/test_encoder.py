import asyncio
import json
import sys

import pytest

SCRIPT = """
import asyncio, json, sys
from bot.routing.process import EncoderProcess, Patience

TEXTS = ["How do I align audio with transcripts?", "CTC loss, forced alignment", "grant writing", "", "\\ud800 🎧"]

async def main():
    encoder = EncoderProcess(patience=Patience(chunk=200))
    await encoder.start()
    await encoder.wait_warm()
    vectors = await encoder.embed(TEXTS)
    await encoder.close()
    heavy = {"torch", "sentence_transformers", "transformers", "scipy", "sklearn"} & set(sys.modules)
    print(json.dumps({
        "dimension": encoder.dimension, "dtype": str(vectors.dtype), "heavy": sorted(heavy),
        "lengths": (vectors ** 2).sum(axis=1).tolist(), "near": float(vectors[0] @ vectors[1]),
        "far": float(vectors[0] @ vectors[2]),
    }))

asyncio.run(main())
"""


@pytest.mark.model
async def test_the_packaged_model_knows_what_is_alike_and_stays_out_of_the_bot() -> None:
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, complaints = await bot.communicate()
    assert bot.returncode == 0, complaints.decode()
    said = json.loads(printed.splitlines()[-1])
    assert said["near"] > said["far"] + 0.1
    assert (said["dimension"], said["dtype"], said["heavy"]) == (384, "float32", [])
    assert said["lengths"] == pytest.approx([1] * 5, abs=1e-4)
