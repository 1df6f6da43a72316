"""A small convolutional network over the packets of a flow.

Written out in NumPy: two convolutions over time, the largest activation of each, one dense layer.
It is the neural family of the comparison; a deep-learning framework would be a hundred times the
size of everything else that the lab installs.
"""

import numpy as np
from onnx import helper, numpy_helper
from scipy.special import softmax

CHANNELS = 32
KERNEL = 3
EPOCHS = 15
BATCH = 256
RATE = 2e-3
DECAYS = (0.9, 0.999)


class PacketNetwork:
    """Convolutions over the packets' columns; the columns before them join at the dense layer."""

    def __init__(self, packets, first, width, classes, seed):
        rng = np.random.default_rng(seed)
        self.packets, self.first, self.width, self.classes = packets, first, width, classes
        self.rng = rng

        def layer(*shape, fan_in):
            return rng.normal(0, np.sqrt(2 / fan_in), shape).astype(np.float32)

        self.p = {
            "conv1": layer(KERNEL * width, CHANNELS, fan_in=KERNEL * width),
            "bias1": np.zeros(CHANNELS, np.float32),
            "conv2": layer(KERNEL * CHANNELS, CHANNELS, fan_in=KERNEL * CHANNELS),
            "bias2": np.zeros(CHANNELS, np.float32),
            "dense": layer(CHANNELS + first, classes, fan_in=CHANNELS + first),
            "bias3": np.zeros(classes, np.float32),
        }

    def fit(self, rows, truth, weights):
        squashed = _squash(rows)
        self.mean = squashed.mean(axis=0)
        self.scale = 1 / np.maximum(squashed.std(axis=0), 1e-3)
        inputs = (squashed - self.mean) * self.scale
        moments = {name: [np.zeros_like(v), np.zeros_like(v)] for name, v in self.p.items()}
        step = 0
        for _ in range(EPOCHS):
            order = self.rng.permutation(len(rows))
            for at in range(0, len(rows), BATCH):
                batch = order[at : at + BATCH]
                slopes = self._slopes(inputs[batch], truth[batch], weights[batch])
                step += 1
                for name, slope in slopes.items():
                    self._update(name, slope, moments[name], step)
        return self

    def _update(self, name, slope, moment, step):
        first, second = DECAYS
        moment[0] = first * moment[0] + (1 - first) * slope
        moment[1] = second * moment[1] + (1 - second) * slope**2
        mean = moment[0] / (1 - first**step)
        spread = np.sqrt(moment[1] / (1 - second**step)) + 1e-8
        self.p[name] = (self.p[name] - RATE * mean / spread).astype(np.float32)

    def shares(self, rows, batch=4096):
        parts = []
        for at in range(0, len(rows), batch):
            inputs = (_squash(rows[at : at + batch]) - self.mean) * self.scale
            parts.append(softmax(self._forward(inputs)[-1].astype(np.float64), axis=1))
        return np.concatenate(parts)

    def _forward(self, inputs):
        end = self.first + self.packets * self.width
        sequence = inputs[:, self.first : end].reshape(len(inputs), self.packets, self.width)
        windows1 = _windows(sequence)
        hidden1 = np.maximum(windows1 @ self.p["conv1"] + self.p["bias1"], 0)
        windows2 = _windows(hidden1)
        hidden2 = np.maximum(windows2 @ self.p["conv2"] + self.p["bias2"], 0)
        joined = np.concatenate([hidden2.max(axis=1), inputs[:, : self.first]], axis=1)
        logits = joined @ self.p["dense"] + self.p["bias3"]
        return windows1, hidden1, windows2, hidden2, joined, logits

    def _slopes(self, inputs, truth, weights):
        windows1, hidden1, windows2, hidden2, joined, logits = self._forward(inputs)
        error = softmax(logits, axis=1)
        error[np.arange(len(truth)), truth] -= 1
        error *= (weights / weights.sum())[:, None]
        slopes = {"dense": joined.T @ error, "bias3": error.sum(axis=0)}
        pooled = (error @ self.p["dense"].T)[:, :CHANNELS]
        back2 = np.zeros_like(hidden2)
        largest = hidden2.argmax(axis=1)
        np.put_along_axis(back2, largest[:, None, :], pooled[:, None, :], axis=1)
        back2 *= hidden2 > 0
        slopes["conv2"] = np.einsum("npi,npo->io", windows2, back2)
        slopes["bias2"] = back2.sum(axis=(0, 1))
        back1 = _unwindow(back2 @ self.p["conv2"].T, CHANNELS) * (hidden1 > 0)
        slopes["conv1"] = np.einsum("npi,npo->io", windows1, back1)
        slopes["bias1"] = back1.sum(axis=(0, 1))
        return slopes

    def onnx_nodes(self, calibration, name_in, name_out):
        return calibration.nodes_of(self, name_in, name_out)

    def share_nodes(self, name_in, name_out):
        end = self.first + self.packets * self.width
        constants = {
            "one": np.float32([1]),
            "mean": self.mean,
            "scale": self.scale,
            "from": np.int64([0]),
            "first": np.int64([self.first]),
            "last": np.int64([end]),
            "columns": np.int64([1]),
            "shape": np.int64([0, self.packets, self.width]),
            "conv1": _kernel(self.p["conv1"], self.width),
            "bias1": self.p["bias1"],
            "conv2": _kernel(self.p["conv2"], CHANNELS),
            "bias2": self.p["bias2"],
            "dense": self.p["dense"],
            "bias3": self.p["bias3"],
        }
        pads = [KERNEL // 2, KERNEL // 2]
        node = helper.make_node
        nodes = [
            node("Abs", [name_in], ["size"]),
            node("Add", ["size", "one"], ["size1"]),
            node("Log", ["size1"], ["log"]),
            node("Sign", [name_in], ["sign"]),
            node("Mul", ["sign", "log"], ["squashed"]),
            node("Sub", ["squashed", "mean"], ["centred"]),
            node("Mul", ["centred", "scale"], ["inputs"]),
            node("Slice", ["inputs", "from", "first", "columns"], ["head"]),
            node("Slice", ["inputs", "first", "last", "columns"], ["flat"]),
            node("Reshape", ["flat", "shape"], ["sequence"]),
            node("Transpose", ["sequence"], ["channels"], perm=[0, 2, 1]),
            node("Conv", ["channels", "conv1", "bias1"], ["c1"], pads=pads),
            node("Relu", ["c1"], ["hidden1"]),
            node("Conv", ["hidden1", "conv2", "bias2"], ["c2"], pads=pads),
            node("Relu", ["c2"], ["hidden2"]),
            node("ReduceMax", ["hidden2"], ["pooled"], axes=[2], keepdims=0),
            node("Concat", ["pooled", "head"], ["joined"], axis=1),
            node("Gemm", ["joined", "dense", "bias3"], ["network"]),
            node("Softmax", ["network"], [name_out], axis=1),
        ]
        # Calibration has a bias of its own; the names do not meet.
        tensors = [
            numpy_helper.from_array(
                value if value.dtype == np.int64 else value.astype(np.float32), name
            )
            for name, value in constants.items()
        ]
        return nodes, tensors


def _squash(rows):
    """Lengths and windows span five decades; signs carry directions."""
    rows = np.asarray(rows, dtype=np.float32)
    return np.sign(rows) * np.log(np.abs(rows) + np.float32(1))


def _windows(sequence):
    """Every packet with its neighbours: (flows, packets, kernel * channels)."""
    half = KERNEL // 2
    padded = np.pad(sequence, ((0, 0), (half, half), (0, 0)))
    count = sequence.shape[1]
    return np.concatenate([padded[:, k : k + count] for k in range(KERNEL)], axis=2)


def _unwindow(slopes, channels):
    half, count = KERNEL // 2, slopes.shape[1]
    total = np.zeros((len(slopes), count + 2 * half, channels), dtype=slopes.dtype)
    for k in range(KERNEL):
        total[:, k : k + count] += slopes[:, :, k * channels : (k + 1) * channels]
    return total[:, half : half + count]


def _kernel(weights, channels):
    return weights.reshape(KERNEL, channels, -1).transpose(2, 1, 0)
