"""Names of others in Markdown and in HTML: what is shown is what they are."""

import html
from html.parser import HTMLParser

import mistune
import pytest

from serveflow_lab import report
from serveflow_lab.markup import escaped

ODD = [
    "Chat|Video",
    "<img src='x'>",
    "`code`",
    "AT&T &lt;",
    "![image](http://x)",
    "**bold**",
    "größe",
    "FTP_DATA",
    "back\\slash",
]


class Cells(HTMLParser):
    def __init__(self):
        super().__init__()
        self.cells = []

    def handle_starttag(self, tag, attributes):
        assert tag in ("table", "thead", "tbody", "tr", "th", "td"), tag
        if tag in ("th", "td"):
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data.strip()


def cells(page):
    parser = Cells()
    parser.feed(page)
    parser.close()
    return parser.cells


@pytest.mark.parametrize("name", ODD)
def test_a_name_stays_in_its_cell(name):
    table = f"| class | flows |\n|---|--:|\n| {escaped(name)} | 3 |\n"
    markdown = mistune.create_markdown(escape=False, plugins=["table"])

    assert cells(markdown(table)) == ["class", "flows", name, "3"]
    assert cells(report._markdown(table)) == ["class", "flows", name, "3"]


def test_a_name_stays_on_its_line():
    assert escaped("two\nlines\r\x1b[2J\u2028") == "two lines  &#91;2J "
    assert html.unescape(escaped("a|b")) == "a|b"
