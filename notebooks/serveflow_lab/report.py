"""The report of a training: one HTML file with everything in it."""

import base64
import html
import io
from pathlib import Path

from serveflow_lab import cards, figures

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
img { max-width: 100% } table { border-collapse: collapse; margin: 1rem 0 }
td, th { padding: .2rem .7rem; border-bottom: 1px solid #ddd; text-align: right }
td:first-child, th:first-child { text-align: left } code { background: #f3f3f3 }
"""


def write(path, trained, agreed):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    plan = trained.plan
    drawn = [
        ("Placement: F1 against cost", figures.placement(trained.placed)),
        ("F1 over packet depth", figures.depth(trained.placed.judged)),
        ("F1 against the share escalated", figures.escalation(trained)),
        ("Unknown: right answers lost against flows refused", figures.unknown(trained.rules)),
    ]
    for split in trained.held_out_figures:
        drawn += [
            (f"Reliability by stage, held-out {split}", figures.reliability(trained, split)),
            (f"Confusion of the cascade, held-out {split}", figures.confusion(trained, split)),
        ]
    parts = [
        "<!doctype html><meta charset='utf-8'>",
        f"<title>{html.escape(plan.name)} {html.escape(plan.version)}</title>",
        f"<style>{STYLE}</style>",
        _markdown(cards.model_card(trained, agreed)),
        *(f"<h2>{html.escape(title)}</h2>{_image(figure)}" for title, figure in drawn),
        _markdown(cards.data_card(trained)),
    ]
    path.write_text("\n".join(parts), encoding="utf-8")


def _image(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight", metadata={"Software": None})
    figures.close(figure)
    return f"<img src='data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}'>"


def _markdown(text):
    """The few forms that the cards use: headings, tables, lists, paragraphs, code."""
    parts, rows = [], []

    def end_table():
        if rows:
            parts.append("<table>" + "".join(rows) + "</table>")
            rows.clear()

    for line in text.splitlines():
        if line.startswith("|"):
            cells = [_inline(cell.strip()) for cell in line.strip("|").split("|")]
            if all(set(cell) <= set("-:") for cell in cells):
                continue
            tag = "td" if rows else "th"
            rows.append("<tr>" + "".join(f"<{tag}>{c}</{tag}>" for c in cells) + "</tr>")
            continue
        end_table()
        level = len(line) - len(line.lstrip("#"))
        if level:
            parts.append(f"<h{level}>{_inline(line[level:].strip())}</h{level}>")
        elif line.startswith("- "):
            parts.append(f"<p>&bull; {_inline(line[2:])}</p>")
        elif line:
            parts.append(f"<p>{_inline(line)}</p>")
    end_table()
    return "\n".join(parts)


def _inline(text):
    # What the cards escape is entities already, and none of them is a mark of Markdown.
    parts = [html.escape(html.unescape(part)) for part in text.split("`")]
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))
