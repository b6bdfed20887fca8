"""Run by a tool's interpreter: calls the stage ``evaluate`` with a table of four rows, and prints an answer."""

import importlib
import json
import sys


def main(path: str, module: str, function: str, call: str) -> None:
    """Print whether the stage returned what it should; else the error in a line."""
    import pandas as pd

    sys.path.insert(0, path)
    scored = pd.DataFrame(
        {
            "late": [True, False, True, False],
            "probability": [0.9, 0.2, 0.6, 0.7],
            "predicted": [True, False, True, True],
        }
    )
    try:
        stage = getattr(importlib.import_module(module), function)
        returned = eval(call.format(function="stage"), {"stage": stage})(scored=scored)  # noqa: S307 - of the manifest
        right = abs(returned["accuracy"] - 0.75) < 1e-9 and returned["flights"] == 4
        answer = {"right": bool(right), "error": None if right else f"it returned {returned!r:.200}"}
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        answer = {"right": False, "error": f"{type(error).__name__}: {error}".partition("\n")[0][:300]}
    sys.stdout.write(f"\n{json.dumps(answer)}\n")


main(*sys.argv[1:])
