from dataclasses import replace

from serveflow_lab import cards, evidence, parity, report

AGREED = parity.Parity(flows=1, onnx_difference=0, job_difference=0)


def test_names_the_classes_that_were_not_judged(trained):
    without = trained.held_out.take((trained.held_out.flows["label"] != "DNS").to_numpy())
    figures = evidence.held_out_figures(trained.plan.stages, without.known())
    less = replace(trained, held_out=without, held_out_figures=figures)

    told = "Not judged, for no flow of theirs is held out: DNS.\n"
    count = len(trained.plan.labels)
    assert told in cards.model_card(less, AGREED)
    assert f" | {count - 1} of {count} | " in cards.model_card(less, AGREED)
    assert "Not judged" not in cards.model_card(trained, AGREED)
    assert f" | {count} of {count} | " in cards.model_card(trained, AGREED)


def test_tells_each_class_on_held_out_flows(trained):
    told = trained.held_out_figures["test"]["byClass"]["DNS"]
    flows = (trained.held_out.flows["label"] == "DNS").sum()

    assert told["flows"] == flows
    row = f"| DNS | {flows} | {told['precision']:.3f} | {told['recall']:.3f} | {told['f1']:.3f} |"
    assert row in cards.model_card(trained, AGREED)


def test_of_no_flows_there_is_no_share(trained):
    none = trained.held_out_figures["test"] | {
        "wrongFastRightSlow": 0,
        "wrongFastRightSlowEscalated": 1.0,
    }
    choices = {name: replace(c, harmed=0) for name, c in trained.choices.items()}
    card = cards.model_card(
        replace(trained, held_out_figures={"test": none}, choices=choices), AGREED
    )

    assert " | none | " in card and "right, escalated: none." in card


def test_writes_any_label_in_any_locale(trained, ascii_locale, tmp_path):
    labels = tuple("größe|日" if name == "DNS" else name for name in trained.plan.labels)
    odd = replace(
        trained,
        plan=replace(trained.plan, labels=labels),
        training=replace(trained.training, labels=labels),
        held_out=replace(trained.held_out, labels=labels),
        source="<b>größe</b>",
    )
    cards.write(tmp_path, odd, AGREED)
    report.write(tmp_path / "report.html", odd, AGREED)
    odd.plan.write(tmp_path)

    card = (tmp_path / "DATA_CARD.md").read_text(encoding="utf-8")
    assert "| größe&#124;日 | " in card and "Source: &lt;b&gt;größe&lt;/b&gt;." in card
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<td>größe|日</td>" in page and "<b>" not in page
