"""Several servers behind nginx that a test uses as if they were one."""

import time
from typing import Self

import httpx
from attrs import define, field

from tests.acceptance.product import START_SECONDS, Product
from tests.deploy.nginx import Nginx

HOPS = "TRUSTED_PROXY_HOPS"


@define
class Replicas(Product):
    """``count`` servers alike behind the nginx that is deployed; they start and end together."""

    count: int = 3
    members: list[Product] = field(init=False)
    nginx: Nginx = field(init=False)

    def __attrs_post_init__(self) -> None:
        # One proxy more than the test reckons with stands before each of them.
        hops = str(int(self.environ.get(HOPS, "0")) + 1)
        self.members = [
            Product({**self.environ, HOPS: hops}, self.folder) for _ in range(self.count)
        ]
        self.nginx = Nginx(self.folder / f"nginx-{self.port}", self.port, is_crowded=True)

    @property
    def inner_urls(self) -> list[str]:
        return [one.url for one in self.members]

    @property
    def processes(self) -> list[int]:
        return [process for one in self.members for process in one.processes]

    @property
    def runs(self) -> bool:
        return all(one.runs for one in self.members)

    @property
    def has_run(self) -> bool:
        return any(one.has_run for one in self.members)

    def log(self) -> str:
        return "".join(one.log() for one in self.members)

    def launch(self, **more: str) -> Self:
        for one in self.members:
            one.launch(**more)
        return self

    def wait_ready(self, path: str = "/readyz") -> None:
        """Each of them by itself, and nginx before them."""
        for one in self.members:
            one.wait_ready(path)
        if not self.nginx.runs:
            self.nginx.serve(self.members)
        # Those that were away are asked again after two seconds.
        deadline = time.monotonic() + START_SECONDS
        while not httpx.get(f"{self.url}/healthz", timeout=10).is_success:
            assert time.monotonic() < deadline, "nginx does not find them"
            time.sleep(0.1)

    def signal(self, number: int = 15) -> None:
        for one in self.members:
            one.signal(number)

    def wait(self, seconds: float = START_SECONDS) -> int:
        """The exit code of the first that did not end well, or 0."""
        return max((one.wait(seconds) for one in self.members), key=abs)

    def kill(self) -> None:
        for one in self.members:
            one.kill()

    def close(self) -> None:
        self.kill()
        self.nginx.stop()
