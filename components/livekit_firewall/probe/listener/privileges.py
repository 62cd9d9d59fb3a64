"""What a listener gives up of root before it reads a packet (Linux): the user, and all but two capabilities.

    confine()                 # before anything is opened
    settle(NEEDED)            # when all is open: nothing but these from now on

CAP_NET_ADMIN is for nft, which the listener starts again for each list and trace; CAP_NET_RAW for the sockets that
answer from any port (`Diverted`). User and groups become nobody's, so that root's files are out of reach too. What
nft inherits is CAP_NET_ADMIN alone. A process without privileges only gives up the way to get any (no_new_privs).

Nothing can be imported any more once the user is another, where Python lies in root's home: `confine` is called when
all is loaded.
"""

from __future__ import annotations

import codecs
import ctypes
import errno
import os
import struct
import sys
from contextlib import suppress

# linux/capability.h
NET_BIND_SERVICE, NET_ADMIN, NET_RAW, SYS_RESOURCE = 1 << 10, 1 << 12, 1 << 13, 1 << 24
SETGID, SETUID = 1 << 6, 1 << 7
NEEDED = NET_ADMIN | NET_RAW
OPENING = NEEDED | NET_BIND_SERVICE | SYS_RESOURCE
"""Until all is open: low ports, and more descriptors than the hard limit lets a user have."""
NOBODY = 65534

_VERSION = 0x20080522
_HEADER, _HALF = struct.Struct("=Ii"), struct.Struct("=III")
# linux/prctl.h
_KEEPCAPS, _CAPBSET_READ, _CAPBSET_DROP, _NO_NEW_PRIVS, _AMBIENT = 8, 23, 24, 38, 47
_AMBIENT_RAISE, _AMBIENT_CLEAR = 2, 4


def confine() -> None:
    """Keep what opening needs, and let no program that is started have more than the two.

    For good, and of the calling thread, which must be the only one. Where `nobody` is not mapped (user namespaces)
    or the right to change the user is missing, it stays. Raises OSError.
    """
    if sys.platform != "linux":
        return
    codecs.lookup("ascii")  # of /proc/net/tcp
    _prctl(_NO_NEW_PRIVS, 1)
    permitted = _permitted()
    if not permitted:
        return
    for number in range(64):
        if not NEEDED >> number & 1 and _prctl(_CAPBSET_READ, number, optional=True) == 1:
            _prctl(_CAPBSET_DROP, number, optional=True)  # without CAP_SETPCAP the set is as small as it can be
    if permitted & SETUID and permitted & SETGID:
        _prctl(_KEEPCAPS, 1)
        with suppress(OSError):
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
        _prctl(_KEEPCAPS, 0)
    _keep(permitted & OPENING)


def settle(kept: int) -> None:
    """Of what `confine` left, keep these alone. Raises OSError."""
    if sys.platform == "linux" and (permitted := _permitted()):
        _keep(permitted & kept)


def _keep(kept: int) -> None:
    inherited = kept & NET_ADMIN
    _prctl(_AMBIENT, _AMBIENT_CLEAR)
    halves = [(each & 0xFFFFFFFF, each >> 32) for each in (kept, kept, inherited)]
    data = b"".join(_HALF.pack(*words) for words in zip(*halves, strict=True))
    if _LIBC.capset(_HEADER.pack(_VERSION, 0), data):
        raise _error("capset")
    if inherited:
        _prctl(_AMBIENT, _AMBIENT_RAISE, inherited.bit_length() - 1)


def _permitted() -> int:
    data = ctypes.create_string_buffer(2 * _HALF.size)
    if _LIBC.capget(_HEADER.pack(_VERSION, 0), data):
        raise _error("capget")
    low, high = (_HALF.unpack_from(data, at)[1] for at in (0, _HALF.size))
    return int(low | high << 32)


def _prctl(option: int, *words: int, optional: bool = False) -> int:
    arguments = [ctypes.c_ulong(word) for word in (*words, 0, 0, 0, 0)[:4]]
    done = int(_LIBC.prctl(option, *arguments))
    if done < 0 and not optional:
        raise _error(f"prctl {option}")
    return done


def _error(what: str) -> OSError:
    number = ctypes.get_errno() or errno.EPERM
    return OSError(number, f"privileges cannot be given up: {what}: {os.strerror(number)}")


_LIBC: ctypes.CDLL
if sys.platform == "linux":
    _LIBC = ctypes.CDLL(None, use_errno=True)
