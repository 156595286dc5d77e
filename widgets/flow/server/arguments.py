"""The arguments of a call from outside, checked against the function's annotations by pydantic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, Signature, signature
from typing import Any, get_type_hints

from pydantic import ConfigDict, PydanticUserError, TypeAdapter, ValidationError

from flow.errors import FlowError


class ArgumentsError(FlowError, TypeError):
    """A call has other arguments than the function takes. ``wrong`` says what is wrong, by their names.

    It never holds the values: they may be a visitor's secrets, and the message goes to logs.
    """

    def __init__(self, name: str, wrong: Mapping[str, str]) -> None:
        self.wrong = dict(wrong)
        super().__init__(f"{name} was called wrongly: {'; '.join(f'{each}: {why}' for each, why in wrong.items())}")


class Arguments:
    """What a function takes. Raises, as annotations are read here, if one names what is not there."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = getattr(function, "__name__", repr(function))
        self._signature = Signature([*signature(function).parameters.values()])
        hints = get_type_hints(function, include_extras=True)
        self._checks = {name: _adapter(hints[name]) for name in self._signature.parameters if name in hints}

    def check(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What to call the function with, as its annotations have it. Raises ``ArgumentsError``."""
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise ArgumentsError(self._name, {"arguments": str(error)}) from None
        wrong: dict[str, str] = {}
        for name, value in bound.arguments.items():
            kind = self._signature.parameters[name].kind
            if kind is Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(
                    self._checked(name, each, f"{name}[{at}]", wrong) for at, each in enumerate(value)
                )
            elif kind is Parameter.VAR_KEYWORD:
                bound.arguments[name] = {key: self._checked(name, each, key, wrong) for key, each in value.items()}
            else:
                bound.arguments[name] = self._checked(name, value, name, wrong)
        if wrong:
            raise ArgumentsError(self._name, wrong)
        return bound.args, bound.kwargs

    def _checked(self, name: str, value: Any, told: str, wrong: dict[str, str]) -> Any:
        adapter = self._checks.get(name)
        if adapter is None:
            return value
        try:
            return adapter.validate_python(value)
        except ValidationError as error:
            for each in error.errors(include_url=False, include_context=False, include_input=False):
                wrong[".".join([told, *map(str, each["loc"])])] = each["msg"]
            return value


def _adapter(annotation: Any) -> TypeAdapter[Any]:
    try:
        return TypeAdapter(annotation, config=ConfigDict(arbitrary_types_allowed=True))
    except PydanticUserError:  # a model has a configuration of its own
        return TypeAdapter(annotation)
