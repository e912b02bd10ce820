"""Quantised products against the same steps in numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from indexer.embedding.onnx_graph import quantise


def test_row_scales_by_hand(tmp_path: Path) -> None:
    """A product of two matrices, quantised, against the same steps in numpy."""
    import onnx
    import onnxruntime as ort
    from onnx import TensorProto, helper, numpy_helper

    generator = np.random.default_rng(0)
    matrix = generator.normal(size=(32, 8)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, None, 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, None, 8])],
        [numpy_helper.from_array(matrix, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(tmp_path / "plain.onnx"))
    quantise(tmp_path / "plain.onnx", tmp_path / "int8.onnx")
    session = ort.InferenceSession(str(tmp_path / "int8.onnx"))

    rows = generator.normal(size=(1, 5, 32)).astype(np.float32)
    rows[0, 2] *= 1000  # its neighbours keep their own scale
    rows[0, 3] = 0
    (result,) = session.run(None, {"x": rows})

    row_scale = np.maximum(np.abs(rows).max(-1, keepdims=True) / 127, 1e-12)
    column_scale = np.abs(matrix).max(0) / 64
    product = np.rint(rows / row_scale) @ np.rint(matrix / column_scale)
    np.testing.assert_allclose(result, product * row_scale * column_scale, rtol=1e-4, atol=1e-5)
    assert np.all(result[0, 3] == 0)
