"""A stage's page, rendered for each tool as its documentation shows it."""

from pathlib import Path

import pytest

from bench import adapters
from tests import shared

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("tool", "file", "texts"),
    [
        ("flyte", "src/tasks/stages.py", ["@task(enable_deck=True)\n@deck\ndef draw("]),
        ("metaflow", "flow.py", ['@card(type="blank")', "current.card.append(Markdown(self.page))"]),
        ("kfp", "components.py", ["page_html: Output[HTML]", "page_html: Input[HTML]", "file.write(page)"]),
        ("prefect", "src/workflows.py", ['create_markdown_artifact(markdown=page, key="draw")']),
        ("kedro", "conf/base/catalog.yml", ["type: text.TextDataset", "versioned: true"]),
    ],
)
def test_a_page_is_shown_by_what_the_tool_has_for_it(
    tool: str, file: str, texts: list[str], tmp_path: Path
) -> None:
    """And a pipeline without one has nothing of that."""
    adapter = adapters.load(ROOT / "adapters" / tool)
    for name, shown in (("paged", True), ("told", False)):
        folder = tmp_path / name
        folder.mkdir()
        adapter.render(shared.definition(name).pipeline, folder, frozenset())
        rendered = (folder / file).read_text()
        assert [text in rendered for text in texts] == [shown] * len(texts)
