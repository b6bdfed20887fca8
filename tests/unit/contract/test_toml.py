"""Files that people write are refused in one line."""

from pathlib import Path

import msgspec
import pytest

from bench.contract.adapter_manifest import read_manifest as adapter_manifest
from bench.contract.published_figures import read as published
from bench.contract.scenario_manifest import read_manifest as scenario_manifest
from bench.contract.toml import read_toml
from bench.errors import BenchError, UsageError
from bench.scoring import checklist, claims


class Named(msgspec.Struct, forbid_unknown_fields=True):
    name: str


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b'name = "\xe9"', "is no UTF-8 (byte 8); save it as UTF-8"),
        (b"name = 1", "Expected `str`, got `int` - at `$.name`"),
        (b'name = "a"\nnew = 1', "unknown field `new`"),
        (b"name", "Expected '='"),
        (b"name = " + b"[" * 50_000, ""),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_file_that_is_not_of_its_form_is_told_in_one_line(
    text: bytes | None, told: str, tmp_path: Path
) -> None:
    """With the file and, where there is one, the key."""
    path = tmp_path / "file.toml"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(UsageError) as raised:
        read_toml(path, Named, UsageError, "file ")
    assert str(raised.value).startswith(f"file {path}")
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_every_reader_of_a_file_refuses_another_encoding(tmp_path: Path) -> None:
    """Manifests, figures, answers and claims."""
    for name in ("adapter.toml", "scenario.toml", "published.toml", "facts.toml", "claims.toml"):
        (tmp_path / name).write_bytes(b'name = "\xe9"')
    for read in (
        lambda: adapter_manifest(tmp_path),
        lambda: scenario_manifest(tmp_path),
        lambda: published(tmp_path / "published.toml", ()),
        lambda: checklist.answers(tmp_path),
        lambda: claims.claims({}, tmp_path / "claims.toml"),
    ):
        with pytest.raises(BenchError):
            read()
