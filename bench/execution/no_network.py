"""Runs a command without network: in a network namespace with loopback only.

Run by bench's own interpreter: ``python no_network.py COMMAND ARGUMENT...``. Without permission to make a
namespace it exits with :data:`REFUSED` before it starts the command.
"""
# ruff: noqa: S606 - it becomes the command

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

REFUSED = 97
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 0x1


def isolate() -> None:
    """Leave the machine's network; root needs no user namespace for it. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    flags = CLONE_NEWNET if user == 0 else CLONE_NEWNET | CLONE_NEWUSER
    if library.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    if user != 0:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{user} {user} 1"),
            ("gid_map", f"{group} {group} 1"),
        ):
            Path(f"/proc/self/{name}").write_text(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        fcntl.ioctl(probe, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


if __name__ == "__main__":
    try:
        isolate()
    except OSError as error:
        sys.stderr.write(f"no network namespace can be made here: {error}\n")
        sys.exit(REFUSED)
    os.execvp(sys.argv[1], sys.argv[1:])
