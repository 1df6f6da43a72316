"""A fitted, calibrated model as an ONNX file: `features` in, `probabilities` out."""

import hashlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

OPSET = 17
ML_OPSET = 3
IR_VERSION = 8


def onnx_bytes(model, calibration, width, classes):
    """Serialises deterministically: the same model gives the same bytes."""
    nodes, constants = model.onnx_nodes(calibration, "features", "probabilities")
    graph = helper.make_graph(
        nodes,
        "serveflow",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["flows", width])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["flows", classes])],
        constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    proto = helper.make_model(graph, opset_imports=opsets, producer_name="serveflow-lab")
    proto.ir_version = IR_VERSION
    onnx.checker.check_model(proto)
    return proto.SerializeToString(deterministic=True)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def session(content):
    """An ONNX Runtime session as the job has it: one thread, no spinning."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def probabilities(content, rows, batch=4096):
    """What the model answers, in the arithmetic of serving."""
    running = session(content)
    rows = np.ascontiguousarray(rows, dtype=np.float32)
    parts = [
        running.run(["probabilities"], {"features": rows[i : i + batch]})[0]
        for i in range(0, len(rows), batch)
    ]
    return np.concatenate(parts)
