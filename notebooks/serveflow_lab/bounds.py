"""Values of the command line, each within its bounds: 94 is no share."""

import argparse
import math

# Seconds that a plan can say in milliseconds.
SECONDS = 1e-3, 1e6
LARGEST_SEED = 2**31 - 1


def number(kind, least, most=math.inf):
    """For argparse: reads a number and refuses what lies outside."""

    def parsed(text):
        value = kind(text)
        if not least <= value <= most:
            to = f"at least {least:g}" if most == math.inf else f"from {least:g} to {most:g}"
            raise argparse.ArgumentTypeError(f"{text} must be {to}")
        return value

    parsed.__name__ = "number"
    return parsed


def text(given):
    """What may not be empty: a plan without a name or a version is none."""
    if not given.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return given


def names(given):
    """Names between commas."""
    return tuple(name.strip() for name in text(given).split(","))


share = number(float, 0, 1)
seconds = number(float, *SECONDS)
micros = number(float, 0)
seed = number(int, 0, LARGEST_SEED)
count = number(int, 1)
