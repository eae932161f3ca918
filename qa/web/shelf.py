"""The open index and its upkeep go in; the routes of the articles page come out: show, upload, remove, build."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Request
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse

from index.errors import QuotedError
from index.filing import NotFiled, remove, removed_files, restore
from index.last_report import last_report
from qa.web.listing import Library, Row, cut, list_documents, wish
from qa.web.reading import HEADERS as NOTICE_HEADERS
from qa.web.reading import notice_page
from qa.web.receiving import Clash, Receiver, boundary_in
from qa.web.shelf_page import HEADERS, View, articles_page
from qa.web.shelf_words import builds, stands
from qa.web.timeline import Dated, timeline, timeline_page
from qa.web.upkeep import AGAIN, Upkeep

READ_ONLY = "This page is read-only: nothing can be changed here."
Ids = Annotated[list[str], Body(embed=True, min_length=1, max_length=1000)]
Key = Annotated[str, Body(embed=True, max_length=100)]


@dataclass(frozen=True)
class _Listed:
    """All rows and the plot of one state of index and folder."""

    of: object
    rows: tuple[Row, ...]
    plot: str


@dataclass
class Shelf:
    """The articles of one index; `is_fixed`: nothing can be changed from the page."""

    library: Callable[[], Library]
    upkeep: Upkeep
    is_fixed: bool = False
    _listed: _Listed | None = field(default=None, init=False)

    def router(self) -> APIRouter:
        """The routes. What changes anything is POST, and asked for by this page itself."""
        routes = APIRouter(prefix="/articles", include_in_schema=False)
        routes.get("")(self._page)
        routes.get("/status")(self._status)
        changing = APIRouter(dependencies=[Depends(self._may_change), Depends(self._is_of_this_folder)])
        changing.post("/upload")(self._upload)
        changing.post("/remove")(self._remove)
        changing.post("/restore")(self._restore)
        changing.post("/rebuild")(self._rebuild)
        changing.post("/stop")(self._stop)
        routes.include_router(changing)
        return routes

    def _page(self, q: str = "", status: str = "", sort: str = "", dir: str = "", page: str = "") -> HTMLResponse:
        wanted = wish(q, status, sort, dir, page)
        try:
            library = self.library()
            listed = self._list(library)
            view = View(
                stands=self._stands(library),
                version=self._version(library),
                shown=cut(listed.rows, wanted),
                wanted=wanted,
                plot=listed.plot,
                last=last_report(self.upkeep.index_dir),
                removed=[] if self.is_fixed else removed_files(self.upkeep.articles),
                is_fixed=self.is_fixed,
            )
        except QuotedError as error:
            return HTMLResponse(notice_page(str(error)), 503, NOTICE_HEADERS)
        return HTMLResponse(articles_page(view), 200, HEADERS)

    def _status(self) -> dict[str, Any]:
        """How the index stands now, cheap enough to be asked every second: nothing is compared for it."""
        building = self.upkeep.building()
        try:
            library = self.library()
            told = {"version": self._version(library), "stands": self._stands(library)}
        except QuotedError as error:
            told = {"version": "", "stands": str(error)}
        step = building.step if building else None
        return told | {
            "said": self.upkeep.said(),
            "building": building
            and {
                "builds": builds(building),
                "done": step.done if step else 0,
                "of": step.of if step else 0,
                "can_stop": building.is_ours,
            },
        }

    async def _upload(self, request: Request, clash: Clash = "ask") -> list[dict[str, Any]]:
        boundary = boundary_in(request.headers.get("content-type", ""))
        if not boundary:
            raise HTTPException(415, "Files must be sent as multipart/form-data.")
        receiver = await asyncio.to_thread(Receiver, self.upkeep.articles, boundary, clash)
        try:
            async for piece in request.stream():
                await asyncio.to_thread(receiver.take, piece)
        except ClientDisconnect:
            raise HTTPException(400, "The upload was broken off.") from None
        except ValueError as error:  # what python_multipart raises is one
            raise HTTPException(400, "The upload is not as browsers send it.") from error
        finally:
            receiver.abort()
            self._changed()
        return [asdict(each) for each in receiver.received]

    def _remove(self, ids: Ids) -> list[dict[str, str]]:
        """What became of each: a key for taking it back, or why it was not removed."""
        done = [self._remove_one(id) for id in dict.fromkeys(ids)]
        self._changed()
        return done

    def _remove_one(self, id: str) -> dict[str, str]:
        try:
            return {"id": id, "key": remove(self.upkeep.articles, id), "detail": ""}
        except NotFiled as error:
            return {"id": id, "key": "", "detail": str(error)}

    def _restore(self, key: Key) -> dict[str, str]:
        try:
            return {"id": restore(self.upkeep.articles, key)}
        except NotFiled as error:
            raise HTTPException(409, str(error)) from error
        finally:
            self._changed()

    def _rebuild(self) -> dict[str, bool]:
        return {"started": self.upkeep.rebuild()}

    def _stop(self) -> dict[str, bool]:
        self.upkeep.stop_rebuilding()
        return {"stopped": True}

    def _may_change(self, request: Request) -> None:
        """Refuse what does not come from this page: another site's page, or a program that names no origin."""
        if self.is_fixed:
            raise HTTPException(403, READ_ONLY)
        origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
        if not host or origin.partition("://")[2] != host:
            raise HTTPException(403, "Only the articles page itself may ask for this.")
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise HTTPException(403, "Only the articles page itself may ask for this.")

    def _is_of_this_folder(self) -> None:
        """Refuse to change a folder whose articles this page does not show any more."""
        try:
            articles = self.library().manifest.articles
        except QuotedError:  # without an index, or with a damaged one, the folder is the one that was named
            return
        if not self.upkeep.is_of(articles):
            told = f"The index is that of {articles} now, and this page was started for {self.upkeep.articles}."
            raise HTTPException(409, f"{told} {AGAIN}.")

    def _changed(self) -> None:
        self._listed = None
        self.upkeep.look()

    def _list(self, library: Library) -> _Listed:
        """All rows; made anew only where the index or the folder has changed."""
        standing, listed = self.upkeep.standing(), self._listed
        state = (library.manifest.generation, library.manifest.built, standing.generation, standing.stale)
        if listed is None or listed.of != state:
            rows = list_documents(library, standing)
            dated = (Dated(row.published, row.publisher) for row in rows if row.is_readable)
            listed = _Listed(state, rows, timeline_page(timeline(dated)))
            self._listed = listed
        return listed

    def _stands(self, library: Library) -> str:
        return stands(library.manifest, self.upkeep.standing(), self.upkeep.is_watching)

    def _version(self, library: Library) -> str:
        """Changes with what the page shows."""
        standing, manifest = self.upkeep.standing(), library.manifest
        return (
            f"{zlib.crc32(repr((manifest.generation, manifest.built, standing.generation, standing.stale)).encode()):x}"
        )
