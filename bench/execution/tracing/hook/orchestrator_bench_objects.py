"""Encodings of objects: functions by name and code, all others by the state that pickle and copy go by.

What an object's own ``__reduce_ex__`` gives is its state, by its author's word: for a plain class its
attributes and slots, for others what they define. An object that refuses has state that nobody can see
(a generator, an open file, a lock, a handle): it is undescribed.
"""
# ruff: noqa: BLE001, C901 - user code may raise anything; kinds are told apart one by one

import copyreg
import functools
import sys
import types
from typing import Any

from orchestrator_bench_encoding import Walk, because, both, qualified_name, shortened
from orchestrator_bench_numbers import counted, piece

HEAP_TYPE, IMMUTABLE_TYPE = 1 << 9, 1 << 8
"""Flags of a type: made by a class statement or the like; made so that it cannot be changed, as C does."""
BESIDE = ("__pydantic_fields_set__",)
"""Attributes by which two objects are not told apart: which fields of a pydantic model were given."""
PLAIN_MAKERS = tuple(
    getattr(copyreg, name)
    for name in ("__newobj__", "__newobj_ex__", "_reconstructor")
    if hasattr(copyreg, name)
)


def both_of(value: Any, walk: Walk) -> "tuple[bytes, bytes]":
    """Return both encodings of a value that is no container, number, text, time or array."""
    if isinstance(value, type):
        return _class(value, walk)
    if isinstance(value, types.FunctionType):
        return _function(value, walk)
    if isinstance(value, types.MethodType):
        return _joined("method", value, (("of", value.__self__), ("function", value.__func__)), walk)
    if isinstance(value, (types.BuiltinFunctionType, types.MethodWrapperType)):
        own = getattr(value, "__self__", None)
        if isinstance(own, (types.ModuleType, type(None))):
            return _named(f"{getattr(value, '__module__', '')}.{value.__qualname__}")
        return _joined(value.__qualname__, value, (("of", own),), walk)
    if isinstance(value, types.CodeType):
        return _code(value, walk)
    if isinstance(value, types.ModuleType):
        return _named(f"module {value.__name__}")
    if isinstance(value, types.MappingProxyType):
        return both(dict(value), walk)
    if isinstance(value, functools.partial):
        # In the state of a partial its keywords stand beside what was set on it.
        inside = (
            ("func", value.func),
            ("args", value.args),
            ("keywords", value.keywords),
            ("more", vars(value)),
        )
        return _joined(qualified_name(value), value, inside, walk)
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(value, enum.Enum):
        exact, equal = both(value._value_, walk)
        name = f"{type(value).__qualname__}.{value._name_}"
        return piece(qualified_name(value), name.encode() + exact), piece("o", name.encode() + equal)
    if type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "detach"):
        found = _tensor(value, walk)
        if found is not None:
            return found
    return _by_state(value, walk)


def with_extras(value: Any, exact: bytes, equal: bytes, walk: Walk) -> "tuple[bytes, bytes]":
    """Add what an object of a class derived from a built-in one has beside that: its attributes and slots."""
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(value, enum.Enum):
        return exact, equal
    own = {name: item for name, item in _own(value).items() if not _is_cache(value, name)}
    if not own:
        return exact, equal
    more, same = _state(own, walk)
    return exact + more, piece("x", short_name(type(value)).encode() + equal + same)


def attributes(value: Any) -> "dict[str, Any] | None":
    """Return the state of an object that is made of named attributes alone; None of any other.

    Raises whatever the object's own code raises.
    """
    maker, arguments, state, items, pairs = _reduced(value)
    if maker not in PLAIN_MAKERS or len(arguments) > 1 or items is not None or pairs is not None:
        return None
    found = _named_state(state)
    return (
        None
        if found is None
        else {name: item for name, item in found.items() if not _is_cache(value, name)}
    )


def _by_state(value: Any, walk: Walk) -> "tuple[bytes, bytes]":
    try:
        maker, arguments, state, items, pairs = _reduced(value)
    except Exception as error:
        if not _is_plain(type(value)):
            return walk.lose(value, because(error))
        # It only refuses to be pickled; all that it has is in its attributes.
        return _object(value, (), _own(value), walk)
    if isinstance(maker, str):
        return _named(maker)
    if maker in PLAIN_MAKERS:
        exact, equal = _object(value, arguments[1:], state, walk)
    else:
        exact, equal = _object(value, arguments, state, walk)
        exact += piece(
            "by", f"{getattr(maker, '__module__', '')}.{getattr(maker, '__qualname__', '')}".encode()
        )
    for name, more in (("items", items), ("pairs", pairs)):
        if more is not None:
            one, two = walk.at(f".({name})", list(more))
            exact, equal = exact + one, equal + two
    return exact, equal


def _reduced(value: Any) -> "tuple[Any, ...]":
    reduce = copyreg.dispatch_table.get(type(value))
    made = reduce(value) if reduce is not None else value.__reduce_ex__(4)
    if isinstance(made, str):
        return made, (), None, None, None
    if not isinstance(made, tuple) or len(made) < 2 or not isinstance(made[1], tuple):
        raise TypeError(f"{type(value).__qualname__} gives no state")
    return (tuple(made) + (None,) * 3)[:5]


def _object(value: Any, arguments: "tuple[Any, ...]", state: Any, walk: Walk) -> "tuple[bytes, bytes]":
    exact, equal = b"", b""
    for position, argument in enumerate(arguments):
        one, two = walk.at(f".({position})", argument)
        exact, equal = exact + one, equal + two
    named = _named_state(state)
    if named is not None:
        one, two = _state({name: item for name, item in named.items() if not _is_cache(value, name)}, walk)
    else:
        one, two = walk.at(".(state)", state)
    name = short_name(type(value)).encode("utf-8", "surrogatepass")
    # The module is left out of what makes them equal: a tool may load the same class under another name.
    return piece(qualified_name(value), shortened(exact + one)), piece("o", name + b" " + equal + two)


