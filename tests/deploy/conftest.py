from collections.abc import Iterator

import pytest
from _pytest.nodeid import NodeId

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of one machine with one worker: two installations would double the time.

    pytest-xdist 3.8 writes the group to where pytest 9.2 does not look for it any more.
    """
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        if "installed" in getattr(item, "fixturenames", ()):
            item._id = NodeId.parse(f"{item.nodeid.removesuffix('@deploy')}@deploy")
