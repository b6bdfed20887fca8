"""The components of the pipeline parts.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


def strike(stage: str) -> None:
    """Do what CHAOS says to this stage; NOTES is a file that gets a line for each try."""
    import os
    import resource
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
def write_parts(gathered: list[float], store: str) -> list[str]:
    """Write a result in eight parts, one after the other; CHAOS strikes after five of them."""
    import time
    from pathlib import Path

    names = [f"part-{number}.txt" for number in range(8)]
    Path(store).mkdir(exist_ok=True)
    for number, name in enumerate(names):
        if number == 5:
            strike("write_parts")
        time.sleep(0.1)
        Path(store, name).write_text(f"{gathered[0] + number}")
    return names


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def read_parts(written: list[str], store: str) -> list[float]:
    """Add up all parts that there are."""
    import time
    from pathlib import Path

    time.sleep(0.2)
    found = sorted(Path(store).glob("part-*.txt"))
    return [sum(float(part.read_text()) for part in found), len(written) + 0.5]


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def publish(reported: list[float], results: str) -> None:
    """Write the file by which a run is checked."""
    import json
    from pathlib import Path

    Path(results, "report.json").write_text(json.dumps(reported))
