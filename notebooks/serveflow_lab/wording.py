"""How a message names things, one or many."""

SHOWN = 3


def few(things, shown=SHOWN, name=str):
    """The first of them by name, and how many more there are."""
    more = f" and {len(things) - shown:,} more" if len(things) > shown else ""
    return ", ".join(map(name, things[:shown])) + more


def on_one_line(name):
    """A name without what breaks lines or moves a terminal's cursor: it may come from anywhere."""
    return "".join(letter if letter.isprintable() else " " for letter in name)


def classes_of(occurring, of_bundle):
    """How many classes figures are over: not all of a bundle need occur."""
    all_of_them = occurring == of_bundle
    return f"{occurring} classes" if all_of_them else f"{occurring} of {of_bundle} classes"


def share_of(share, count, width=0):
    """A share, and of how many; of none there is no share."""
    return f"{share:{width}.1%} of {count:,}" if count else f"{'none':>{width}s}"
