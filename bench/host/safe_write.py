"""Writes files of a result set, each completely or not at all, and never through a link."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

__all__ = ["PART", "appending", "opened_folder", "replacing"]

PART = ".part"
"""Suffix of a file that is still being written."""


@contextmanager
def opened_folder(root: Path, *inside: str) -> Iterator[int]:
    """Give the descriptor of a folder inside ``root``; missing folders are made.

    ``root`` itself may be a link, because the user named it. Raises OSError for a link inside it.
    """
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for name in inside:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=descriptor)
            try:
                deeper = os.open(
                    name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=descriptor
                )
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise OSError(errno.ELOOP, f"'{name}' is a link or no folder; remove it") from error
                raise
            os.close(descriptor)
            descriptor = deeper
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def replacing(root: Path, relative: str, *, durable: bool = False) -> Iterator[BinaryIO]:
    """Give a new file, which gets its name when the block ends without an error. An old file or link is replaced.

    durable: the file is on disk, under its name, when the block has ended. Raises OSError.
    """
    *folders, name = PurePosixPath(relative).parts
    part = f".{name}.{secrets.token_hex(8)}{PART}"
    with opened_folder(root, *folders) as folder:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(part, flags, 0o666, dir_fd=folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=folder)
            raise
        if durable:
            os.fsync(folder)


@contextmanager
def appending(path: Path) -> Iterator[int]:
    """Give the descriptor of a regular file, for appending. Raises OSError for a link."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags, 0o666)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link; put the file itself there") from error
        raise
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        yield descriptor
    finally:
        os.close(descriptor)
