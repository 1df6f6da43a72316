from dataclasses import replace

from serveflow_lab import cards, parity


def test_names_the_classes_that_were_not_judged(trained):
    agreed = parity.Parity(flows=1, onnx_difference=0, job_difference=0)
    without = trained.held_out.take((trained.held_out.flows["label"] != "DNS").to_numpy())

    told = "Not judged, for no flow of theirs is held out: DNS.\n"
    assert told in cards.model_card(replace(trained, held_out=without), agreed)
    assert "Not judged" not in cards.model_card(trained, agreed)
