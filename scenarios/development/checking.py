"""Two type checkers, with their defaults, on a rendered project."""

import json
import re
from pathlib import Path

from bench.contract.records import Command, Run
from bench.scenarios import Driver, RunOptions, TrialFault

__all__ = ["checked"]

LIMIT_S = 300.0
ERROR = re.compile(r"^(?P<file>[^:\n]+):\d+: error: (?P<what>.*)$", re.MULTILINE)


def checked(driver: Driver, python: Path) -> dict[str, list[str]]:
    """Return by checker the errors that it reports in the project, as ``file: message``.

    python: the interpreter that has the checkers. Lines are left out, so that an edit above does not count.
    """
    return {"mypy": _mypy(driver, python), "pyright": _pyright(driver, python)}


def _mypy(driver: Driver, python: Path) -> list[str]:
    argv = (
        str(python), "-m", "mypy", "--python-executable", str(driver.sandbox.python), "--ignore-missing-imports",
        "--explicit-package-bases", "--no-color-output", "--no-error-summary", "--hide-error-context", ".",
    )  # fmt: skip
    run = _run(driver, argv, {0, 1})
    text = driver.logs(run)[0].read_text(errors="replace")
    return [f"{one['file']}: {one['what']}" for one in ERROR.finditer(text)]


def _pyright(driver: Driver, python: Path) -> list[str]:
    """Return the errors of pyright's rules; what only basedpyright reports beyond them is off."""
    folder = _folder(driver)
    (folder.parent / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "standard", "include": [folder.name], "extraPaths": [folder.name]})
    )
    argv = (
        str(python.parent / "basedpyright"), "--pythonpath", str(driver.sandbox.python), "--outputjson",
        "--project", str(folder.parent / "pyrightconfig.json"),
    )  # fmt: skip
    run = _run(driver, argv, {0, 1})
    try:
        found = json.loads(driver.logs(run)[0].read_text())["generalDiagnostics"]
    except (ValueError, KeyError) as error:
        raise TrialFault("scenario", f"pyright's answer cannot be read: {error}") from error
    return [
        f"{Path(one['file']).name}: {one['message']}"
        for one in found
        if one["severity"] == "error" and one.get("rule") != "reportMissingImports"
    ]


def _run(driver: Driver, argv: tuple[str, ...], expected: set[int]) -> Run:
    command = Command(argv=argv, cwd=str(_folder(driver)), time_limit=LIMIT_S)
    run = driver.aside(command, RunOptions())
    if run.ended.exit_code not in expected:
        raise TrialFault("scenario", f"{Path(argv[0]).name} ended with {run.ended.how}: see its log")
    return run


def _folder(driver: Driver) -> Path:
    """Return the folder from which the project's modules are imported."""
    unit_test = driver.adapter.manifest.unit_test
    return driver.sandbox.project / (unit_test.path if unit_test is not None else "")
