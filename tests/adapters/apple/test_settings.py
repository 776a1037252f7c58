from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from adapters.apple.environments import StoreEnvironment, read_environments, refused_settings
from adapters.apple.revocation_checks import RevocationPolicy
from adapters.apple.root_certificates import read_root_certificates
from adapters.apple.signed_data import AppleSignedData
from tests.loopback.apple_chain import AppleChain
from tests.loopback.apple_store import AppleStore

UNSIGNED = ["Xcode", "XCODE", "LocalTesting", "LOCAL_TESTING", " xcode "]


@pytest.mark.parametrize("name", UNSIGNED)
def test_environments_that_accept_unsigned_data_are_refused(name: str) -> None:
    problems = refused_settings(["Production", name], app_apple_id=1)
    assert len(problems) == 1
    assert "nobody signed" in problems[0]


@pytest.mark.parametrize("name", [*UNSIGNED, "Moon"])
def test_no_verifier_can_be_built_for_them(name: str) -> None:
    with pytest.raises(ValueError, match="environments"):
        AppleSignedData(root_certificates=[b"x"], bundle_id="com.example", environments=[name])


def test_production_needs_the_apps_id() -> None:
    assert refused_settings(["production"], app_apple_id=None) != []
    assert refused_settings(["production", "sandbox"], app_apple_id=1) == []
    assert refused_settings(["sandbox"], app_apple_id=None) == []
    assert refused_settings([], app_apple_id=1) != []


def test_environments_are_read_in_any_case_and_order() -> None:
    assert read_environments(["SANDBOX", "Production", ""]) == (
        StoreEnvironment.PRODUCTION,
        StoreEnvironment.SANDBOX,
    )


@pytest.mark.parametrize(("roots", "bundle"), [([], "com.example"), ([b"x"], "")])
def test_without_a_root_or_an_app_nothing_is_believed(roots: list[bytes], bundle: str) -> None:
    with pytest.raises(ValueError, match=r"root|bundle"):
        AppleSignedData(root_certificates=roots, bundle_id=bundle, environments=["Sandbox"])


async def test_a_verifier_takes_environments_in_any_case() -> None:
    store = AppleStore()
    signed = AppleSignedData(
        root_certificates=[store.chain.root.der],
        bundle_id=store.bundle_id,
        environments=["SANDBOX"],
        revocation=RevocationPolicy.NEVER,
    )
    pack = store.pack("apple.small")
    found = signed.read_transaction(store.sign(pack))
    assert found.transactionId == pack["transactionId"]


def test_roots_are_read_from_files_and_folders_in_either_form(tmp_path: Path) -> None:
    one, other, third = AppleChain(), AppleChain(), AppleChain()
    folder = tmp_path / "roots"
    folder.mkdir()
    one.write_root(folder)
    (folder / "README.txt").write_text("not a certificate")
    bundle = "".join(
        chain.root.certificate.public_bytes(Encoding.PEM).decode() for chain in (other, third)
    )
    (tmp_path / "bundle.pem").write_text(bundle)
    found = read_root_certificates([folder, tmp_path / "bundle.pem", folder / "root.cer"])
    assert found == (one.root.der, other.root.der, third.root.der)


@pytest.mark.parametrize("content", [b"", b"not a certificate", b"-----BEGIN CERTIFICATE-----"])
def test_a_file_without_a_certificate_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.cer").write_bytes(content)
    for path in (tmp_path / "broken.cer", tmp_path):
        with pytest.raises(ValueError, match=r"broken\.cer"):
            read_root_certificates([path])


def test_a_missing_file_and_an_empty_folder_are_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    for path in (tmp_path / "missing.cer", empty):
        with pytest.raises(ValueError, match=path.name):
            read_root_certificates([path])
