"""Questions that a left package asks and a right package answers.

`<package>/asks.py` declares a typed question with @ask; `<package>/answers.py` of a package to its right binds
a read-only answer with @answers. An unbound question stops the start. Answers never write.
"""
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_bound: dict[str, Callable[..., Any]] = {}
_asked: dict[str, Callable[..., Any]] = {}


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"


def ask(function: F) -> F:
    """Declares a question; calling it calls the bound answer."""
    name = _name(function)

    def put(*args: Any, **kwargs: Any) -> Any:
        return _bound[name](*args, **kwargs)

    put.__name__, put.__doc__, put.__module__, put.__qualname__ = function.__name__, function.__doc__, function.__module__, function.__qualname__
    _asked[name] = put
    return put  # type: ignore[return-value]


def answers(question: Callable[..., Any]) -> Callable[[F], F]:
    """Binds the decorated function as the answer to `question`; a second answer is our mistake."""

    def bind(function: F) -> F:
        name = _name(question)
        assert name not in _bound or _name(_bound[name]) == _name(function), f"{name} is answered twice"
        _bound[name] = function
        return function

    return bind


def unbound() -> list[str]:
    """Names of questions nobody answers; start-up refuses to go on when there is one."""
    return sorted(set(_asked) - set(_bound))
