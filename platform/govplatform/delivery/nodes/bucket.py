"""A bucket of an S3-compatible store, between the centre, which writes, and front nodes, whose keys only read.

``releases/HOST``: the signed release that nodes take in; ``store/AA/DIGEST``: files and parts, as in the store;
``whole/HOST``: the newest release of which everything is there, for the centre alone. Without Django.
"""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

RELEASES, WHOLE, STORE = "releases/", "whole/", "store/"
#: Among the releases, listed before those of all hosts: what came down and none of them says yet.
DOWN_LIST = ".taken-down"
_BUCKET = re.compile(r"/[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]", re.ASCII)
_SCHEMES = ("s3+http", "s3+https")
_AT_ONCE, _CHUNK = 8, 1 << 18
#: From so many on the whole folder is listed in place of asking for each.
_MANY = 200


class BucketError(Exception):
    """The store is not there, does not let us in, or cannot do what was asked. The text is what came."""


class Unsound(ValueError):
    """An address of a bucket, or a file with its keys, that is none."""


@dataclass(frozen=True)
class BucketPlace:
    """``s3+https://HOST:PORT/BUCKET?region=R&style=virtual``; without the query us-east-1, the bucket in the path."""

    endpoint: str
    name: str
    region: str
    style: str

    @classmethod
    def of(cls, address: str) -> "BucketPlace":
        """Raises Unsound."""
        try:
            parts = urlsplit(address)
            port = parts.port
        except ValueError as error:
            raise Unsound(address) from error
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        style = asked.get("style", "path")
        if (
            parts.scheme not in _SCHEMES or not parts.hostname or port == 0 or parts.username is not None
            or not _BUCKET.fullmatch(parts.path) or style not in ("path", "virtual")
        ):  # fmt: skip
            raise Unsound(address)
        endpoint = f"{parts.scheme.removeprefix('s3+')}://{parts.netloc}"
        return cls(endpoint, parts.path[1:], asked.get("region", "us-east-1"), style)


def read_credentials(path: Path) -> tuple[str, str]:
    """The two lines of the file: the key's id, and its secret. Raises OSError, Unsound."""
    lines = path.read_text().split("\n", 2)
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) != 2:
        raise Unsound(str(path))
    return lines[0], lines[1]


@dataclass(frozen=True)
class Bucket:
    """``credentials``: id and secret of a key. Every method raises BucketError."""

    place: BucketPlace
    credentials: tuple[str, str]

    @cached_property
    def _client(self) -> Any:
        key, secret = self.credentials
        # Other stores than Amazon's do not know the checksums of newer clients; what arrives is proven by its digest.
        config = Config(
            signature_version="s3v4", s3={"addressing_style": self.place.style}, connect_timeout=10, read_timeout=60,
            retries={"max_attempts": 2}, max_pool_connections=_AT_ONCE,
            request_checksum_calculation="when_required", response_checksum_validation="when_required",
        )  # fmt: skip
        return boto3.session.Session().client(
            "s3", endpoint_url=self.place.endpoint, region_name=self.place.region, config=config,
            aws_access_key_id=key, aws_secret_access_key=secret,
        )  # fmt: skip

    def read(self, name: str, most: int) -> bytes | None:
        """What lies there, as far as ``most`` bytes; None for nothing."""
        with self._asking():
            try:
                found: bytes = self._client.get_object(Bucket=self.place.name, Key=name)["Body"].read(most)
            except self._client.exceptions.NoSuchKey:
                return None
            return found

    def pieces(self, name: str) -> Iterator[bytes]:
        """What lies there, piece by piece; none for nothing."""
        with self._asking():
            try:
                body = self._client.get_object(Bucket=self.place.name, Key=name)["Body"]
            except self._client.exceptions.NoSuchKey:
                return
            yield from body.iter_chunks(_CHUNK)

    def write(self, name: str, content: bytes | IO[bytes]) -> None:
        with self._asking():
            self._client.put_object(Bucket=self.place.name, Key=name, Body=content)

    def listed(self, prefix: str) -> Iterator[tuple[str, str, datetime]]:
        """Name, tag and time of everything below ``prefix``."""
        with self._asking():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self.place.name, Prefix=prefix):
                for one in page.get("Contents", ()):
                    yield one["Key"], one["ETag"], one["LastModified"]

    def delete(self, names: Iterable[str]) -> None:
        # one by one: many at once need a checksum that not every store knows
        with self._asking(), ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda name: self._client.delete_object(Bucket=self.place.name, Key=name), names))

    def lacking(self, digests: Iterable[str]) -> list[str]:
        """Those of ``digests`` of which no file lies in the bucket."""
        wanted = list(dict.fromkeys(digests))
        if len(wanted) > _MANY:
            there = {name.rpartition("/")[2] for name, _tag, _time in self.listed(STORE)}
            return [one for one in wanted if one not in there]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = list(pool.map(self._has, wanted))
        return [one for one, is_there in zip(wanted, found, strict=True) if not is_there]

    def bring(self, store: Path, digests: Iterable[str]) -> None:
        """Have those files of the folder ``store`` in the bucket; what is missing here goes on lacking there."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda digest: self._bring(store, digest), dict.fromkeys(digests)))

    def _bring(self, store: Path, digest: str) -> None:
        try:
            with (store / digest[:2] / digest).open("rb") as stream:
                self.write(name_of(digest), stream)
        except FileNotFoundError:
            return

    def _has(self, digest: str) -> bool:
        with self._asking():
            try:
                self._client.head_object(Bucket=self.place.name, Key=name_of(digest))
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") in ("404", "NoSuchKey", "NotFound"):
                    return False
                raise
            return True

    @contextmanager
    def _asking(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise BucketError(str(error)) from error


def name_of(digest: str) -> str:
    """Where the file with that digest lies in the bucket."""
    return f"{STORE}{digest[:2]}/{digest}"
