"""What does a reader cost when its input grows? Counted in processor time, so that a busy machine does not matter."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec

from tests.fuzz.targets import give

SIZES = (2_000, 8_000)
"""Bytes of the smaller input. The first is enough where so little costs a time that can be measured."""
COUNTER = "№"
PATIENCE = 0.06
"""Seconds of processor time below which the noise of a measurement is larger than what is measured."""
SUSPICIOUS = 0.03
"""The same for a measurement that is made again with care where it seems too much."""
MOST = 3.0
"""How many times as much twice the size may cost. Linear work costs twice, quadratic four times."""


class Shape(msgspec.Struct, frozen=True):
    """An input of any size: `unit` again and again, in which the counter stands for a number, between two ends."""

    unit: str
    before: str = ""
    after: str = ""

    def made(self, size: int) -> bytes:
        """About so many bytes of it."""
        times = max(size // max(len(self.unit.encode()), 1), 1)
        numbered = COUNTER in self.unit
        body = "".join(self.unit.replace(COUNTER, str(n)) for n in range(times)) if numbered else self.unit * times
        return f"{self.before}{body}{self.after}".encode("utf-8", "surrogateescape")


# what a regular expression, a stack or a search from the beginning trips over, whatever the format
ANYWHERE = (
    *(
        Shape(unit)
        for unit in (" ", "\t", "\n", "\r", "a", "0", ".", "/", "\\", "'", '"', "`", "$", "@", ":", "-", "#")
    ),
    *(
        Shape(unit)
        for unit in ("[", "{", "(", "a.", "a=", "a,", "a;", "a:", "a/", "a@", "//", "/*", "<<a ", "${", "$(")
    ),
    *(Shape(unit) for unit in ("a = 1\n", "# a\n", "[a]\n", "[[a]]\n", "\\\n", "a \\\n", "a\n b\n", "'\"", "\\u0061")),
    *(Shape(unit) for unit in ("http://a:b@c/", "a://", "user:pass@", "/t/", "a.b.c:1@", "?a=", "a%", "%2", "é", "\0")),
    Shape(" ", "a", "b"),
    Shape(" ", "a = 1", "#"),
    Shape(" ", "[", ""),
    Shape(" ", "[a", "b"),
    Shape("k№ = 1\n", "[a]\n"),
    Shape("k№ = 1\n"),
    Shape("[s№]\nk = 1\n"),
    Shape('"k№": 1, ', "{", '"a": 1}'),
    Shape('"k№", ', "a = [", "]"),
    Shape('\n  "k№",', "a = [", "]"),
)

OF_SHELL = (
    *(
        Shape(unit)
        for unit in ("f() {\n", "if a; then\n", "case a in\n", "while a; do\n", "(", "a && ", "a |\n", "eval 'a'\n")
    ),
    *(
        Shape(unit)
        for unit in ("A=$A$A\n", "export PATH=$PATH:$PATH\n", "A№=$PATH\n", "export PATH=/a:$PATH\n", "alias a=b\n")
    ),
    *(
        Shape(unit)
        for unit in ("# >>> conda initialize >>>\n", "# >>> conda initialize >>>\n# <<< conda initialize <<<\n")
    ),
    *(
        Shape(unit)
        for unit in ("<<a\n", "<<a <<b\n", "a <<'x№'\n", "${PATH:+", "export A№=1\n", "if test; a; end\n", "begin\n")
    ),
    Shape("/", "# >>> conda initialize >>>\n"),
    Shape("/bin/", "# >>> conda initialize >>>\n"),
    Shape("/bin/conda", "# >>> conda initialize >>>\n/"),
    Shape("a ", "if ", "; then\n" + "b\n" * 2_000),
    Shape("b\n", "if " + "a " * 8_000 + "; then\n"),
    Shape("$A:", f"A={'a' * 100}\nexport PATH="),
)
OF_TOML = (
    Shape('[[index]]\nurl = "http://a/№"\n'),
    Shape('[[tool.uv.index]]\nurl = "http://a/№"\n'),
    Shape('[[tool.poetry.source]]\nname = "a№"\nurl = "http://a/№"\n'),
    Shape('[[source]]\nurl = "http://a/№"\n'),
    Shape('\n"a№",', "[project]\ndependencies = [", "]"),
    Shape('"a№",', "[project]\ndependencies = [", "]"),
    Shape('a№ = "1"\n', "[tool.poetry.dependencies]\n"),
    Shape('a№ = "1"\n', "[packages]\n"),
    Shape("g№ = ['a']\n", "[dependency-groups]\n"),
    Shape("{include-group = 'b'},", "[dependency-groups]\nb = ['a']\na = [", "]"),
    Shape('[[package]]\nname = "a№"\nversion = "1"\nfiles = [\n  {a = 1}\n]\n'),
    Shape('[[package]]\nname = "a"\nversion = "№"\n', "", "[[package]]\nname='b'\nsource={editable='.'}\n"),
    Shape("{name = 'a', version = '№'},", "[[package]]\nname='b'\nsource={editable='.'}\ndependencies=[", "]"),
    Shape('[[package]]\nname = "a"\nversion = "№"\ndependencies = [{name = "a", version = "№", source = {a = 1}}]\n'),
    Shape("wheels = [\n"),
    Shape("a.", "", "a = 1"),
    Shape('"a".', "", "a = 1"),
)
OF_REQUIREMENTS = (
    *(
        Shape(unit)
        for unit in ("a==№ --hash=sha256:a \\\n", "-r a№\n", "-e a№\n", "--index-url http://a/№\n", "a[b№]\n")
    ),
    *(Shape(unit, "a") for unit in (" ", "[", "(", ";", " and ", ",", "==1,", "[b,", " ;")),
    Shape("9", "a==1."),
    Shape("a", "a --hash="),
)
OF_YAML = (Shape("- a\n", "dependencies:\n"), Shape("*a, ", "a: &a [x]\nb: [", "]"), Shape("k№: v\n"), Shape("- - "))

SHAPES: Mapping[str, tuple[Shape, ...]] = {
    **dict.fromkeys(("bash", "fish"), OF_SHELL),
    **dict.fromkeys(("pyproject", "uv-toml", "uv-lock", "poetry-lock", "pdm-lock", "pylock"), OF_TOML),
    **dict.fromkeys(("pipfile", "sources-pipfile", "sources-poetry"), OF_TOML),
    **dict.fromkeys(("requirements", "sources-requirements"), OF_REQUIREMENTS),
    **dict.fromkeys(("condarc", "environment-yml"), OF_YAML),
    "pip-conf": (Shape("k№ = 1\n", "[DEFAULT]\n", "[a]\nb=1\n" * 20), Shape("[s№]\n", "[DEFAULT]\na = 1\n")),
    "mounts": (Shape("\\040", "1 2 3 / /", " rw - ext4 a b"), Shape("36 1 8:1 / /a№ rw - ext4 a b\n")),
    "pem": (Shape("-----BEGIN CERTIFICATE-----\n"), Shape("-----BEGIN TRUSTED CERTIFICATE-----a-----END ")),
    "uv-message": (Shape("error: a\n"), Shape("Failed to parse: "), Shape(", expected one of"), Shape("warning: `")),
    "vscode": (
        Shape("/*"),
        Shape(",\n", '{"a": 1'),
        Shape('"a', "["),
        Shape("//\n"),
        Shape("${", '{"python.defaultInterpreterPath": "', '"}'),
    ),
}


def shapes_of(target: str) -> tuple[Shape, ...]:
    """The inputs that a target is measured with."""
    return (*ANYWHERE, *SHAPES.get(target, ()))


def cost(work: Callable[[], object], times: int = 1) -> float:
    """The processor time that it takes, in seconds: the least of several times."""
    spent = []
    collecting = gc.isenabled()
    gc.disable()  # as in a run
    for _ in range(times):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    if collecting:
        gc.enable()
    return min(spent)


def growth(measure: Callable[[int], float], sizes: Sequence[int] = SIZES, patience: float = PATIENCE) -> float:
    """How many times as much twice the size costs, at the first size that costs enough; 1 if none does."""
    for small in sizes:
        large = measure(small * 2)
        if large >= patience:
            return large / max(measure(small), patience / 100)
    return 1.0


def growth_of(target: str, shape: Shape) -> float:
    """The growth of a target's cost with the size of an input; what seems too much is measured with care."""

    def measured(size: int, times: int = 1) -> float:
        # each time another size: what has been read before may be remembered
        return min(cost(partial(give, target, shape.made(size + 500 * again))) for again in range(times))

    found = growth(measured, patience=SUSPICIOUS)
    if found < MOST:
        return found
    small = SIZES[1]
    return math.sqrt(measured(small * 4, times=3) / measured(small, times=3))
