"""Starting: the page is there before the models, says what it waits for, and no question loads a model twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Index
from index.encode import NVIDIA_DRIVER
from index.filters import Filters
from index.run_model import CompiledModel
from qa import ask as answer
from qa.answer import Answer
from qa.reader import passage_reader
from qa.web.line import Line
from qa.web.loading import FIRST_QUESTION, loading
from qa.web.panel import about
from qa.web.watching import Standing

PROJECT = Path(__file__).resolve().parent.parent


def test_a_question_waits_for_the_models() -> None:
    may_load = threading.Event()
    order: list[str] = []

    def ask(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        if question == FIRST_QUESTION:
            assert may_load.wait(60)
        order.append(question)
        return Answer.__new__(Answer)

    with loading(ask, print) as models:
        line = Line(ready=models.wait)
        asked = threading.Thread(target=lambda: asyncio.run(line.run(lambda: ask("Why?", [], False, Filters()))))
        asked.start()
        assert models.standing(Standing()).waits_for and not order
        may_load.set()
        asked.join(60)
        assert not models.standing(Standing()).waits_for
    assert order == [FIRST_QUESTION, "Why?"]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The judges that are loaded from here on; none is at the beginning."""
    loaded: list[Path] = []

    def load(file: Path) -> CompiledModel:
        loaded.append(file)
        return CompiledModel(file)

    monkeypatch.setattr(passage_reader, "CompiledModel", load)
    passage_reader._loaded_model.cache_clear()
    return loaded


def at_once(work: Callable[[], object]) -> None:
    """Do the same in two threads."""
    begin = threading.Barrier(2)
    threads = [threading.Thread(target=lambda: (begin.wait(60), work())) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)


def test_what_is_loaded_is_all_that_an_answer_needs(seeds_index: Index, loads: list[Path]) -> None:
    def ask(question: str, history: list[tuple[str, str]], as_typed: bool, filters: Filters) -> Answer:
        return answer(question, index=seeds_index)

    with loading(ask, print) as models:
        models.wait()
        assert len(loads) == 1
        at_once(lambda: ask("Why did the truce fail?", [], False, Filters()))
    assert len(loads) == 1


def test_two_who_ask_at_once_load_the_judge_once(loads: list[Path]) -> None:
    passage = passage_reader.ReadPassage("", ("The mayor won.",))
    at_once(lambda: passage_reader.read_passages("Who won?", [passage]))
    assert len(loads) == 1


def test_the_head_of_the_page_says_what_it_waits_for(seeds_index: Index) -> None:
    generation = seeds_index.generation
    assert "waiting for the models to load …" in about(
        seeds_index, Standing(generation, waits_for="the models to load")
    )
    assert "waiting" not in about(seeds_index, Standing(generation))


@pytest.mark.parametrize("module", ["qa", "index"])
def test_help_costs_nothing(module: str) -> None:
    code = (
        f"import runpy, sys\nsys.argv = ['{module}', '--help']\ntry: runpy.run_module('{module}', run_name='__main__')\n"
        "finally: print(sorted({'torch', 'gradio', 'faiss', 'numpy', 'openvino', 'tantivy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert "limits:" in done.stdout and done.stdout.endswith("[]\n"), done.stdout[-300:] + done.stderr


@pytest.mark.skipif(any(each.exists() for each in NVIDIA_DRIVER), reason="torch tells whether there is a CUDA device")
@pytest.mark.parametrize(("module", "command"), [("index", "status"), ("qa", "Why did the truce fail?")])
def test_a_cold_start_needs_neither_torch_nor_gradio(seeds_index: Index, module: str, command: str) -> None:
    answer("Why?", index=seeds_index)  # what is converted once, by torch, has been
    code = (
        f"import runpy, sys\nsys.argv = ['{module}', '{command}', '--index', '{seeds_index.folder.parent}']\n"
        f"try: runpy.run_module('{module}', run_name='__main__')\n"
        "finally: print(sorted({'torch', 'gradio', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert len(done.stdout) > 100 and done.stdout.endswith("[]\n"), done.stdout[-300:] + done.stderr
