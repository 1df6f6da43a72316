"""How a message names many things."""

SHOWN = 3


def few(things, shown=SHOWN, name=str):
    """The first of them by name, and how many more there are."""
    more = f" and {len(things) - shown:,} more" if len(things) > shown else ""
    return ", ".join(map(name, things[:shown])) + more
