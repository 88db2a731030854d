"""What people asked for after a copy was made holds when it is taken back: they stay erased.

The database cannot remember that, since it is the earlier one again. So a list is kept beside the
copies, of numbers and moments alone.
"""

from datetime import datetime
from pathlib import Path

from alliance.exceptions import ActionRefused
from organizations.models import User
from submissions.actions.my_data import erase_account


def note_erased(noted: Path) -> None:
    """Add to the list who has been erased since: number, and when they had registered.

    Numbers are given out again by a database that was brought back to an earlier moment, so a
    number alone could be somebody else's.
    """
    known = set(noted.read_text().splitlines()) if noted.exists() else set()
    erased = User.objects.exclude(erased_at=None).order_by("pk").values_list("pk", "date_joined")
    missing = [line for row in erased if (line := f"{row[0]} {row[1].isoformat()}") not in known]
    if missing:
        with noted.open("a") as file:
            file.writelines(f"{line}\n" for line in missing)


def erase_again(noted: Path) -> tuple[int, list[int]]:
    """Erase everybody on the list who is back; returns how many, and who could not be.

    Somebody could not be where erasure would be refused to themselves: the only owner of an
    institution with members.
    """
    done, refused = 0, []
    for line in noted.read_text().splitlines() if noted.exists() else ():
        number, _space, registered = line.partition(" ")
        moment = datetime.fromisoformat(registered)
        back = User.objects.filter(pk=number, date_joined=moment, erased_at=None)
        for user in back:
            try:
                erase_account(user, by=user)
                done += 1
            except ActionRefused:
                refused.append(user.pk)
    return done, refused