def _named_state(state: Any) -> "dict[str, Any] | None":
    """Return a state as named attributes, if it is that: a dict, or a dict beside one of slots."""
    if state is None:
        return {}
    if isinstance(state, tuple) and len(state) == 2:
        first, slots = state
        if (first is None or isinstance(first, dict)) and isinstance(slots, dict):
            state = {**(first or {}), **slots}
    if type(state) is dict and all(isinstance(name, str) for name in state):
        return state
    return None


def _state(state: "dict[str, Any]", walk: Walk) -> "tuple[bytes, bytes]":
    """Encode attributes; their order says nothing."""
    exact, equal = [], []
    for name in sorted(state):
        one, two = walk.at(f".{name}", state[name])
        label = piece("a", name.encode("utf-8", "surrogatepass"))
        exact.append(label + one)
        if name not in BESIDE:
            equal.append(label + two)
    return counted("a", exact), counted("a", equal)


def _own(value: Any) -> "dict[str, Any]":
    """Return the attributes and filled slots of an object."""
    found = dict(getattr(value, "__dict__", {}))
    for base in type(value).__mro__:
        slots = vars(base).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else tuple(slots):
            mangled = (
                f"_{base.__name__.lstrip('_')}{name}"
                if name.startswith("__") and name[-2:] != "__"
                else name
            )
            if mangled not in ("__dict__", "__weakref__") and hasattr(value, mangled):
                found[mangled] = getattr(value, mangled)
    return found


def _is_cache(value: Any, name: str) -> bool:
    """Whether an attribute only keeps what a property has computed; it comes when it is first read."""
    return isinstance(getattr(type(value), name, None), functools.cached_property)


def _is_plain(kind: type) -> bool:
    """Whether all that an object of a class has is in its attributes: no part of it is written in C."""
    return (
        kind is not object
        and all(
            base is object or (base.__flags__ & HEAP_TYPE and not base.__flags__ & IMMUTABLE_TYPE)
            for base in kind.__mro__
        )
        and ((hasattr(kind, "__dictoffset__") and kind.__dictoffset__ != 0) or hasattr(kind, "__slots__"))
    )


def short_name(named: Any) -> str:
    """Return the name of a class or function inside of the function that makes it: a tool may wrap that."""
    return str(named.__qualname__).rpartition("<locals>.")[2]


def _named(name: str) -> "tuple[bytes, bytes]":
    data = piece("name", name.encode("utf-8", "surrogatepass"))
    return data, data


def _joined(
    name: str, value: Any, parts: "tuple[tuple[str, Any], ...]", walk: Walk
) -> "tuple[bytes, bytes]":
    exact, equal = b"", b""
    for part, item in parts:
        one, two = walk.at(f".({part})", item)
        exact, equal = exact + one, equal + two
    return piece(qualified_name(value), piece(name, exact)), piece("f", piece(name, equal))


def _class(value: type, walk: Walk) -> "tuple[bytes, bytes]":
    exact = piece(f"class {value.__module__}", value.__qualname__.encode("utf-8", "surrogatepass"))
    equal = piece("class", short_name(value).encode("utf-8", "surrogatepass"))
    if "<locals>" in value.__qualname__:
        # Many classes may have this name: its functions and constants tell them apart.
        inside = {
            key: item for key, item in vars(value).items() if not _is_dunder(key) or key == "__init__"
        }
        inside = {
            key: item for key, item in inside.items() if not isinstance(item, types.MemberDescriptorType)
        }
        more, same = _state(inside, walk)
        return exact + more, equal + same
    return exact, equal


def _is_dunder(name: str) -> bool:
    return name.startswith(("__", "_abc_"))


def _function(value: types.FunctionType, walk: Walk) -> "tuple[bytes, bytes]":
    cells = []
    for cell in value.__closure__ or ():
        try:
            cells.append(cell.cell_contents)
        except ValueError:
            cells.append(None)
    inside = (
        ("code", value.__code__),
        ("defaults", value.__defaults__),
        ("keywords", value.__kwdefaults__),
        ("closure", cells),
        ("more", vars(value)),
    )
    exact, equal = _joined(short_name(value), value, inside, walk)
    return piece(
        "module", f"{value.__module__} {value.__qualname__}".encode("utf-8", "surrogatepass")
    ) + exact, equal


def _code(value: types.CodeType, walk: Walk) -> "tuple[bytes, bytes]":
    """Encode what a function does; where it stands and what its docstring says is left out of equality."""
    names = (value.co_names, value.co_varnames, value.co_freevars, value.co_cellvars)
    counts = (value.co_argcount, value.co_posonlyargcount, value.co_kwonlyargcount, value.co_flags)
    inside = (("code", value.co_code), ("names", names), ("counts", counts), ("constants", value.co_consts))
    return _joined(value.co_name, value, inside, walk)


def _tensor(value: Any, walk: Walk) -> "tuple[bytes, bytes] | None":
    try:
        plain = value.detach().cpu()
        array = (plain.float() if "bfloat16" in str(plain.dtype) else plain).numpy()
    except Exception:
        return None
    exact, equal = both(array, walk)
    about = f"{value.dtype} {getattr(value, 'requires_grad', '')}".encode()
    return piece(qualified_name(value), about + exact), equal
