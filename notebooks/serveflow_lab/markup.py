"""Text of others inside the cards, which are Markdown."""

import html

from serveflow_lab.wording import on_one_line

# What begins a cell, code, emphasis or a link; `html.escape` takes care of elements.
MARKS = "|`*["


def escaped(text):
    """The text with every mark as an entity, which Markdown shows as it was."""
    text = html.escape(on_one_line(text), quote=False)
    return "".join(f"&#{ord(letter)};" if letter in MARKS else letter for letter in text)
