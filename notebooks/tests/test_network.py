import numpy as np

from serveflow_lab.network import PacketNetwork


def test_its_slopes_are_those_of_its_loss():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(7, 2 + 4 * 3)).astype(np.float32)
    truth, weights = rng.integers(0, 3, 7), np.ones(7)
    network = PacketNetwork(packets=4, first=2, width=3, classes=3, seed=2)

    def loss():
        logits = network._forward(rows)[-1].astype(np.float64)
        log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return -log_p[np.arange(7), truth].mean()

    slopes = network._slopes(rows, truth, weights)
    for name, values in network.p.items():
        network.p[name] = values = values.astype(np.float64)
        where = tuple(rng.integers(0, size) for size in values.shape)
        values[where] += 1e-5
        above = loss()
        values[where] -= 2e-5
        assert np.isclose((above - loss()) / 2e-5, slopes[name][where], atol=1e-4)
        values[where] += 1e-5


def test_learns_an_order_that_no_single_packet_shows():
    rng = np.random.default_rng(1)
    first = rng.integers(0, 2, 3000)
    rows = np.stack([first, 1 - first, np.zeros(3000)], axis=1) * 4 + rng.normal(0, 0.3, (3000, 3))
    network = PacketNetwork(packets=3, first=0, width=1, classes=2, seed=1)
    network.fit(rows[:2000], first[:2000], np.ones(2000))

    assert (network.shares(rows[2000:]).argmax(axis=1) == first[2000:]).mean() > 0.97
