"""How a message names things, one or many."""

SHOWN = 3


def few(things, shown=SHOWN, name=str):
    """The first of them by name, and how many more there are."""
    more = f" and {len(things) - shown:,} more" if len(things) > shown else ""
    return ", ".join(map(name, things[:shown])) + more


def on_one_line(name):
    """A name without what breaks lines or moves a terminal's cursor: it may come from anywhere."""
    return "".join(letter if letter.isprintable() else " " for letter in name)
