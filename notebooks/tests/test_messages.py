import numpy as np
from conftest import flows_of

from serveflow_lab import candidates, messages
from serveflow_lab.families import Family

NAMES = ["protocol", "p1_payload_length", "message_1", "ip_length_mean", "log_inter_arrival_mean"]


def test_messages_are_what_is_told_of_the_flow_and_not_of_its_way():
    assert messages.columns(NAMES) == (0, 2)
    more = ["tcp_syn_packets", "log_duration", "forward_payload_length_max", "p12_tcp_syn", "turns"]
    assert messages.columns(more) == (0, 2, 4)


def test_a_half_of_a_message_forest_sees_nothing_else():
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(400, 5))
    captures = [f"c{i % 9}" for i in range(400)]
    data = flows_of((rows[:, 1] + rows[:, 2] > 0).astype(int), captures, rows)
    data.features.names[1] = NAMES
    model = candidates.fit(data, Family("message-forest", size=8), 1, seed=1)

    def answers(forest, column):
        moved = rows.copy()
        moved[:, column] = rng.permutation(moved[:, column])
        return forest.predict_proba(np.float32(moved)).tobytes()

    whole, half = model.forests[0], model.forests[-1]
    assert len({answers(half, column) for column in (1, 3, 4)}) == 1
    assert answers(half, 2) != answers(half, 1) and answers(whole, 1) != answers(whole, 3)


def test_a_blend_tells_its_parts_which_columns_there_are():
    parts = (Family("message-forest", size=2), Family("lightgbm", size=2))

    forest, boosted = Family("blend", parts=parts).on(NAMES).parts
    assert forest.messages == (0, 2) and boosted == parts[1]


def test_without_such_columns_a_message_forest_is_a_mixed_one():
    rows = np.random.default_rng(1).normal(size=(200, 3))
    truth, weights = (rows[:, 0] > 0).astype(int), np.ones(200)
    bits = Family("message-forest", size=4).on(["p1_ip_ver_0", "p1_ip_ver_1", "p2_ip_ver_0"])

    fitted = (
        family.fit(rows, truth, weights, 2, seed=1)
        for family in (bits, Family("mixed-forest", size=4))
    )
    assert len({model.shares(rows).tobytes() for model in fitted}) == 1
