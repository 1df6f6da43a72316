import io
from dataclasses import replace

import numpy as np
import pytest

from serveflow_lab import figures


def test_draws_labels_that_look_like_formulas():
    truth = np.array([0, 1, 1])
    figure = figures.confusion_matrix(truth, truth, ["$\\wrong$", "cheap $ and $$"])

    figure.savefig(io.BytesIO(), format="png")
    figures.close(figure)


def test_tells_labels_apart_whose_letters_the_font_lacks(recwarn):
    truth = np.array([0, 1, 2])
    figure = figures.confusion_matrix(truth, truth, ["K\u00fcche", "\u65e5\u672c", "\u4e2d 1"])

    figure.savefig(io.BytesIO(), format="png")
    assert not [told for told in recwarn if "missing from font" in str(told.message)]
    drawn = [name.get_text() for name in figure.axes[0].get_yticklabels()]
    assert drawn == ["K\u00fcche", "\\u65e5\\u672c", "\\u4e2d 1"]
    figures.close(figure)


def test_draws_what_was_held_out(trained):
    # Nothing of the flows that were trained on is at hand.
    held_out = replace(trained, training=None, placed=None)
    told = trained.held_out_figures["test"]
    confusion = figures.confusion(held_out, "test")
    reliability = figures.reliability(held_out, "test")

    share = np.diag(confusion.axes[0].images[0].get_array())
    flows = [told["byClass"].get(name, {"flows": 0})["flows"] for name in trained.plan.labels]
    assert np.average(share, weights=flows) == pytest.approx(told["cascade"]["accuracy"])
    drawn = [line.get_label() for line in reliability.axes[0].lines[1:]]
    assert drawn == list(told["calibrationError"])
    figures.close(confusion)
    figures.close(reliability)


def test_writes_all_names_inside_the_axes(trained):
    figure = figures.placement(trained.placed)
    figure.canvas.draw()

    axes = figure.axes[0]
    names = {text.get_text(): text.get_window_extent() for text in axes.texts}
    assert set(names) >= {name for name, _ in trained.placed.stages}
    inside = axes.get_window_extent()
    for name, where in names.items():
        assert inside.x0 <= where.x0 and where.x1 <= inside.x1, name
        assert inside.y0 <= where.y0 and where.y1 <= inside.y1, name
    figures.close(figure)
