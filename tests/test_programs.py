"""What programs get: the four endpoints with their types, the examples of docs/api.md as they stand, MCP."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from benchmarks.crowd import BUSY, Expected, call, together
from index import Index, open_index
from qa import ask, retrieve
from qa.web.endpoints import arguments, endpoints
from qa.web.gate import Gate
from qa.web.line import Line
from qa.web.watching import Standing
from tests.conftest import Served
from tests.page_running import PROJECT, running
from tests.test_guard import send

pytestmark = pytest.mark.model
DOCUMENT = (PROJECT / "docs" / "api.md").read_text(encoding="utf-8")
TRUCE = "Why did the September 2016 truce fail?"


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    return Client(served.address, verbose=False)


@pytest.fixture(scope="module")
def index(served: Served) -> Index:
    return open_index(served.index_dir)


def example(language: str, served: Served) -> str:
    """The document's example, with the port of the page that runs here."""
    found = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)[0]
    assert ":7860/" in found
    return str(found).replace(":7860/", f":{served.port}/")


def documented() -> list[str]:
    return re.findall(r"^\| `/(\w+)` \|", DOCUMENT, re.MULTILINE)


@pytest.mark.parametrize("query", ["", "?all_endpoints=true"])
def test_exactly_the_documented_endpoints_are_public(served: Served, query: str) -> None:
    info = json.loads(send(served, "GET", f"/gradio_api/info{query}", ["Host: localhost"])[2])
    assert sorted(info["named_endpoints"]) == sorted(f"/{name}" for name in documented())
    assert info["unnamed_endpoints"] == {}


def test_every_argument_is_documented_and_typed(client: Client) -> None:
    described: Any = client.view_api(return_format="dict")
    for name in documented():
        row = next(line for line in DOCUMENT.splitlines() if line.startswith(f"| `/{name}` |"))
        for parameter in described["named_endpoints"][f"/{name}"]["parameters"]:
            assert parameter["parameter_name"] in row
            assert "Any" not in parameter["python_type"]["type"]


def test_replies_have_the_fields_that_the_schema_shows(client: Client) -> None:
    described: Any = client.view_api(return_format="dict")
    replies = {
        "/ask": client.predict(TRUCE, api_name="/ask"),
        "/retrieve": client.predict(TRUCE, api_name="/retrieve"),
        "/status": client.predict(api_name="/status"),
        "/article": client.predict("no-talks-before-aleppo-falls.md", api_name="/article"),
    }
    for name, reply in replies.items():
        assert reply
        assert_like(described["named_endpoints"][name]["returns"][0]["type"], reply)


def assert_like(schema: dict[str, Any], value: object) -> None:
    """Hold a value against a JSON schema, names and order of the fields included."""
    if "oneOf" in schema:
        schema = schema["oneOf"][0 if value is None else 1]
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "number": float, "boolean": bool}
    kinds["null"] = type(None)
    assert isinstance(value, kinds[schema["type"]])
    if isinstance(value, dict):
        assert list(value) == list(schema["properties"])
        for name, each in value.items():
            assert_like(schema["properties"][name], each)
    if isinstance(value, list):
        for each in value:
            assert_like(schema["items"], each)


