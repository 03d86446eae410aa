"""Another machine than this one, as far as the kernel tells: `machine.py RELEASE TABLE ARGUMENT…` is envdoctor there.

RELEASE is the kernel's, TABLE a file as /proc/self/mountinfo is, or nothing. No container is around it. This stands for
what cannot be had in a test: WSL with drives of Windows, shares that a server gives.
"""

from __future__ import annotations

import os
import sys

from envdoctor.__main__ import main
from envdoctor.facts.session import context, mounts
from envdoctor.system import mount_table

if __name__ == "__main__":
    _, release, table, *arguments = sys.argv
    own = os.uname()
    there = os.uname_result((own.sysname, own.nodename, release or own.release, own.version, own.machine))
    vars(os)["uname"] = lambda: there
    vars(context)["FILES"] = ()
    vars(mounts)["TABLE"] = table or mount_table.TABLE
    sys.argv = [os.path.join(os.path.dirname(sys.executable), "envdoctor"), *arguments]
    sys.exit(main())
