"""What does each reader cost as its input grows? `python benchmarks/growth.py [TARGET…]`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzz.growth import Shape, cost, shapes_of
from tests.fuzz.targets import TARGETS, give

SIZES = (4_000, 8_000, 16_000, 32_000, 64_000)


def costs(target: str, shape: Shape) -> list[float]:
    """Milliseconds of processor time at each size."""
    return [cost(partial(give, target, shape.made(size))) * 1000 for size in SIZES]


def main(targets: list[str]) -> None:
    """Print, for each reader, the input that costs it most."""
    print("| reader | dearest input |", *(f"{size // 1000} kB |" for size in SIZES))
    print("|---" * (len(SIZES) + 2) + "|")
    for target in targets or TARGETS:
        dearest = max(shapes_of(target), key=lambda shape: cost(partial(give, target, shape.made(SIZES[-2]))))
        shown = repr(f"{dearest.before[:12]}…{dearest.unit[:20]}…").replace("|", "\\|")
        print(f"| {target} | `{shown}` |", *(f"{spent:.1f} |" for spent in costs(target, dearest)))


if __name__ == "__main__":
    main(sys.argv[1:])
