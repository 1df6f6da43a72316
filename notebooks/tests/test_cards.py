from dataclasses import replace

from serveflow_lab import cards, parity

AGREED = parity.Parity(flows=1, onnx_difference=0, job_difference=0)


def test_names_the_classes_that_were_not_judged(trained):
    without = trained.held_out.take((trained.held_out.flows["label"] != "DNS").to_numpy())

    told = "Not judged, for no flow of theirs is held out: DNS.\n"
    assert told in cards.model_card(replace(trained, held_out=without), AGREED)
    assert "Not judged" not in cards.model_card(trained, AGREED)


def test_tells_each_class_on_held_out_flows(trained):
    told = trained.held_out_figures["test"]["byClass"]["DNS"]
    flows = (trained.held_out.flows["label"] == "DNS").sum()

    assert told["flows"] == flows
    row = f"| DNS | {flows} | {told['precision']:.3f} | {told['recall']:.3f} | {told['f1']:.3f} |"
    assert row in cards.model_card(trained, AGREED)
