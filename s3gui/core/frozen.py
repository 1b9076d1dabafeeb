"""Values: small, immutable, equal where all their fields are.

`frozen` makes of a class what `dataclass(frozen=True, slots=True)` does, in a tenth of the time
([decision 16](../../docs/decisions/0016-values-are-made-by-a-decorator-of-our-own.md)).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar, dataclass_transform

_Class = TypeVar("_Class", bound=type)
_Value = TypeVar("_Value")
_Arguments = ParamSpec("_Arguments")


@dataclass_transform(frozen_default=True)
def frozen(written: _Class) -> _Class:
    """Every annotation in the class is a field, and what stands behind it the field's default.

    The functions of `dataclasses` take it for a frozen dataclass; what costs nothing to ask for
    is `__match_args__`, the fields' names, and `__field_defaults__`, by name. There is no
    `field()`: all instances share a default, so it must be immutable. As there, no method may
    say `super()`.
    """
    body = {name: its for name, its in vars(written).items() if name not in _MADE_ANEW}
    names = tuple(body.get("__annotations__", ()))
    defaults = {name: body.pop(name) for name in names if name in body}
    read = _reader(names)

    def first_init(self: Any, *positional: Any, **named: Any) -> None:
        """Compiling takes longer than all the rest, and half of the classes are never needed."""
        setters = {f"_set_{name}": vars(made)[name].__set__ for name in names}
        lines = [f"_set_{name}(self, {name})" for name in names]
        if hasattr(made, "__post_init__"):
            lines.append("self.__post_init__()")
        made.__init__ = init = _init(lines, names, defaults, setters)
        init(self, *positional, **named)

    body = {
        "__init__": first_init,
        "__repr__": _repr,
        "__eq__": _eq(read),
        "__hash__": lambda self: hash(read(self)),
        "__setattr__": _refuse_to_set,
        "__delattr__": _refuse_to_delete,
        "__reduce__": lambda self: (type(self), read(self)),
        **body,
        "__slots__": names,
        "__match_args__": names,
        "__field_defaults__": defaults,
        "__qualname__": written.__qualname__,
        "__dataclass_fields__": _Fields(written.__annotations__, defaults),
    }
    made: Any = type(written)(written.__name__, written.__bases__, body)
    return made  # type: ignore[no-any-return]  # a class of the same interface


if TYPE_CHECKING:
    # With this one mypy checks the names and the types of what is changed.
    from dataclasses import replace as replace  # noqa: PLC0414 - for others to import
else:

    def replace(value: _Value, /, **changes: Any) -> _Value:
        """As that of `dataclasses`, of which a start then has no need: it takes 10 ms to load.

        Raises TypeError where there is no such field, and what the class's own check raises.
        """
        kind = type(value)
        kept = {name: getattr(value, name) for name in kind.__match_args__}
        return kind(**(kept | changes))


_MADE_ANEW = frozenset({"__dict__", "__weakref__"})


def draft_of(kind: Any) -> Any:
    """An open class of the layout of `kind`, which `frozen` made: filled by plain assignments.

    What is made of it becomes a `kind` by its `__class__`. With twenty fields that takes half of
    the time of as many calls of the slots' setters.
    """
    names, defaults = kind.__match_args__, kind.__field_defaults__

    def first_init(self: Any, *positional: Any, **named: Any) -> None:
        lines = [f"self.{name} = {name}" for name in names]
        draft.__init__ = init = _init(lines, names, defaults, {})
        init(self, *positional, **named)

    body = {"__slots__": names, "__init__": first_init}
    draft: Any = type(kind.__name__, (), body)
    return draft


def maker_of(kind: Callable[_Arguments, _Value], draft: Any) -> Callable[_Arguments, _Value]:
    """As calling `kind`, which has no `__post_init__`, by its draft."""

    def made(*arguments: _Arguments.args, **named: _Arguments.kwargs) -> _Value:
        value: Any = draft(*arguments, **named)
        value.__class__ = kind
        finished: _Value = value
        return finished

    return made


def _init(
    lines: list[str], names: tuple[str, ...], defaults: dict[str, Any], space: dict[str, Any]
) -> Callable[..., None]:
    """`__init__` as one would write it; a slot's own setter passes by `__setattr__`."""
    arguments = [f"{name}=_default_{name}" if name in defaults else name for name in names]
    source = f"def __init__({', '.join(['self', *arguments])}):\n " + "\n ".join(lines or ["pass"])
    space = space | {f"_default_{name}": default for name, default in defaults.items()}
    exec(source, space)  # noqa: S102 - of nothing but the names in the class's own source
    init: Callable[..., None] = space["__init__"]
    return init


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _repr(self: Any) -> str:
    fields = (f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
    return f"{type(self).__qualname__}({', '.join(fields)})"


def _eq(read: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any, Any], bool]:
    def __eq__(self: Any, other: Any) -> bool:  # noqa: N807 - it becomes that
        return read(self) == read(other) if self.__class__ is other.__class__ else NotImplemented

    return __eq__


def _refuse_to_set(_self: Any, name: str, _value: object) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> NoReturn:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


class _Fields:
    """What `dataclasses` reads of a class: made when it does so for the first time."""

    def __init__(self, annotations: dict[str, Any], defaults: dict[str, Any]) -> None:
        self._annotations = annotations
        self._defaults = defaults

    def __get__(self, _instance: object, owner: Any) -> dict[str, Any]:
        from dataclasses import MISSING, field, make_dataclass

        described = [
            (name, kind, field(default=self._defaults.get(name, MISSING)))
            for name, kind in self._annotations.items()
        ]
        twin: Any = make_dataclass(
            owner.__name__, described, namespace={"__doc__": "fields"}, init=False, eq=False
        )
        owner.__dataclass_fields__ = fields = twin.__dataclass_fields__
        return fields  # type: ignore[no-any-return]
