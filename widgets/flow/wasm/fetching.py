"""The browser's ``fetch``. Only where Pyodide is."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any, Final

from pyodide.ffi import JsException, to_js  # type: ignore[import-not-found]

_js: Final[Any] = import_module("js")  # not the folder of that name


class BrowserFetch:
    """Asks by POST. When whoever waits is cancelled, so is the request."""

    async def __call__(self, url: str, media_type: str, body: bytes) -> BrowserResponse:
        """The answer, as soon as its head is there. Raises ``OSError``."""
        controller = _js.AbortController.new()
        options = {
            "method": "POST",
            "headers": {"Content-Type": media_type},
            "body": body,
            "signal": controller.signal,
        }
        try:
            told = to_js(options, dict_converter=_js.Object.fromEntries)
            return BrowserResponse(await _js.fetch(url, told), controller)
        except JsException as error:
            raise OSError(str(error)) from error
        except CancelledError:
            controller.abort()
            raise


class BrowserResponse:
    """An answer as a browser has it."""

    def __init__(self, response: Any, controller: Any) -> None:
        self._response, self._controller = response, controller
        self.status: int = response.status
        self.media_type: str = response.headers.get("Content-Type") or ""

    async def body(self) -> bytes:
        """All of it."""
        return b"".join([each async for each in self.parts()])

    async def parts(self) -> AsyncIterator[bytes]:
        """It as it comes."""
        reader = self._response.body.getReader()
        try:
            while not (read := await reader.read()).done:
                yield read.value.to_bytes()
        except JsException as error:
            raise OSError(str(error)) from error
        except CancelledError:
            self.abort()
            raise

    def abort(self) -> None:
        """Want no more of it."""
        self._controller.abort()
