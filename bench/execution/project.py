"""The project of a trial: rendered by the adapter, then changed and edited as its user would."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.contract.adapter import Adapter, Sandbox, SourceMap
from bench.contract.native_edit import Change, given
from bench.contract.pipeline import Pipeline
from bench.contract.records import Declared
from bench.contract.trial_exits import TrialFault, TrialSkipped
from bench.errors import AdapterError, PipelineError, UnsupportedError
from bench.execution import project_edits
from bench.execution import sandbox as sandboxes
from bench.host import untrusted_files

__all__ = ["Project"]


class Project:
    """One project, wherever its folder is.

    pipeline: from which the current project is made. options: of the target. source_map: None until it is rendered.
    files: the rendered ones, relative to the folder. edited: the adapter's edit that was applied, if any.
    """

    def __init__(self, adapter: Adapter, pipeline: Pipeline, options: frozenset[str]) -> None:
        self.adapter = adapter
        self.pipeline = pipeline
        self.options = options
        self.source_map: SourceMap | None = None
        self.files: set[Path] = set()
        self.edited: Change | None = None
        self._kept: tuple[str, str] | None = None

    def render(self, folder: Path) -> None:
        """Write it to an empty folder. Raises TrialFault if its source map names a file that is not in it."""
        self.source_map, self.files = self._rendered(self.pipeline, folder)

    def change(self, pipeline: Pipeline, folder: Path, scratch: Path) -> None:
        """Change it to the project of another pipeline, and write only files whose bytes differ.

        All others keep their inode and modification time. scratch: a folder that may be made and removed.
        """
        self.pipeline = pipeline
        if self.source_map is None:
            self.render(folder)
            return
        untrusted_files.remove(scratch)
        scratch.mkdir()
        before = self.files
        self.source_map, self.files = self._rendered(pipeline, scratch)
        for relative in sorted(self.files):
            old, new = folder / relative, scratch / relative
            if not old.is_file() or old.read_bytes() != new.read_bytes():
                old.parent.mkdir(parents=True, exist_ok=True)
                old.write_bytes(new.read_bytes())
        for relative in before - self.files:
            (folder / relative).unlink(missing_ok=True)
        untrusted_files.remove(scratch)

    def planned_edit(self, name: str, kind: str, folder: Path, setup: str) -> Change:
        """Return the adapter's edit of that name and kind, after checking that it fits.

        Ends the trial if the adapter says that there is no such edit, or says nothing. Raises AdapterError.
        """
        if not given(self.adapter.folder, name, kind):
            reason = f"its adapter has no {kind}/{name}.toml"
            raise TrialSkipped(Declared(outcome="not attempted", reason=reason))
        change, _ = project_edits.fitting(self.adapter.folder, name, folder, kind)
        declared = change.declared(setup)
        if declared is not None:
            raise TrialSkipped(declared)
        return change

    def edit(self, name: str, kind: str, folder: Path, argv: Sequence[str]) -> project_edits.Size:
        """Make the adapter's edit of that name and kind; returns its size. Raises AdapterError.

        argv: of the command that runs the project before it.
        """
        change, texts = project_edits.fitting(self.adapter.folder, name, folder, kind)
        size = project_edits.size(change, folder, texts, argv)
        project_edits.apply(folder, texts)
        self.files |= {Path(place) for place in texts}
        if self.source_map is not None:
            self.source_map = project_edits.traced(change, self.source_map)
            wrong = self.source_map.check(folder, self.adapter.manifest.traced_files)
            if wrong:
                raise AdapterError(
                    f"adapter '{self.adapter.manifest.name}': {kind}/{name}.toml: {wrong[0]}"
                )
        self.edited = change
        return size

    def copy(self, folder: Path, second: Path) -> None:
        """Copy what was rendered, and nothing else, to a second folder."""
        for relative in self.files:
            (second / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / relative, second / relative)

    def keep(self, box: Sandbox, evidence: Path, name: str, redact: Callable[[Path], None]) -> str:
        """Keep the files that a run starts with as evidence, once for each version; return the folder's name there.

        name: for the folder, where this version was not kept before.
        """
        files = sandboxes.found_by_a_run(box, self.files)
        digest = sandboxes.digest_files(files)
        if self._kept is None or self._kept[0] != digest:
            for relative, path in files.items():
                place = evidence / name / relative
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, place)
                redact(place)
            self._kept = (digest, name)
        return self._kept[1]

    def _rendered(self, pipeline: Pipeline, folder: Path) -> tuple[SourceMap, set[Path]]:
        source_map = self._render(pipeline, folder)
        wrong = source_map.check(folder, self.adapter.manifest.traced_files)
        missing = set(pipeline.stages) - {span.stage for span in source_map.spans}
        wrong += [f"stage '{stage}': no span" for stage in sorted(missing)]
        if wrong:
            raise TrialFault(f"adapter '{self.adapter.manifest.name}'", f"its source map: {wrong[0]}")
        return source_map, {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}

    def _render(self, pipeline: Pipeline, folder: Path) -> SourceMap:
        """Render with the adapter. Ends the trial if tool or adapter cannot take the pipeline."""
        try:
            return self.adapter.render(pipeline, folder, self.options)
        except UnsupportedError as error:
            reason = Declared(outcome="unsupported", scope="tool", reason=str(error), source=error.source)
            raise TrialSkipped(reason) from error
        except PipelineError as error:
            tool = self.adapter.manifest.name
            reason = Declared(
                outcome="not attempted", reason=f"the adapter of {tool} cannot render it: {error}"
            )
            raise TrialSkipped(reason) from error
