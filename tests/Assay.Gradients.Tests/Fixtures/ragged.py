"""Writes the ragged_*.onnx beside this file: torch.nn.EmbeddingBag over a vector of ids and offsets, as exported by PyTorch 1.13."""

import pathlib

import torch


class Bags(torch.nn.Module):
    def __init__(self, mode, include_last_offset, weighted):
        super().__init__()
        self.bag = torch.nn.EmbeddingBag(10, 3, mode=mode, include_last_offset=include_last_offset)
        self.layer = torch.nn.Linear(3, 1)
        self.weighted = weighted

    def forward(self, ids, offsets, weights=None):
        pooled = self.bag(ids, offsets, per_sample_weights=weights) if self.weighted else self.bag(ids, offsets)
        return torch.sigmoid(self.layer(torch.tanh(pooled)))


for mode, last, weighted, opset in [
    ("sum", False, False, 11),
    ("sum", True, False, 16),
    ("sum", False, True, 13),
    ("sum", True, True, 16),
    ("mean", False, False, 16),
    ("mean", True, False, 11),
    ("max", False, False, 16),
]:
    torch.manual_seed(1)
    offsets = [0, 2, 2, 5] + ([6] if last else [])
    arguments = [torch.tensor([1, 2, 3, 4, 5, 6]), torch.tensor(offsets)] + ([torch.rand(6)] if weighted else [])
    names = ["ids", "offsets", "weights"][: len(arguments)]
    form = f"{mode}{'_weighted' if weighted else ''}{'_last' if last else ''}_op{opset}"
    torch.onnx.export(
        Bags(mode, last, weighted).eval(),
        tuple(arguments),
        pathlib.Path(__file__).parent / f"ragged_{form}.onnx",
        opset_version=opset,
        input_names=names,
        output_names=["p"],
        dynamic_axes={n: {0: "batch" if n == "offsets" else "total"} for n in names},
    )
