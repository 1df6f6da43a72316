"""Commands of the lab: `python -m serveflow_lab train` and `evaluate`."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path

from serveflow_lab import bounds
from serveflow_lab.budget import Budget
from serveflow_lab.errors import LabError

# How probable an answer must be to stand before the last stage.
SURE = 0.9

# Those of the job, which has the same default.
FEATURE_SETS = ("header", "header-port", "nprint", "nprint-full")

# What a shell says of a command that was ended by its user, and by the machine.
INTERRUPTED = 130
TERMINATED = 143


def main(arguments=None):
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (LabError, OSError) as wrong:
        print(f"serveflow: {wrong}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("serveflow: interrupted", file=sys.stderr)
        return INTERRUPTED


def _parser():
    parser = argparse.ArgumentParser(prog="serveflow", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _train_parser(commands)
    _evaluate_parser(commands)
    return parser


def _add_inputs(parser):
    parser.add_argument(
        "--captures", type=Path, required=True, metavar="DIR", help="directory of capture files"
    )
    parser.add_argument(
        "--labels",
        type=Path,
        required=True,
        metavar="CSV",
        help="label file: file, proto, src, sport, dst, dport, start, label; or file, label",
    )


def _train_parser(commands):
    parser = commands.add_parser("train", help="make a serving plan from labelled captures")
    _add_inputs(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="BUNDLE", help="where to write")
    parser.add_argument(
        "--name", type=bounds.text, help="name of the bundle and its task; default: BUNDLE's name"
    )
    parser.add_argument(
        "--version", type=bounds.text, default="1.0.0", help="version of the bundle"
    )
    parser.add_argument(
        "--source",
        default="",
        metavar="TEXT",
        help="where the captures come from and under which terms, for the data card",
    )
    parser.add_argument(
        "--set",
        choices=FEATURE_SETS,
        default=FEATURE_SETS[0],
        dest="feature_set",
        help=f"feature set (default: {FEATURE_SETS[0]})",
    )
    parser.add_argument(
        "--train-splits",
        type=bounds.names,
        default=("train",),
        metavar="NAMES",
        help="splits of the label file to train on; a file without splits is split by capture",
    )
    parser.add_argument(
        "--extra",
        type=Path,
        nargs=2,
        default=(),
        metavar=("DIR", "CSV"),
        help="further captures and labels to fit on, not to choose or judge by; flows of classes"
        " that the first label file does not have are traffic of no class",
    )
    parser.add_argument(
        "--whole-flows",
        action="store_true",
        help="learn whole flows alone; else models learn them again as probes see them that miss"
        " their handshake, their first packets or their backward direction",
    )
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument(
        "--quick",
        dest="grid",
        action="store_const",
        const="QUICK_GRID",
        default="DEFAULT_GRID",
        help="judge fewer families and depths: a first look",
    )
    effort.add_argument(
        "--thorough",
        dest="grid",
        action="store_const",
        const="THOROUGH_GRID",
        help="judge boosted trees and blends as well, up to 20 packets",
    )
    parser.add_argument(
        "--target-loss",
        type=bounds.share,
        default=0.004,
        metavar="F1",
        help="macro-F1 that early answers may cost (default: 0.004)",
    )
    parser.add_argument(
        "--escalate",
        type=bounds.share,
        default=0.94,
        metavar="SHARE",
        help="of the flows wrong early and right later, the share to escalate (default: 0.94)",
    )
    parser.add_argument(
        "--slow-budget",
        type=bounds.micros,
        default=Budget.slow,
        metavar="US",
        help=f"counted microseconds a flow of the slow model (default: {Budget.slow:g})",
    )
    parser.add_argument(
        "--fast-budget",
        type=bounds.micros,
        default=Budget.fast,
        metavar="US",
        help=f"counted microseconds a flow of the fast model (default: {Budget.fast:g})",
    )
    early = parser.add_mutually_exclusive_group()
    early.add_argument(
        "--sure",
        type=bounds.share,
        default=SURE,
        metavar="P",
        help=f"no answer stands early that is less probable (default: {SURE})",
    )
    early.add_argument(
        "--target-share",
        type=bounds.share,
        metavar="SHARE",
        help="share of flows that packet 1 must answer, whatever it costs and however sure it is",
    )
    parser.add_argument(
        "--between",
        action="store_true",
        help="place a stage between packet 1 and the slow model, in the fast operator",
    )
    parser.add_argument(
        "--deadline", type=bounds.seconds, metavar="S", help="seconds; default: by the data"
    )
    parser.add_argument("--seed", type=bounds.seed, default=1)
    parser.add_argument("--jobs", type=bounds.count, default=2, help="threads (default: 2)")
    parser.add_argument("--report", type=Path, metavar="HTML", help="default: BUNDLE/report.html")
    parser.set_defaults(run=_train)


def _settings(options):
    """What the options of `train` ask for."""
    from serveflow_lab import placement, target, thresholds, train

    # A share that is asked for is answered whatever it costs.
    sure = options.sure if options.target_share is None else 0.0
    name = options.name or options.out.resolve().name
    return train.Settings(
        captures=options.captures,
        labels=options.labels,
        out=options.out,
        name=name,
        version=options.version,
        feature_set=options.feature_set,
        train_splits=options.train_splits,
        extra=tuple(options.extra),
        grid=getattr(placement, options.grid),
        budget=Budget(
            fast=options.fast_budget, slow=options.slow_budget, between=options.between
        ),
        limits=thresholds.Limits(
            options.target_loss, options.escalate, answered=options.target_share, sure=sure
        ),
        deadline=options.deadline,
        partial=not options.whole_flows,
        seed=options.seed,
        jobs=options.jobs,
        source=options.source.rstrip("."),
        report=options.report or options.out / target.REPORT,
        progress=_progress(),
    )


def _train(options):
    from serveflow_lab import train

    settings = _settings(options)
    trained = train.run(settings)
    for split, figures in trained.held_out_figures.items():
        print(
            f"{split}: macro-F1 {figures['cascade']['macro_f1']:.3f},"
            f" always slow {figures['alwaysSlow']['macro_f1']:.3f},"
            f" answered on packet 1 {figures['answeredOnPacket1']:.1%}"
        )
    print(f"bundle: {settings.out}\nreport: {settings.report}")
    return 0


def _evaluate_parser(commands):
    parser = commands.add_parser("evaluate", help="judge a bundle on labelled captures")
    parser.add_argument(
        "--models",
        type=Path,
        default=Path("service-recognition"),
        metavar="BUNDLE",
        help="directory, or name of a shipped bundle (default: service-recognition)",
    )
    _add_inputs(parser)
    parser.add_argument(
        "--split",
        metavar="NAME",
        help="only this split of the label file, or of the training where that has none",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    parser.set_defaults(run=_evaluate)


def _evaluate(options):
    from serveflow_lab import evaluate
    from serveflow_lab.target import check_file

    if options.json:
        check_file(options.json)
    _, judged, result = evaluate.run(
        options.models,
        options.captures,
        options.labels,
        options.split,
        _progress(),
        options.json,
    )
    print(evaluate.table(result))
    for line in judged.told():
        print(f"serveflow: {line}", file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


def _progress():
    """Tells what is done, and how long after the start, beside the results."""
    start = time.monotonic()

    def progress(text):
        print(f"[{time.monotonic() - start:6.1f} s] {text}", file=sys.stderr, flush=True)

    return progress


if __name__ == "__main__":
    # A label may have letters that the user's locale has not.
    sys.stdout.reconfigure(errors="backslashreplace")
    # An exit like any other: scratch files and the job's processes go with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    sys.exit(main())
