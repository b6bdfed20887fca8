"""Names in generated code hide nothing."""

import builtins
import keyword

from hypothesis import given
from hypothesis import strategies as st

from bench.contract.codegen.names import Names, lower_ascii

names = st.one_of(
    st.sampled_from([*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "item", "args", "self", "main"]),
    st.from_regex(r"[A-Za-z_äß][A-Za-z0-9_é]{0,6}", fullmatch=True),
)


@given(st.lists(names), st.lists(names, unique=True), st.lists(names, unique=True))
def test_names_of_one_scope_differ_and_are_nobodys(
    taken: list[str], modules: list[str], data: list[str]
) -> None:
    """From each other, from what the code uses itself, from keywords and builtins."""
    scope = Names(taken)
    scope.add("module", modules)
    scope.add("data", data)
    given_names = [scope.of("module", name) for name in modules] + [scope.of("data", name) for name in data]
    assert len(set(given_names)) == len(given_names)
    assert not {*taken, *keyword.kwlist, *dir(builtins)} & set(given_names)
    assert all(name.isidentifier() for name in given_names)


@given(st.text(min_size=1))
def test_a_name_in_lower_case_ascii_is_one(name: str) -> None:
    """Whatever the letters of the name were."""
    assert set(lower_ascii(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert not lower_ascii(name)[0].isdigit()
