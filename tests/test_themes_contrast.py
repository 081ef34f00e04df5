"""Every theme stays readable: each pair of text and ground, light and dark, usual and strong."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VECTORS = json.loads((ROOT / "tests/vectors/contrast.json").read_text(encoding="utf-8"))["cases"]
THEMES = ("ampere", "plain")
SCHEMES = ("light", "dark")

INK_GROUNDS = ("paper", "sheet", "sunk", "rail-bg", "accent-soft", "ok-soft", "wait-soft")
INK = [("ink", ground, 7.0) for ground in (*INK_GROUNDS, "stop-soft")]
TEXT = [
    ("ink-2", "paper", 6.9),
    ("ink-2", "sheet", 4.5),
    ("ink-2", "sunk", 4.5),
    ("title", "paper", 4.5),
    ("title", "sheet", 4.5),
    ("accent", "paper", 4.5),
    ("accent", "sheet", 4.5),
    ("accent", "sunk", 4.5),
    ("accent-strong", "accent-soft", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("on-bar", "bar", 4.5),
    ("ok", "ok-soft", 4.5),
    ("ok", "sheet", 4.5),
    ("wait", "wait-soft", 4.5),
    ("wait", "sheet", 4.5),
    ("stop", "stop-soft", 4.5),
    ("stop", "sheet", 4.5),
    ("stop", "paper", 4.5),
    ("on-stop", "stop", 4.5),
]
CONTROLS = [
    ("edge", "paper", 3.0),
    ("edge", "sheet", 3.0),
    ("edge", "sunk", 3.0),
    ("accent", "accent-soft", 3.0),
    ("mark", "paper", 3.0),
    ("mark", "sheet", 3.0),
    ("mark", "rail-bg", 3.0),
    ("fig-1", "sheet", 3.0),
    ("fig-2", "sheet", 3.0),
]
FOCUS_GROUNDS = ("paper", "sheet", "sunk", "bar", "rail-bg", "accent", "stop")


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rgb` or `#rrggbb` (WCAG 2.1)."""
    digits = colour.lstrip("#")
    pairs = re.findall("..", digits) if len(digits) == 6 else [each * 2 for each in digits]
    parts = [int(each, 16) / 255 for each in pairs]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, not rounded."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def tokens(css: str) -> dict[str, str]:
    """Return the custom properties of a piece of CSS."""
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))


def theme_tokens(name: str, strength: str) -> dict[str, str]:
    """Return a theme's tokens; with `more`, what the core lays over them."""
    theme = ROOT / f"themes/{name}/palier_theme_{name}/static/theme.css"
    core = (ROOT / "core/palier/static/css/tokens.css").read_text(encoding="utf-8")
    strong = core.split(':root[data-contrast="more"] {')[1].split("}")[0]
    over = {"more": tokens(strong), "usual": {}}
    return tokens(theme.read_text(encoding="utf-8")) | over[strength]


def colour(found: dict[str, str], name: str, scheme: str) -> str:
    """Follow `var()` and take the half of `light-dark()` for this scheme."""
    value = found[name]
    link = re.fullmatch(r"var\(--([\w-]+)\)", value)
    if link:
        return colour(found, link[1], scheme)
    pair = re.fullmatch(r"light-dark\((\S+), (\S+)\)", value)
    return pair[1 + SCHEMES.index(scheme)] if pair else value


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: f"{case['foreground']} {case['ratio']}")
def test_the_formula_agrees_with_the_published_ratios(case: dict[str, str | float]) -> None:
    foreground, background = str(case["foreground"]), str(case["background"])

    ratio = contrast(foreground, background)

    assert ratio == pytest.approx(case["ratio"], abs=0.0001)


@pytest.mark.parametrize("strength", ["usual", "more"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground", "least"), [*INK, *TEXT, *CONTROLS])
def test_a_theme_keeps_what_is_on_a_ground_readable(
    theme: str, scheme: str, strength: str, front: str, ground: str, least: float
) -> None:
    found = theme_tokens(theme, strength)

    ratio = contrast(colour(found, front, scheme), colour(found, ground, scheme))

    assert ratio >= least


@pytest.mark.parametrize("strength", ["usual", "more"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", FOCUS_GROUNDS)
def test_one_tone_of_the_focus_ring_is_seen_on_every_ground(
    theme: str, scheme: str, strength: str, ground: str
) -> None:
    found = theme_tokens(theme, strength)
    behind = colour(found, ground, scheme)

    ring = contrast(colour(found, "focus", scheme), behind)
    halo = contrast(colour(found, "focus-halo", scheme), behind)

    assert max(ring, halo) >= 3.0
