"""Run by the helpers' interpreter: executes cells in a kernel of the tool's interpreter, the last one twice.

Each execution delivers to the same folder, which is emptied between; where the second one fails, or delivers
something else, what the first delivered is put back. Prints an answer in JSON: the error of each execution in a
line, or null.
"""

import json
import shutil
import sys
import sysconfig
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

START = (
    "import sys; sys.path.append({helpers!r}); from ipykernel.kernelapp import launch_new_instance; "
    "launch_new_instance()"
)
"""The helpers' packages come last, so that where the tool has one of them, its own is taken."""


def main(python: str, folder: str, results: str, *sources: str) -> None:
    """Execute the cells, then the last one again."""
    manager = AsyncKernelManager()
    # The kernel's specification is replaced, so none has to be installed for the tool.
    manager.kernel_spec.argv = [
        python, "-c", START.format(helpers=sysconfig.get_path("purelib")), "-f", "{connection_file}",
    ]  # fmt: skip
    cells = [nbformat.v4.new_code_cell(source) for source in (*sources, sources[-1])]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells),
        km=manager,
        timeout=None,
        resources={"metadata": {"path": folder}},
    )
    delivered = Path(results)
    with client.setup_kernel():
        errors = [_execute(client, range(len(sources)))]
        first = _read(delivered)
        if errors[0] is None:
            _write(delivered, {})
            errors.append(_execute(client, range(len(sources), len(cells))))
            if errors[1] is None and _read(delivered) != first:
                errors[1] = "it did not deliver what the first execution did"
            if errors[1] is not None:
                _write(delivered, first)
    for cell in client.nb.cells:
        for output in cell.outputs:
            sys.stderr.write(output.get("text", "") or "\n".join(output.get("traceback", [])))
    sys.stdout.write(f"\n{json.dumps(errors)}\n")


def _execute(client: NotebookClient, numbers: range) -> str | None:
    try:
        for number in numbers:
            client.execute_cell(client.nb.cells[number], number)
    except CellExecutionError as error:
        return f"{error.ename}: {error.evalue}".partition("\n")[0][:300]
    except DeadKernelError:
        return "the kernel died"
    return None


def _read(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """Let a folder hold these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


main(*sys.argv[1:])
