"""The base of the index on disk, so that a worker starts without reading a million rows.

The file is only a copy: it is believed if it has our format and a whole checksum, and comes from a revision that this
very database has been through. Anything else is logged and read anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import struct
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from pyroaring import FrozenBitMap

from timeline.models import Change

from .segment import Segment

logger = logging.getLogger(__name__)

FORMAT = 2
MAGIC = b"annals index\n"
_LENGTH = struct.Struct("<Q")
_DIGEST_SIZE = 32


class Unusable(Exception):
    """Why a file cannot serve as the base."""


def path() -> Path:
    return settings.VAR_DIR / "index.base"


def keep(base: Segment, revision: int, token: int) -> None:
    """Write the base beside the old one and put it in its place; a process killed meanwhile leaves the old one whole.

    A disk that refuses costs only the quick start, so it is logged and not raised.
    """
    body = _packed(base, revision, token)
    target = path()
    candidate = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with candidate.open("wb") as file:
            file.write(body)
            file.write(hashlib.blake2b(body, digest_size=_DIGEST_SIZE).digest())
            file.flush()
            os.fsync(file.fileno())
        candidate.replace(target)
    except OSError as problem:
        logger.warning("The base of the index could not be kept in %s: %s", target, problem)
        with contextlib.suppress(OSError):
            candidate.unlink()


def read(newest: int) -> tuple[Segment, int] | None:
    """The base on disk and its revision; None where there is none that this database, now at `newest`, can use."""
    try:
        content = path().read_bytes()
    except FileNotFoundError:
        return None
    except OSError as problem:
        logger.warning("The base of the index in %s cannot be read, and is made anew: %s", path(), problem)
        return None
    try:
        return _unpacked(content, newest)
    except Unusable as reason:
        logger.warning("The base of the index in %s is made anew: %s", path(), reason)
        return None


def _packed(base: Segment, revision: int, token: int) -> bytes:
    """Magic, length of the header, header as JSON, then each block as the header lists them."""
    arrays = base.parts()
    blocks = [np.ascontiguousarray(array).tobytes() for array in arrays.values()]
    sets = [(facet, value, having) for facet, values in base.postings.items() for value, having in values.items()]
    blocks += [having.serialize() for _facet, _value, having in sets]
    header = json.dumps(
        {
            "format": FORMAT,
            "revision": revision,
            "token": token,
            "arrays": {name: [array.dtype.str, array.shape] for name, array in arrays.items()},
            "sets": [[facet, value] for facet, value, _having in sets],
            "lengths": [len(block) for block in blocks],
        }
    ).encode()
    return b"".join((MAGIC, _LENGTH.pack(len(header)), header, *blocks))


def _unpacked(content: bytes, newest: int) -> tuple[Segment, int]:
    view = memoryview(content)
    body, digest = view[:-_DIGEST_SIZE], view[-_DIGEST_SIZE:]
    if bytes(view[: len(MAGIC)]) != MAGIC:
        raise Unusable("it is not one of ours")
    if hashlib.blake2b(body, digest_size=_DIGEST_SIZE).digest() != digest:
        raise Unusable("it is damaged, its checksum does not match")
    start = len(MAGIC) + _LENGTH.size
    (length,) = _LENGTH.unpack(body[len(MAGIC) : start])
    header = json.loads(bytes(body[start : start + length]))
    if header["format"] != FORMAT:
        raise Unusable(f"its format is {header['format']}, ours is {FORMAT}")
    revision = header["revision"]
    if revision > newest or Change.objects.token(revision) != header["token"]:
        raise Unusable(f"its revision {revision} is not of this database")
    return _segment(header, body[start + length :]), revision


def _segment(header: dict[str, Any], body: memoryview) -> Segment:
    blocks, at = [], 0
    for length in header["lengths"]:
        blocks.append(body[at : at + length])
        at += length
    arrays = {
        name: np.frombuffer(block, dtype=np.dtype(kind)).reshape(shape)
        for (name, (kind, shape)), block in zip(header["arrays"].items(), blocks, strict=False)
    }
    postings: dict[str, dict[str, FrozenBitMap]] = {}
    for (facet, value), block in zip(header["sets"], blocks[len(arrays) :], strict=True):
        postings.setdefault(facet, {})[value] = FrozenBitMap.deserialize(bytes(block))
    return Segment.from_parts(arrays, postings)
