import io

import numpy as np

from serveflow_lab import figures


def test_draws_labels_that_look_like_formulas():
    truth = np.array([0, 1, 1])
    figure = figures.confusion_matrix(truth, truth, ["$\\wrong$", "cheap $ and $$"])

    figure.savefig(io.BytesIO(), format="png")
    figures.close(figure)
