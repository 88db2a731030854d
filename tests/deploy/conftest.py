from collections.abc import Iterator

import pytest

from tests.clamd import running_clamd
from tests.deploy.installation import Installation, make_sure_of_programs


@pytest.fixture(scope="session")
def installed() -> Iterator[Installation]:
    """A machine on which the script has run once."""
    make_sure_of_programs()
    with running_clamd() as clamd:
        clamd.folder.chmod(0o755)  # the portal runs under another account
        machine = Installation(clamd.url)
        try:
            machine.first_words = machine.install(**machine.first_choices)
            yield machine
        finally:
            machine.remove()