def test_the_python_example_runs_as_it_stands(served: Served) -> None:
    done = subprocess.run([sys.executable, "-c", example("python", served)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True\n") and "convoy" in done.stdout


def test_the_curl_example_runs_as_it_stands(served: Served) -> None:
    done = subprocess.run(["bash", "-c", example("sh", served)], capture_output=True, text=True)
    assert done.stdout.startswith("event: complete\ndata: [{"), done.stderr
    answer = json.loads(done.stdout.splitlines()[1].removeprefix("data: "))[0]
    assert answer["question"] == TRUCE and len(answer["passages"]) == 3


def test_the_door_says_what_the_python_door_says(served: Served, index: Index) -> None:
    history: list[Any] = ["When was the aid convoy bombed?", ["Who was blamed?", "Each side."]]
    given = ["And why?", history, 3, "", "", "strategic", False]
    event, (answer,) = call(served.address, "ask", given)
    alone = ask("And why?", [history[0], tuple(history[1])], index, k=3, source="strategic")
    assert event == "complete"
    assert (answer["query"], answer["text"], len(answer["passages"])) == (alone.query, alone.text, 3)
    _, (hits,) = call(served.address, "retrieve", ["aid convoy", 4, "", "", "strategic"])
    expected = retrieve("aid convoy", 4, index, source="strategic")
    assert [hit["passage"]["text"] for hit in hits] == [hit.passage.text for hit in expected]


def test_the_old_form_with_question_and_history_still_works(served: Served) -> None:
    for given in ([TRUCE], [TRUCE, []], [TRUCE, None]):
        event, (answer,) = call(served.address, "ask", given)
        assert event == "complete" and answer["question"] == TRUCE


def test_status_tells_what_failed(client: Client, index: Index) -> None:
    told: Any = client.predict(api_name="/status")
    assert (told["documents"], told["passages"]) == (index.manifest.documents, index.manifest.passages)
    failed = {each["article"]: each["reason"] for each in told["failed"]}
    assert failed["out.txt"] == "outside_root" and failed["empty.txt"] == "empty"
    assert str(index.manifest.articles) not in json.dumps(told)


@pytest.mark.parametrize(
    ("endpoint", "given", "said"),
    [
        ("ask", [], "question is empty"),
        ("ask", [" "], "question is empty"),
        ("ask", ["x" * 2001], "2001 characters"),
        ("ask", [["x"]], "question must be a text"),
        ("ask", [None], "question must be a text"),
        ("ask", ["x", "y"], "history must be a list"),
        ("ask", ["x", [3]], "history item"),
        ("ask", ["x", [[]]], "history item"),
        ("ask", ["x", [{"a": 1}]], "history item"),
        ("ask", ["x", [], 0], "from 1 to 1000"),
        ("ask", ["x", [], "7"], "k must be a whole number"),
        ("ask", ["x", [], 1.5], "k must be a whole number"),
        ("ask", ["x", [], True], "k must be a whole number"),
        ("ask", ["x", [], 1, "soon"], "no ISO date"),
        ("ask", ["x", [], 1, "", "2016-99"], "no ISO date"),
        ("ask", ["x", [], 1, "", "", 5], "source must be a text"),
        ("ask", ["x", [], 1, "", "", "", "no"], "as_typed must be true or false"),
        ("ask", ["\ud800"], "broken characters"),
        ("retrieve", [""], "question is empty"),
        ("article", ["no-such.md"], "no article 'no-such.md'"),
        ("article", ["../secret.txt"], "no article"),
        ("article", ["\ud800"], "no article"),
        ("article", [7], "id must be a text"),
    ],
)
def test_bad_input_gets_a_readable_sentence(served: Served, endpoint: str, given: list[object], said: str) -> None:
    event, value = call(served.address, endpoint, given)
    assert event == "error"
    assert said in value["error"] and "Traceback" not in value["error"]


def test_unknown_arguments_are_named(served: Served) -> None:
    for path, body in (
        ("/gradio_api/call/v2/ask", '{"quest": "x"}'),
        ("/gradio_api/call/ask", json.dumps({"data": [1] * 8})),
    ):
        code, _, text = send(served, "POST", path, ["Host: localhost"], body)
        assert code == 400 and "ask takes question, history, k, after, before, source, as_typed" in text


def test_what_is_left_out_has_its_default(index: Index) -> None:
    asked = endpoints(lambda: index, Line(), Standing)[0]
    assert arguments(asked, {"k": 3}) == {
        "question": "", "history": None, "k": 3, "after": "", "before": "", "source": "", "as_typed": False,
    }  # fmt: skip


def test_a_fault_of_ours_is_told_without_its_words(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    import asyncio

    def broken() -> Index:
        raise RuntimeError("secret detail")

    told = endpoints(broken, Line(), Standing)[2]
    with pytest.raises(Exception, match="Something went wrong here") as error:
        asyncio.run(told())  # type: ignore[arg-type]
    assert "secret" not in str(error.value) and "secret detail" in caplog.text


def test_an_error_reaches_the_python_client(client: Client) -> None:
    with pytest.raises(AppError, match="The question is empty"):
        client.predict("", api_name="/ask")


@pytest.fixture(scope="module")
def cheap(index: Index) -> Iterator[list[Expected]]:
    """Questions that are answered fast, because few passages may answer, with what they are answered alone."""
    asked = [
        (f"{question} {number}?", None, 1, "", "", source, True)
        for number in range(4)
        for question, source in (("How much tea does a quibblon hold", "gone"), ("What is the quibblon", "changed"))
    ]
    answers = [ask(str(each[0]), index=index, k=1, source=str(each[5]), as_typed=True) for each in asked]
    yield [Expected(each, answer.text, answer.confidence) for each, answer in zip(asked, answers, strict=True)]


def test_many_at_once_get_their_own_answers_as_alone(served: Served, cheap: list[Expected]) -> None:
    figures = together(served.address, cheap, people=20, questions=3)
    assert (figures.answers, figures.busy, figures.wrong) == (60, 0, 0)


def test_a_rush_is_answered_or_told_that_all_are_busy(served: Served, cheap: list[Expected]) -> None:
    figures = together(served.address, cheap, people=120, questions=1)
    assert figures.wrong == 0 and figures.answers + figures.busy == 120
    assert figures.answers >= 64
    assert together(served.address, cheap, people=1, questions=4).answers == 4


@pytest.mark.parametrize(
    ("path", "body", "is_question"),
    [
        ("call/ask", {"data": ["Why?"]}, True),
        ("call/v2/retrieve", {"question": "Why?"}, True),
        ("queue/join", {"fn_index": 3, "data": ["Why?"]}, True),
        ("queue/join", {"fn_index": 4, "data": []}, False),
        ("queue/join", {"fn_index": "3", "data": ["Why?"]}, True),
        ("run/predict", {"fn_index": "03", "data": ["Why?"]}, True),
        ("queue/join", {"fn_index": "4", "data": []}, False),
        ("queue/join", {"fn_index": None, "data": []}, False),
        ("call/status", {"data": []}, False),
    ],
)
def test_a_full_line_is_told_of_before_gradio_works(path: str, body: dict[str, Any], is_question: bool) -> None:
    reached: list[str] = []

    async def gradio(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        reached.append(scope["path"])
        await PlainTextResponse("done")(scope, receive, send)

    def no_index() -> Index:
        raise AssertionError("nothing is searched here")

    line = Line(1)
    programs = {each.__name__: each for each in endpoints(no_index, line, Standing)}
    browser = TestClient(Gate(gradio, programs, {3: "ask", 4: "status"}, line))
    assert browser.post(f"/gradio_api/{path}", json=body).text == "done"
    told = browser.post(f"/gradio_api/{path}", json=body)
    assert (told.status_code, len(reached)) == ((503, 1) if is_question else (200, 2))
    assert not is_question or (told.json()["error"].startswith(BUSY) and int(told.headers["Retry-After"]) > 0)


@pytest.mark.parametrize("number", ["x", "", " 3", "3.0", "\u0663", 3.0, True, [3], {"fn_index": 3}])
def test_a_call_of_no_number_is_refused(number: Any) -> None:  # noqa: ANN401 - any JSON
    async def gradio(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI's
        raise AssertionError("nothing is passed on here")

    told = TestClient(Gate(gradio, {}, {3: "ask"}, Line(1))).post(
        "/gradio_api/queue/join", json={"fn_index": number, "data": ["Why?"]}
    )
    assert (told.status_code, told.json()) == (400, {"error": "fn_index must be a whole number."})


def test_busy_is_told_in_words_that_the_measure_knows() -> None:
    import asyncio

    from qa.web.line import Busy

    with pytest.raises(Busy, match=BUSY):
        asyncio.run(Line(0).run(lambda: None))


def test_without_the_package_mcp_says_what_to_install(tmp_path: Path) -> None:
    if importlib.util.find_spec("mcp"):
        pytest.skip("mcp is installed here")
    command = [sys.executable, "app.py", "--mcp", "--port", "0"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and 'pip install "gradio[mcp]"' in done.stderr


def test_a_real_mcp_client_finds_and_calls_the_tools(served: Served, index: Index, tmp_path: Path) -> None:
    if importlib.util.find_spec("mcp") is None:
        pytest.skip('mcp is not installed (pip install "gradio[mcp]"): MCP is not tested')
    with running(served.articles, tmp_path / "index", "--no-watch", "--mcp") as address:
        tools, answer, missing = _as_mcp_client(f"{address}gradio_api/mcp/")
    assert sorted(tools) == sorted(documented())
    assert answer["text"] == ask(TRUCE, index=index).text
    assert missing.isError and "no article 'no'" in missing.content[0].text


def _as_mcp_client(address: str) -> tuple[list[str], dict[str, Any], Any]:
    import asyncio

    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk() -> tuple[list[str], dict[str, Any], Any]:
        async with streamablehttp_client(address) as (read, write, _), ClientSession(read, write) as session:
            await session.initialize()
            tools = [tool.name for tool in (await session.list_tools()).tools]
            answer = await session.call_tool("ask", {"question": TRUCE})
            missing = await session.call_tool("article", {"id": "no"})
            return tools, json.loads(answer.content[0].text), missing

    return asyncio.run(talk())
