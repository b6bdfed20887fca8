"""Our own estimator: replaces a category by how often its customers left."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin


class ChurnRateEncoder(BaseEstimator, TransformerMixin):
    def __init__(self, smoothing: float = 20.0) -> None:
        self.smoothing = smoothing

    def fit(self, X: pd.DataFrame, y: pd.Series) -> "ChurnRateEncoder":
        self.mean_ = float(np.mean(y))
        self.rates_ = {}
        for column in X.columns:
            grouped = (
                pd.Series(np.asarray(y, dtype=float)).groupby(X[column].to_numpy()).agg(["sum", "count"])
            )
            rate = (grouped["sum"] + self.smoothing * self.mean_) / (grouped["count"] + self.smoothing)
            self.rates_[column] = {str(name): float(value) for name, value in rate.items()}
        return self

    def transform(self, X: pd.DataFrame) -> np.ndarray:
        columns = [X[name].astype(str).map(self.rates_[name]).fillna(self.mean_) for name in X.columns]
        return np.column_stack(columns)
