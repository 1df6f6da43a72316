from pathlib import Path

from serveflow_lab.target import Target


def test_a_report_inside_the_bundle_is_written_with_it():
    target = Target.of("out", "out/report.html")

    assert target.report_of(Path("scratch")) == Path("scratch/report.html")
    assert Target.of("out", "mine.html").report_of(Path("scratch")) == Path("mine.html").resolve()
    assert Target.of("out", None).report_of(Path("scratch")) is None
