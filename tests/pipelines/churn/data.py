"""Makes customers of a telephone company that never was: 20,000 rows of mixed types, from a seed."""

from pathlib import Path

import numpy as np
import pandas as pd

SIZES = {"small": 20_000, "medium": 20_000, "full": 20_000}


def prepare(size: str, folder: Path) -> None:
    """Write ``customers.csv``."""
    rows = SIZES[size]
    draw = np.random.default_rng(20_261_201)
    months = draw.integers(1, 72, rows)
    charge = np.round(draw.gamma(4.0, 16.0, rows) + 15, 2)
    plan = draw.choice(["Prepaid", "Fibre & TV", "Mobile (2 years)", "Büro Plus"], rows)
    calls = draw.poisson(1.5, rows).astype(float)
    calls[draw.random(rows) < 0.05] = np.nan
    score = 0.8 - 0.05 * months + 0.012 * charge + 0.35 * np.nan_to_num(calls) + 0.7 * (plan == "Prepaid")
    churned = draw.random(rows) < 1 / (1 + np.exp(-(score - 1.2)))
    since = pd.Timestamp("2026-01-01") - pd.to_timedelta(months * 30, unit="D")
    table = pd.DataFrame(
        {
            "customer": [f"C{number:06d}" for number in range(rows)],
            "since": since.strftime("%Y-%m-%d"),
            "plan": plan,
            "months": months,
            "monthly_charge": charge,
            "support_calls": calls,
            "paperless": draw.random(rows) < 0.6,
            "churned": churned,
        }
    )
    table.to_csv(folder / "customers.csv", index=False)
