from __future__ import annotations

import pytest

from envdoctor.facts.commands.cut_short import missing_end, missing_head

PIP = """\
#!/v/bin/python
# -*- coding: utf-8 -*-
import re
import sys
from pip._internal.cli.main import main
if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""
UV = """\
#!/v/bin/python
# -*- coding: utf-8 -*-
import sys
from pip._internal.cli.main import main
if __name__ == "__main__":
    if sys.argv[0].endswith("-script.pyw"):
        sys.argv[0] = sys.argv[0][:-11]
    elif sys.argv[0].endswith(".exe"):
        sys.argv[0] = sys.argv[0][:-4]
    sys.exit(main())
"""
DISTLIB = """\
#!/v/bin/python
import sys
from pip._internal.cli.main import main
if __name__ == '__main__':
    sys.argv[0] = sys.argv[0].removesuffix('.exe')
    sys.exit(main())
"""
CONDA = """\
#!/v/bin/python

# -*- coding: utf-8 -*-
import re
import sys

from pip._internal.cli.main import main

if __name__ == '__main__':
    sys.argv[0] = re.sub(r'(-script\\.pyw?|\\.exe)?$', '', sys.argv[0])
    sys.exit(main())
"""


@pytest.mark.parametrize("launcher", [PIP, UV, DISTLIB, CONDA])
def test_a_launcher_that_is_cut_anywhere_is_told_from_the_whole(launcher: str) -> None:
    script = launcher.encode()
    first = script.index(b"\n")
    whole = script.rindex(b")") + 1
    assert missing_end(script) is missing_end(script[:whole]) is missing_end(script.replace(b"\n", b"\r\n")) is None
    # cut within `import …`, nothing tells it from a module that works by being imported
    cut = [at for at in range(first, whole) if not script[:at].rpartition(b"\n")[2].startswith(b"import ")]
    assert [at for at in cut if missing_end(script[:at]) is None] == []


@pytest.mark.parametrize(
    "script",
    [
        "#!/v/bin/python\nimport my_pip\n",
        "#!/v/bin/python\nimport pip.__main__",
        "#!/v/bin/python\nfrom pip import main as start\nraise SystemExit(start())\n",
        "#!/v/bin/python\nimport runpy\nrunpy.run_module('pip')",
        "#!/bin/sh\n'''exec' \"/a b/python\" \"$0\" \"$@\"\n' '''\nfrom pip import main\nmain()\n",
        "#!/v/bin/python\nfrom __future__ import annotations\nprint('hello')\n",
    ],
)
def test_a_script_of_another_kind_may_be_whole(script: str) -> None:
    assert missing_end(script.encode()) is None


@pytest.mark.parametrize(
    ("head", "fault"),
    [
        ("", "is empty"),
        ("\0" * 200, "holds nothing but zero bytes"),
        ("#!", "holds no command"),
        ("# -*- coding: utf-8 -*-\n\n", "holds no command"),
        (PIP.partition("\n")[2], "has lost its first line, which names its Python"),
        ('exec python3 -m pip "$@"\n', None),
        ("\0\1\2", None),
        ("PK\3\4", None),
    ],
)
def test_a_file_without_a_header_says_what_it_lacks(head: str, fault: str | None) -> None:
    assert missing_head(head.encode()) == fault
