"""Is a question about R? Texts become a sparse matrix of words, and a forest learns from it.

After the example of DVC: https://github.com/iterative/example-get-started.
"""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.metrics import average_precision_score, roc_auc_score

WORDS = {
    0: ["array", "pointer", "thread", "null", "compile", "class", "server", "query", "regex", "socket"],
    1: ["ggplot", "dplyr", "dataframe", "vector", "factor", "plot", "lapply", "tidy", "model", "formula"],
}


class Prepared(NamedTuple):
    train: pd.DataFrame
    test: pd.DataFrame


class Featurized(NamedTuple):
    train_features: sparse.csr_matrix
    test_features: sparse.csr_matrix


def prepare(questions: int, split: float, seed: int) -> Prepared:
    draw = np.random.default_rng(seed)
    label = draw.integers(0, 2, questions)
    texts = [
        " ".join(
            draw.choice(WORDS[int(one)] if draw.random() < 0.7 else WORDS[1 - int(one)])
            for _ in range(draw.integers(4, 12))
        )
        for one in label
    ]
    table = pd.DataFrame({"id": np.arange(questions), "label": label, "text": texts})
    cut = int(questions * (1 - split))
    return Prepared(table[:cut], table[cut:])


def featurize(train: pd.DataFrame, test: pd.DataFrame, max_features: int, ngrams: int) -> Featurized:
    words = CountVectorizer(stop_words="english", max_features=max_features, ngram_range=(1, ngrams))
    weights = TfidfTransformer(smooth_idf=False)
    train_matrix = weights.fit_transform(words.fit_transform(train["text"].str.lower()))
    test_matrix = weights.transform(words.transform(test["text"].str.lower()))
    return Featurized(with_labels(train, train_matrix), with_labels(test, test_matrix))


def with_labels(table: pd.DataFrame, matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """The matrix with the id and the label of each question before its words."""
    front = [sparse.csr_matrix(table[name].astype(np.int64)).T for name in ("id", "label")]
    return sparse.hstack([*front, matrix], format="csr")


def train_forest(
    train_features: sparse.csr_matrix, n_est: int, min_split: int, seed: int
) -> RandomForestClassifier:
    labels = np.squeeze(train_features[:, 1].toarray())
    forest = RandomForestClassifier(n_estimators=n_est, min_samples_split=min_split, random_state=seed)
    return forest.fit(train_features[:, 2:], labels)


def evaluate(
    model: RandomForestClassifier, test_features: sparse.csr_matrix, results: str
) -> dict[str, float]:
    labels = test_features[:, 1].toarray().ravel()
    chances = model.predict_proba(test_features[:, 2:])[:, 1]
    metrics = {
        "avg_prec": round(float(average_precision_score(labels, chances)), 9),
        "roc_auc": round(float(roc_auc_score(labels, chances)), 9),
    }
    Path(results, "metrics.json").write_text(json.dumps(metrics, sort_keys=True))
    return metrics
