"""A vector for each token, and from these one for a text."""

from pathlib import Path

import numpy as np
from safetensors import safe_open
from tokenizers import Tokenizer

_NAME = "l2_supercat"


class WordVectors:
    """WordLlama's table of token vectors, kept in half precision: 16 MB instead of 32."""

    def __init__(self, package: Path, dimensions: int) -> None:
        tokenizer = package / "tokenizers" / f"{_NAME}_tokenizer_config.json"
        weights = package / "weights" / f"{_NAME}_{dimensions}.safetensors"
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        with safe_open(str(weights), framework="np") as file:
            self._table = file.get_tensor("embedding.weight")

    def of(self, text: str) -> list[float]:
        """The unit vector of a text."""
        ids = self._tokenizer.encode(text, add_special_tokens=False).ids
        total = self._table[ids].astype(np.float32).sum(axis=0)
        length = float(np.linalg.norm(total))
        if length == 0.0:
            total[0] = length = 1.0
        vector: list[float] = (total / length).tolist()
        return vector
