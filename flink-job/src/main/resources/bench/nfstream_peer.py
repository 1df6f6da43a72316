"""NFStream with ONNX models in a plug-in: one flow at a time, as its API has it.

Called by ./serveflow bench peers with a capture, a description of the models and the file to write
the figures to: what NFStream has to say goes to the standard output. The plug-in makes
rows of the width that the models take out of NFStream's packet attributes, and asks the stages in
order; the share of flows that each stage lets pass is given, so that as many models run as in the
job that it is compared with. A flow that ends with too few packets is put to the last model, as
the job does, so every flow has an answer. Loading and the first calls of the models are not timed,
the start of NFStream's metering process is.
"""

import json
import multiprocessing
import os
import resource
import signal
import sys
import time

import numpy
import onnxruntime
from nfstream import NFPlugin, NFStreamer


WARM_UP_CALLS = 200
ENDED_WELL = (0, signal.SIGTERM)  # NFStream ends a process of its own by the signal


class Stage:
    """One model: asked when a flow has enough packets."""

    def __init__(self, spec):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            spec["file"], options, providers=["CPUExecutionProvider"]
        )
        self.width = spec["width"]
        self.packets = spec["packets"]
        self.passes = spec["passes"]
        self.owed = 0.0

    def warm_up(self):
        """The first calls of a session also make its buffers."""
        for _ in range(WARM_UP_CALLS):
            self.classify([0])

    def classify(self, attributes):
        """The most probable class; rows that are short of numbers repeat them."""
        row = numpy.resize(numpy.array(attributes, dtype=numpy.float32), self.width)
        probabilities = self.session.run(["probabilities"], {"features": row[None, :]})[0][0]
        return int(probabilities.argmax())

    def answer(self, attributes):
        """The most probable class, or None when the next stage is to be asked."""
        label = self.classify(attributes)
        self.owed += self.passes
        if self.owed >= 1.0:
            self.owed -= 1.0
            return None
        return label


class Cascade(NFPlugin):
    """Asks the stages, packet by packet, until one has answered."""

    def on_init(self, packet, flow):
        flow.udps.label = -1
        flow.udps.stage = 0
        flow.udps.seen = 1
        flow.udps.attributes = attributes(packet)
        self.ask(flow)

    def on_update(self, packet, flow):
        if flow.udps.label >= 0:
            return
        flow.udps.seen += 1
        flow.udps.attributes += attributes(packet)
        self.ask(flow)

    def ask(self, flow):
        """Asks every stage that has its packets."""
        while flow.udps.label < 0 and flow.udps.stage < len(self.stages):
            stage = self.stages[flow.udps.stage]
            if flow.udps.seen < stage.packets:
                return
            label = stage.answer(flow.udps.attributes)
            if label is None:
                flow.udps.stage += 1
            else:
                flow.udps.label = label
                flow.udps.attributes = None

    def on_expire(self, flow):
        if flow.udps.label < 0:
            flow.udps.label = self.stages[-1].classify(flow.udps.attributes)
        flow.udps.attributes = None


def attributes(packet):
    """The numbers that NFStream tells of a packet."""
    return [
        packet.direction,
        packet.delta_time,
        packet.raw_size,
        packet.ip_size,
        packet.transport_size,
        packet.payload_size,
        packet.ip_version,
        packet.protocol,
        packet.syn,
        packet.cwr,
        packet.ece,
        packet.urg,
        packet.ack,
        packet.psh,
        packet.rst,
        packet.fin,
    ]


def cpu_seconds():
    """CPU time of this process and of those that it waited for."""
    total = 0.0
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        usage = resource.getrusage(who)
        total += usage.ru_utime + usage.ru_stime
    return total


def end_with_any_process(*_):
    """NFStream waits for ever for a process that died: then all end, and say so."""
    try:
        # Left to be waited for: its CPU time counts only when NFStream has done so.
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return
    if ended is not None and ended.si_status not in ENDED_WELL:
        if ended.si_code != os.CLD_EXITED:  # or else it has said why itself
            print(f"signal {ended.si_status} ended NFStream's meter", file=sys.stderr, flush=True)
        end(1)


def end(code):
    """Ends this process and those that it started; Python would wait for them."""
    for process in multiprocessing.active_children():
        process.kill()
    os._exit(code)


def write(figures, path):
    """Whole or not at all."""
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(figures, file)
    os.replace(path + ".part", path)


def main():
    capture, description, result = sys.argv[1:4]
    with open(description, encoding="utf-8") as file:
        stages = [Stage(spec) for spec in json.load(file)]
    for stage in stages:  # ready before the clock starts; the process that meters inherits them
        stage.warm_up()
    signal.signal(signal.SIGCHLD, end_with_any_process)
    start, cpu = time.monotonic(), cpu_seconds()
    streamer = NFStreamer(
        source=capture,
        n_meters=1,  # each of several would read the whole capture
        n_dissections=0,
        statistical_analysis=False,
        idle_timeout=120,
        active_timeout=1800,
        udps=Cascade(stages=stages),
    )
    flows = answered = 0
    for flow in streamer:
        flows += 1
        answered += flow.udps.label >= 0
    figures = {
        "flows": flows,
        "answered": answered,
        "seconds": time.monotonic() - start,
        "cpu_seconds": cpu_seconds() - cpu,
    }
    write(figures, result)
    end(0)


if __name__ == "__main__":
    main()
