"""`make check-dependencies`: is a package that is pinned here known to be vulnerable?

Green only where every pin was really looked up: the source of advisories must know an old version
of Django for what it is, and must have an answer for each pin. With `ADVISORIES` the source is an
OSV server at that address, otherwise it is PyPI.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Has more than twenty advisories: a source that knows of none of them knows nothing.
KNOWN_TO_BE_VULNERABLE = f"django==3.2.0 --hash=sha256:{'0' * 64}\n"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)([^\\]*)", re.MULTILINE)


class NotLookedUp(Exception):
    """Nobody said anything about the pins, which is no reason to be calm."""


def main(files: list[str]) -> int:
    """Print what was found; 0 where nothing was, 1 where something was, 2 where nobody knows."""
    try:
        make_sure_of_source()
        found = {file: vulnerable(Path(file)) for file in files}
    except NotLookedUp as error:
        print(f"The advisories could not be read: {error}", file=sys.stderr)
        return 2
    for file, packages in found.items():
        for package in packages:
            names = ", ".join(advisory["id"] for advisory in package["vulns"])
            print(f"{file}: {package['name']} {package['version']}: {names}", file=sys.stderr)
    return 1 if any(found.values()) else 0


def make_sure_of_source() -> None:
    """Raise NotLookedUp unless the source finds what everybody knows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "requirements.txt")
        file.write_text(KNOWN_TO_BE_VULNERABLE)
        if not vulnerable(file):
            raise NotLookedUp("the source finds nothing wrong with Django 3.2.0")


def vulnerable(file: Path) -> list[dict[str, Any]]:
    """Packages of the file with advisories, as pip-audit tells of them."""
    answer = ask(file)
    missing = pins(file) - {
        (package["name"].lower().replace("_", "-"), package.get("version"))
        for package in answer
        if "skip_reason" not in package
    }
    if missing:
        names = ", ".join(sorted(name for name, _version in missing))
        raise NotLookedUp(f"no answer about {names}")
    return [package for package in answer if package.get("vulns")]


def ask(file: Path) -> list[dict[str, Any]]:
    """What pip-audit says of each package; it installs nothing and asks for each once."""
    command = [sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes"]
    command += ["--progress-spinner", "off", "--format", "json", "--requirement", str(file)]
    if source := os.environ.get("ADVISORIES"):
        command += ["--vulnerability-service", "osv", "--osv-url", source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        said = done.stderr.strip().splitlines() or ["pip-audit said nothing"]
        raise NotLookedUp(said[-1]) from None
    return dependencies


def pins(file: Path) -> set[tuple[str, str]]:
    """Name and version of each pin that counts on every system."""
    return {
        (name.lower().replace("_", "-"), version)
        for name, version, rest in _PIN.findall(file.read_text())
        if ";" not in rest
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
