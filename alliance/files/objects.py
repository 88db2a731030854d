"""Files in an S3 bucket, in place of folders of one machine: FILES_URL puts them there.

Nothing in the bucket is public. Private files and pictures leave through the same views as from a
folder, so that who may have what is asked in one place, and the bucket is told to nobody.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.conf import settings
from django.core.files.base import File
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from alliance.exceptions import ServiceAway
from alliance.files.naming import NamedByContent, Unguessable, Waiting
from alliance.files.sizes import KB

_PIECE = 256 * KB
# Seconds. nginx asks at once; the clocks of machine and store may differ.
_SIGNED_FOR = 300
# Of the 64 threads of a web process so many ask the store at once. The others wait for their turn,
# but not for a store that has said nothing for so many seconds: they go on with what needs no file.
_MOST_AT_ONCE = 16
_SILENT_AFTER = 2.0
_Method = TypeVar("_Method", bound=Callable[..., Any])


class ObjectsAway(ServiceAway, OSError):
    """The object store does not answer, or not as it should."""


class _Asking:
    """How many threads of this process ask the store, and when it was last heard of."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._number = 0
        self._heard_at = 0.0

    def heard(self, *, response_dict: object = True, **_what: object) -> None:
        """Any answer counts, a refusal too; botocore tells of those that did not come as well."""
        if response_dict is not None:
            self._heard_at = time.monotonic()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one as long as the store answers others. Raises ObjectsAway where it does not."""
        with self._free:
            if not self._number:  # nobody has asked, so nothing was to be heard
                self.heard()
            while self._number >= _MOST_AT_ONCE:
                patience = self._heard_at + _SILENT_AFTER - time.monotonic()
                if patience <= 0:
                    raise ObjectsAway(f"the files: {self._number} wait for an answer")
                self._free.wait(patience)
            self._number += 1
        try:
            yield
            self.heard()
        finally:
            with self._free:
                self._number -= 1
                self._free.notify()


_asking = _Asking()
_making = threading.Lock()


@contextmanager
def _translated() -> Iterator[None]:
    """Raise what folders raise: FileNotFoundError, and ObjectsAway for all else."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(str(error)) from error
        raise ObjectsAway(f"the files: {error}") from error
    except (BotoCoreError, HTTPClientError, HTTPError) as error:
        raise ObjectsAway(f"the files: {type(error).__name__}") from error


def _translating(method: _Method) -> _Method:
    @wraps(method)
    def asking(*args: Any, **kwargs: Any) -> Any:
        with _asking.turn(), _translated():
            return method(*args, **kwargs)

    return cast(_Method, asking)


class _Reader(io.RawIOBase):
    """An object that is read as it comes, from whichever place on; its size is known beforehand.

    It is no file of this machine: whoever needs a descriptor copies it. Where the line breaks, it
    goes on once from where it was.
    """

    def __init__(self, client: Any, bucket: str, key: str) -> None:
        self._ask = lambda what, **more: getattr(client, what)(Bucket=bucket, Key=key, **more)
        with _asking.turn(), _translated():
            self.size: int = self._ask("head_object")["ContentLength"]
        self._place = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        starts = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}
        place = starts[whence] + offset
        if place != self._place:
            self._hang_up()
            self._place = place
        return place

    def readinto(self, buffer: Any) -> int:
        if self._place >= self.size:
            return 0
        try:
            piece = self._read(len(buffer))
        except ObjectsAway:
            self._hang_up()
            piece = self._read(len(buffer))
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        self._hang_up()
        super().close()

    def _read(self, length: int) -> bytes:
        with _translated():
            if self._body is None:
                self._body = self._ask("get_object", Range=f"bytes={self._place}-")["Body"]
            return bytes(self._body.read(length))

    def _hang_up(self) -> None:
        if self._body is not None:
            with suppress(HTTPError, OSError):
                self._body.close()
            self._body = None


