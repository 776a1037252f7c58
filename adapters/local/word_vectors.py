"""A vector for each token, and from these one for a text."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

_NAME = "l2_supercat"
_TENSOR = "embedding.weight"


class WordVectors:
    """WordLlama's table of token vectors: 32,000 rows in half precision."""

    def __init__(self, package: Path, dimensions: int) -> None:
        tokenizer = package / "tokenizers" / f"{_NAME}_tokenizer_config.json"
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._table = _map_table(package / "weights" / f"{_NAME}_{dimensions}.safetensors")

    def of(self, text: str) -> list[float]:
        """The unit vector of a text."""
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        total = self._table[ids].astype(np.float32).sum(axis=0)
        length = float(np.linalg.norm(total))
        if length == 0.0:
            total[0] = length = 1.0
        vector: list[float] = (total / length).tolist()
        return vector


def _map_table(file: Path) -> npt.NDArray[np.float16]:
    """The table where it lies in the file, so that only rows in use take memory.

    The format: a length in 8 bytes, that many bytes of JSON about the tensors, the tensors.
    """
    with file.open("rb") as weights:
        size = int.from_bytes(weights.read(8), "little")
        tensor = json.loads(weights.read(size))[_TENSOR]
    if tensor["dtype"] != "F16":
        raise ValueError(f"{file} holds {tensor['dtype']}, not F16")
    offset = 8 + size + tensor["data_offsets"][0]
    # A plain view: each index into a memmap makes a memmap, which takes longer than the sum.
    return np.memmap(file, np.float16, "r", offset, tuple(tensor["shape"])).view(np.ndarray)
