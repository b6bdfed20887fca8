"""The digests of what stands in delivered JSON files."""

import json
import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bench.execution.result_parts import result_parts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def parts(folder: Path, content: str) -> dict[str, str] | None:
    """Return the parts of a file of that content."""
    (folder / "out.json").write_text(content)
    return result_parts(folder, ["out.json"]).get("out.json")


def test_each_path_is_told_apart(tmp_path: Path) -> None:
    """Only what differs differs."""
    one = parts(tmp_path, '{"at": 1, "rows": [1, {"a": 2}]}')
    two = parts(tmp_path, '{"at": 2, "rows": [1, {"a": 2}]}')
    assert one
    assert two
    assert list(one) == ["$", "$.at", "$.rows", "$.rows[0]", "$.rows[1]", "$.rows[1].a"]
    assert [path for path in one if one[path] != two[path]] == ["$.at"]


@given(JSON, JSON)
def test_two_contents_have_the_same_parts_only_if_they_are_equal(one: object, two: object) -> None:
    """No two structures are confused."""
    with tempfile.TemporaryDirectory() as folder:
        made = [parts(Path(folder), json.dumps(content)) for content in (one, two)]
    assert (made[0] == made[1]) == (json.dumps(one) == json.dumps(two))


def test_what_is_no_json_or_too_large_or_no_file_has_no_parts(tmp_path: Path) -> None:
    """It is compared as a whole."""
    assert parts(tmp_path, "1, 2") is None
    assert parts(tmp_path, json.dumps(list(range(1000)))) is None
    assert parts(tmp_path, "[" * 100_000) is None
    assert parts(tmp_path, " " * 2_000_000 + "1") is None
    os.mkfifo(tmp_path / "fifo")
    assert result_parts(tmp_path, ["fifo", "gone"]) == {}
