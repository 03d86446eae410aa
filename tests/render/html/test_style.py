from __future__ import annotations

import base64
import hashlib
import re

import pytest

from envdoctor.render.html.style import STYLE, policy

PALETTE = re.compile(r"--(\w+): (#[0-9a-f]{3,6})")


def test_the_policy_admits_this_style_and_nothing_else() -> None:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    assert policy().split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert "url(" not in STYLE
    assert "@import" not in STYLE


@pytest.mark.parametrize("scheme", range(3))
def test_every_colour_can_be_read(scheme: int) -> None:
    """WCAG's contrast of 4.5 for each colour of a text on each ground, by light, in the dark and on paper."""
    colours = dict(PALETTE.findall(STYLE.split(":root {")[scheme + 1].partition("}")[0]))
    for name in ("text", "soft", "good", "bad", "warn", "info", "link"):
        for ground in ("back", "card"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
