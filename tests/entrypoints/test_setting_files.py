"""Files that settings name: whoever names a wrong one is told which setting it was."""

from pathlib import Path

import pytest

from entrypoints.cli.main import main
from entrypoints.config import SettingsError, load_settings
from entrypoints.container import build_adapters, build_use_cases
from tests.entrypoints.test_container import REAL
from tests.loopback.apple_chain import AppleChain

APPLE = {"APPLE_BUNDLE_ID": "com.example.app"}
NEEDED = {
    "FIREBASE_CREDENTIALS_PATH": {"FIREBASE_PROJECT_ID": "demo-companion"},
    "GOOGLE_CREDENTIALS_PATH": {"GOOGLE_PACKAGE_NAME": "com.example.app"},
    "APPLE_ROOT_CERTIFICATES": APPLE,
    "APPLE_PRIVATE_KEY_PATH": {**APPLE, "APPLE_ISSUER_ID": "issuer", "APPLE_KEY_ID": "key"},
}
"""What else must be set for the file to be looked at."""


@pytest.fixture
def root(tmp_path: Path) -> str:
    return str(AppleChain().write_root(tmp_path))


@pytest.fixture(params=["nowhere", "a folder", "hush", "{}"])
def wrong(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The path of what is no such file."""
    path = tmp_path / "wrong"
    if request.param == "a folder":
        path.mkdir()
    elif request.param != "nowhere":
        path.write_text(request.param)
    return str(path)


@pytest.mark.parametrize("name", NEEDED)
def test_a_file_that_will_not_do_is_told_by_its_setting(name: str, wrong: str, root: str) -> None:
    settings = load_settings({**REAL, "APPLE_ROOT_CERTIFICATES": root, **NEEDED[name], name: wrong})
    with pytest.raises(SettingsError) as refused:
        build_adapters(settings, lambda _: None)
    [problem] = refused.value.problems
    assert problem.startswith(f"{name} ")
    assert "hush" not in problem


async def test_costs_that_are_none_are_told_by_their_setting(tmp_path: Path) -> None:
    (tmp_path / "costs.json").write_text("hush")
    costs = {"STACK": "memory", "MODEL_COSTS_PATH": str(tmp_path / "costs.json")}
    settings = load_settings(costs)
    use_cases = build_use_cases(settings, build_adapters(settings, lambda _: None))
    with pytest.raises(SettingsError, match="MODEL_COSTS_PATH") as refused:
        use_cases.get_analytics()
    assert "hush" not in refused.value.problems[0]


def test_the_command_says_so_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {**REAL, **APPLE, "APPLE_ROOT_CERTIFICATES": "/nowhere.cer"}.items():
        monkeypatch.setenv(name, value)
    assert main(["jobs", "list"]) == 2
    told = capsys.readouterr().err
    assert "APPLE_ROOT_CERTIFICATES" in told
    assert "Traceback" not in told
