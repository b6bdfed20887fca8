"""The components of the pipeline paged.

Each runs alone, from its own source: what a component needs is imported or defined in its body.
"""

from kfp import dsl
from kfp.dsl import HTML, Input, Output


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


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def draw(measured: dict[str, str], page_html: Output[HTML]) -> None:
    """Return a page with a picture of eight by eight pixels, in the colour of the nonce."""
    import base64
    import struct
    import zlib

    nonce = measured["nonce"]
    rows = (b"\x00" + bytes.fromhex(nonce[:6]) * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    picture = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    source = base64.b64encode(picture).decode()
    page = f'<h1>Report {nonce}</h1>\n<p><img src="data:image/png;base64,{source}" alt="{nonce}"></p>\n'

    with open(page_html.path, "w") as file:
        file.write(page)


@dsl.component(base_image="python:3.11", install_kfp_package=False)
def deliver(page_html: Input[HTML], results: str) -> None:
    from pathlib import Path

    with open(page_html.path) as file:
        page = file.read()

    Path(results, "page.html").write_text(page)
