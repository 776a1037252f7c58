"""Each port has a fake of its name, and one suite of promises that fake and real parts keep."""

import pytest

from tests.architecture.source import ROOT, base_names, classes, python_files

PORTS = sorted(
    path.stem
    for path in python_files("application/ports")
    if any("Protocol" in base_names(node) for node in classes(path))
)


def test_there_are_ports() -> None:
    assert len(PORTS) > 10


@pytest.mark.parametrize("port", PORTS)
def test_port_has_a_fake(port: str) -> None:
    assert (ROOT / "adapters" / "in_memory" / f"{port}.py").is_file()


@pytest.mark.parametrize("port", PORTS)
def test_port_has_a_contract_suite(port: str) -> None:
    assert (ROOT / "tests" / "contracts" / f"test_{port}.py").is_file()
