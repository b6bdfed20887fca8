"""The components of the pipeline told.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl


def speak(stage: str, nonce: str) -> None:
    """Write to the terminal in four ways, twice; the last is how a library in C writes."""
    import logging
    import os
    import warnings

    for turn in ("1", "2"):
        print(f"{stage}-print-{turn}-{nonce}")
        logging.getLogger(__name__).warning("%s-logging-%s-%s", stage, turn, nonce)
        warnings.warn(f"{stage}-warnings-{turn}-{nonce}", stacklevel=2)
        os.write(2, f"{stage}-native-{turn}-{nonce}\n".encode())


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[speak]
)
def prepare(nonce: str) -> dict[str, str]:
    speak("prepare", nonce)
    return {"nonce": nonce}


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[speak]
)
def measure(prepared: dict[str, str], fails: bool) -> dict[str, str]:
    speak("measure", prepared["nonce"])
    if fails:
        raise ValueError(f"refused-{prepared['nonce']}")
    return prepared


@dsl.component(
    base_image="python:3.11", install_kfp_package=False, additional_funcs=[speak]
)
def report(measured: dict[str, str], results: str) -> None:
    from pathlib import Path

    speak("report", measured["nonce"])
    Path(results, "told.txt").write_text(measured["nonce"])
