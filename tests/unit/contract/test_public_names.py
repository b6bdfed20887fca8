"""What users import: names that do not change without a word in the changelog."""

import importlib
import shutil
from pathlib import Path

import pytest

from bench.contract.adapter_loading import FORMER_NAMES, load
from tests.command_line import ROOT

PUBLIC = {
    "bench": "__version__ load",
    "bench.pipeline": "Choice Data File Json Kind Model Output Parameter Pipeline Settings Stage Table Value",
    "bench.adapters": (
        "ALLOWED_IMPORTS Adapter Before Capability Command Package Sandbox Server SourceMap Span Store Value "
        "adapters_folder discover fill find load"
    ),
    "bench.scenarios": (
        "Case Definition Driver Indicator LineSpec Manifest Point Question Repetition RunOptions RunningCommand "
        "Scenario SourceEdit TrialFault TrialSkipped discover find load run_again"
    ),
    "bench.errors": (
        "AdapterError BenchError EnvironmentFault PipelineError PipelineFails SandboxError ScenarioError StoreError "
        "TraceError UnsupportedError UsageError nearest"
    ),
    "bench.contract.launchpad": (
        "BUILD FULL LAYERS PUSH RAW RESULTS SAVE Launchpad Setting Step Workflows annotated file_of listed "
        "parser workflows"
    ),
    "bench.contract.codegen.format": "WIDTH assigned bracketed used",
    "bench.contract.codegen.source": "decorate function_node function_text parse retype source_text",
    "bench.contract.codegen.decorators": "Decoration arrange",
    "bench.contract.codegen.literals": "json_text literal option word yaml_text",
    "bench.contract.codegen.names": "NEVER Names free lower_ascii plain_ascii",
    "bench.contract.codegen.workflows": "arguments import_lines names_of signature",
}


@pytest.mark.parametrize("module", PUBLIC)
def test_a_public_module_has_these_names(module: str) -> None:
    """Each of them is there."""
    found = importlib.import_module(module)
    assert sorted(found.__all__) == sorted(PUBLIC[module].split())
    assert all(hasattr(found, name) for name in found.__all__)


@pytest.mark.parametrize("former", FORMER_NAMES)
def test_an_adapter_may_go_on_to_use_a_module_by_its_former_name(tmp_path: Path, former: str) -> None:
    """An adapter outside of this repository need not be changed where a module has moved."""
    folder = Path(shutil.copytree(ROOT / "adapters" / "aa", tmp_path / "aa"))
    name = PUBLIC[FORMER_NAMES[former]].split()[0]
    adapter = folder / "adapter.py"
    adapter.write_text(
        f"from {former} import {name}\n{adapter.read_text()}".replace("from __future__", "#")
    )
    assert load(folder).manifest.name == "aa"


def test_at_most_six_modules_lie_beside_the_packages() -> None:
    """What all use, and what users import; a reader looks into a package for everything else."""
    beside = [path.stem for path in (ROOT / "bench").glob("*.py") if not path.stem.startswith("__")]
    assert sorted(beside) == ["adapters", "errors", "folders", "hashing", "pipeline", "scenarios"]
