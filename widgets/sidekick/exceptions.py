"""The family of errors of sidekick, each with the data that its message tells."""

from __future__ import annotations


class SidekickError(Exception):
    """What every error of sidekick's own derives from."""


class SidekickConnectionError(SidekickError):
    """No page could be reached. ``original_exception`` is what it failed with, if anything was raised."""

    def __init__(self, message: str, original_exception: BaseException | None = None) -> None:
        self.message = message
        self.original_exception = original_exception
        cause = original_exception
        super().__init__(message if cause is None else f"{message} ({type(cause).__name__}: {cause})")

    def __reduce__(self) -> tuple[object, ...]:
        """A copy is made by the arguments, of which the finished message is none."""
        return type(self), (self.message, self.original_exception)


class SidekickConnectionRefusedError(SidekickConnectionError):
    """The page at ``url`` does not answer."""

    def __init__(self, message: str, url: str | None = None, original_exception: BaseException | None = None) -> None:
        self.url = url
        super().__init__(message, original_exception)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.url, self.original_exception)


class SidekickTimeoutError(SidekickConnectionError):
    """No page was there in time. ``timeout_seconds`` is how long was waited, where the caller had said it."""

    def __init__(
        self, message: str, timeout_seconds: float | None = None, original_exception: BaseException | None = None
    ) -> None:
        self.timeout_seconds = timeout_seconds
        super().__init__(message, original_exception)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.message, self.timeout_seconds, self.original_exception)


class SidekickDisconnectedError(SidekickConnectionError):
    """The page went away, for ``reason`` if one is known."""

    def __init__(
        self,
        message: str = "The page that showed the components has gone.",
        reason: str | None = None,
        original_exception: BaseException | None = None,
    ) -> None:
        self.reason = reason
        self._message = message
        super().__init__(message if reason is None else f"{message} Reason: {reason}", original_exception)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._message, self.reason, self.original_exception)
