"""WordLlama without WordLlama's own code: the same vectors, and none of its side effects."""

import asyncio
import json
from pathlib import Path

import pytest

from adapters.local import word_vectors
from adapters.local.embedder import WordLlamaEmbedder
from adapters.local.errors import EmbeddedPartError
from tests.adapters.local.apart import apart, said

TEXTS = [
    "My dog Rex loves the sea.",
    "ünïcode 漢字 😀",
    "a",
    "two\nlines  and   spaces",
    "word " * 400,
]
AS_THE_LIBRARY_DOES = """
import json, sys
from pathlib import Path
import wordllama
folder = Path(wordllama.__file__).parent
library = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)
texts = json.loads(sys.argv[1])
print(json.dumps([library.embed([text], norm=True)[0].tolist() for text in texts]), flush=True)
"""
EMBED_AND_LOOK = """
import asyncio, json, logging, socket, sys

def refuse(*_): raise AssertionError("went to the network")
socket.socket.connect = socket.getaddrinfo = refuse

from adapters.local.embedder import WordLlamaEmbedder
early = sorted({"numpy", "tokenizers", "safetensors", "wordllama"} & sys.modules.keys())
asyncio.run(WordLlamaEmbedder().embed(["hello"]))
late = sorted({"wordllama", "requests", "torch"} & sys.modules.keys())
print(json.dumps([early, late, len(logging.getLogger().handlers)]), flush=True)
"""


async def test_vectors_are_those_of_the_library() -> None:
    with apart(AS_THE_LIBRARY_DOES, json.dumps(TEXTS)) as process:
        expected = json.loads(said(process))
    found = await WordLlamaEmbedder().embed(TEXTS)
    assert [pytest.approx(vector, abs=1e-5) for vector in expected] == found


def test_it_imports_late_and_little_and_stays_off_the_network() -> None:
    with apart(EMBED_AND_LOOK) as process:
        assert json.loads(said(process)) == [[], [], 0]


async def test_it_can_be_loaded_ahead() -> None:
    embedder = WordLlamaEmbedder()
    embedder.load()
    assert len((await embedder.embed(["hello"]))[0]) == embedder.dimensions


async def test_it_loads_once_however_many_begin_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = 0
    read = word_vectors.WordVectors.__init__

    def counted(self: word_vectors.WordVectors, package: Path, dimensions: int) -> None:
        nonlocal loads
        loads += 1
        read(self, package, dimensions)

    monkeypatch.setattr(word_vectors.WordVectors, "__init__", counted)
    embedder = WordLlamaEmbedder()
    await asyncio.gather(*(embedder.embed(["hello"]) for _ in range(8)))
    assert loads == 1


async def test_a_missing_package_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(EmbeddedPartError, match="not installed") as refusal:
        await WordLlamaEmbedder().embed(["hello"])
    assert "OPENAI_API_KEY" in refusal.value.hint
