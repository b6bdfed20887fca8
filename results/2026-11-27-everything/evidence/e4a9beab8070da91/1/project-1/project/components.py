"""The components of the pipeline chain.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


def strike(stage: str) -> None:
    """Do what CHAOS says to this stage; FILE gets a line for each try, or is the ballast."""
    import os
    import resource
    import shutil
    import signal
    import time
    from pathlib import Path

    words = os.environ.get("CHAOS", "").split()
    how = words[1] if words[:1] == [stage] else "nothing"
    if how == "raise":
        raise RuntimeError(f"planted failure in {stage}")
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "allocate":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + 100_000_000
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
        bytearray(1_000_000_000)
    if how == "fill":
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    if how == "fill-up":
        free = shutil.disk_usage(Path(words[2]).parent).free
        if free > 100_000_000:
            raise RuntimeError(f"{words[2]} is on no small disk: it is not filled up")
        Path(words[2]).write_bytes(bytes(max(0, free - 1_000_000)))
    if how == "flaky":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        if len(Path(words[2]).read_text().splitlines()) < 3:
            raise RuntimeError(f"planted failure in {stage}")
    if how == "hang":
        with Path(words[2]).open("a") as notes:
            notes.write(f"tried {time.time()}\n")
        time.sleep(12.0)
        with Path(words[2]).open("a") as notes:
            notes.write(f"woke {time.time()}\n")


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[strike]
)
def gather(seed: int) -> list[float]:
    """Bring the data together."""
    import time

    strike("gather")
    time.sleep(0.4)
    return [seed * 100.5, seed / 4.0]


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[strike]
)
def train(gathered: list[float]) -> list[float]:
    """Train for long, as far as a test may."""
    import time

    strike("train")
    time.sleep(1.0)
    return [gathered[0] - gathered[1], 0.25]


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[strike]
)
def assess(trained: list[float]) -> list[float]:
    """Assess what was trained."""
    import time

    strike("assess")
    time.sleep(0.5)
    return [trained[0] * 2.0 + trained[1]]


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[strike]
)
def report(assessed: list[float]) -> list[float]:
    """Sum it up."""
    import time

    strike("report")
    time.sleep(0.2)
    return [assessed[0] / 8.0, len(assessed) + 0.5]


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def publish(reported: list[float], results: str) -> None:
    """Write the file by which a run is checked."""
    import json
    from pathlib import Path

    Path(results, "report.json").write_text(json.dumps(reported))
