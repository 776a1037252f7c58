"""The program of deploy/README.md that makes an administrator, word for word."""

import json
import re
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.deploy.tools import DEPLOY
from tests.loopback.firebase_accounts import FirebaseAccounts
from tests.loopback.firebase_certificates import signing_key


def key_file(folder: Path, project_id: str) -> Path:
    """What Firebase's console hands out as a private key; the emulator is asked without it."""
    private = signing_key(0).private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    path = folder / "firebase_credentials"
    account = {
        "type": "service_account",
        "project_id": project_id,
        "client_email": f"tests@{project_id}.iam.gserviceaccount.com",
        "private_key": private.decode(),
        "token_uri": "http://127.0.0.1:9/token",
    }
    path.write_text(json.dumps(account))
    return path


def test_whoever_is_named_becomes_an_administrator_and_stays_who_they_are(tmp_path: Path) -> None:
    guide = (DEPLOY / "README.md").read_text()
    found = re.search(r"python - THE-UID <<'END'\n(.*?)\nEND\n", guide, re.DOTALL)
    assert found is not None
    with FirebaseAccounts() as firebase:
        account = firebase.account("ada")
        account["customAttributes"] = json.dumps({"age_band": "adult"})
        done = subprocess.run(
            [sys.executable, "-", "ada"],
            input=found[1].encode(),
            env={
                "FIREBASE_CREDENTIALS_PATH": str(key_file(tmp_path, firebase.project_id)),
                "FIREBASE_AUTH_EMULATOR_HOST": firebase.host,
            },
            capture_output=True,
            timeout=100,
            check=False,
        )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(account["customAttributes"]) == {"age_band": "adult", "admin": True}
