"""What a disk says when it takes no more."""

import errno

#: Disks that are full, for everybody or for this user; and files that may not grow any further in this process.
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def is_full(error: OSError) -> bool:
    """Is it that there is no room on the disk?"""
    return error.errno in _FULL