class _Objects(S3Storage):
    """A part of the bucket. An object appears under its name complete or not at all."""

    _shared: Any = None

    def __init__(self) -> None:
        super().__init__(**_options(settings.FILES_URL))

    @property
    def connection(self) -> Any:
        """One for all threads, of which we use no more than the client: that may be shared.

        To make one takes much longer than to ask for a file.
        """
        with _making:
            if self._shared is None:
                self._shared = super().connection
        return self._shared

    def _create_session(self) -> boto3.Session:
        session: boto3.Session = super()._create_session()
        session.events.register("response-received.s3", _asking.heard)
        return session

    def _open(self, name: str, mode: str = "rb") -> File:
        key = self._normalize_name(name)
        reader = _Reader(self.connection.meta.client, self.bucket_name, key)
        return File(io.BufferedReader(reader, _PIECE), name)

    @_translating
    def _save(self, name: str, content: File) -> str:
        return str(super()._save(name, content))

    @_translating
    def delete(self, name: str) -> None:
        super().delete(name)

    @_translating
    def exists(self, name: str) -> bool:
        return bool(super().exists(name))

    @_translating
    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folders, files = super().listdir(path)
        return folders, files

    @_translating
    def size(self, name: str) -> int:
        return int(super().size(name))

    @_translating
    def get_modified_time(self, name: str) -> datetime:
        return cast(datetime, super().get_modified_time(name))


class PublicPictureObjects(NamedByContent, _Objects):
    """Pictures that we encoded, below /media/ as from a folder."""

    location = "media"


class PrivateObjects(Unguessable, _Objects):
    """Files without an address: they leave through a view that asks who is asking."""

    location = "private"

    def answers(self) -> bool:
        """Whether the store says anything within two seconds: whoever watches does not wait longer."""
        try:
            with _asking.turn(), _translated():
                _prompt_client(settings.FILES_URL).head_bucket(Bucket=self.bucket_name)
        except OSError:
            return False
        return True

    def accel_address(self, name: str) -> str:
        """Where nginx gets it: the way in the store, signed for a few minutes; nginx knows the host."""
        what = {"Bucket": self.bucket_name, "Key": self._normalize_name(name)}
        signed = urlsplit(
            self.connection.meta.client.generate_presigned_url(
                "get_object", Params=what, ExpiresIn=_SIGNED_FOR
            )
        )
        return f"/accel/objects{signed.path}?{signed.query}"


class StagingObjects(Waiting, _Objects):
    """Files that wait for their form, and parts of some, whichever machine took them."""

    location = "staging"

    def take_in(self, path: Path) -> None:
        """Move a file that was written to the staging folder of this machine into the bucket."""
        try:
            with path.open("rb") as file:
                self.save(path.name, File(file))
        finally:
            path.unlink()


@cache
def _prompt_client(url: str) -> Any:
    """Asks once, and waits for two seconds. Threads may share it."""
    options = _options(url)
    hasty = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 1})
    options["client_config"] = options["client_config"].merge(hasty)
    return S3Storage(**options).connection.meta.client


def _options(url: str) -> dict[str, Any]:
    """What django-storages wants to know, from s3://key:secret@host:port/bucket?region=…&tls=0."""
    parts = urlsplit(url)
    words = parse_qs(parts.query)
    scheme = "http" if words.get("tls") == ["0"] else "https"
    return {
        "access_key": unquote(parts.username or ""),
        "secret_key": unquote(parts.password or ""),
        "endpoint_url": f"{scheme}://{parts.netloc.rpartition('@')[2]}",
        "bucket_name": parts.path.strip("/"),
        "region_name": words.get("region", ["us-east-1"])[0],
        "file_overwrite": True,  # names are made before
        "transfer_config": TransferConfig(max_concurrency=4),
        "client_config": Config(
            # Twice this, and nobody has waited for longer than for a database that is away.
            connect_timeout=3,
            read_timeout=10,
            retries={"total_max_attempts": 2, "mode": "standard"},
            max_pool_connections=64,  # as a web process has threads
            signature_version="s3v4",
            s3={"addressing_style": words.get("style", ["path"])[0]},
            # Stores other than Amazon's know nothing of the checksums that came later.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
