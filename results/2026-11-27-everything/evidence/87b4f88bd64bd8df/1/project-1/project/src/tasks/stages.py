"""One stage that does next to nothing: what is left is the tool."""

from pathlib import Path
from prefect import task


@task
def greet(greeting: str, results: str) -> None:
    Path(results, "hello.txt").write_text(f"{greeting}\n")
