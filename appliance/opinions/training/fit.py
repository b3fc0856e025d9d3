"""Fitting: n-gram vocabularies, then weights by L-BFGS on the log loss of whole comments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer

from appliance.opinions.features import Features, Vocabulary, character_terms, word_terms
from appliance.opinions.lexicon import Lexicon
from appliance.opinions.model import AREAS, PAIR_COUNT, TONALITIES, Floats, distinct_clauses, softmax_of
from appliance.opinions.training.comments import Clauses, Labels, Reading

_LEAST_COMMENTS_A_WORD: Final = 3
_LEAST_COMMENTS_A_CHARACTER_NGRAM: Final = 5
_SHRINKAGE: Final = 0.1
_ITERATIONS: Final = 60
"""Shrinkage and an early stop by cross-validation; 120 iterations lose a point, 30 as well."""
_UNCALIBRATED: Final = np.ones(len(AREAS)), np.zeros((len(AREAS), len(TONALITIES)))


@dataclass(frozen=True)
class Weights:
    """Features × pairs twice, and one number a pair."""

    clause: Floats
    comment: Floats
    bias: Floats


@dataclass(frozen=True)
class Encoded:
    """Comments as matrices of features: every clause, every whole comment, and whose each clause is."""

    clauses: sparse.csr_matrix
    comments: sparse.csr_matrix
    owner: Labels
    """The comment's number, clause by clause, rising."""

    @property
    def starts(self) -> Labels:
        return np.searchsorted(self.owner, np.arange(self.comments.shape[0]))


def vectorizer(analyzer: Callable[[Sequence[str]], list[str]], least_comments: int) -> TfidfVectorizer:
    """scikit-learn's TF-IDF over our terms; `Vocabulary.encode` gives the same numbers without it."""
    return TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, min_df=least_comments)


def fit_features(comments: Sequence[Clauses], lexicon: Lexicon) -> Features:
    """The n-grams that enough comments have, and their rarity."""
    texts = [_words(comment) for comment in comments]
    return Features(
        lexicon,
        _vocabulary(vectorizer(word_terms, _LEAST_COMMENTS_A_WORD).fit(texts)),
        _vocabulary(vectorizer(character_terms, _LEAST_COMMENTS_A_CHARACTER_NGRAM).fit(texts)),
    )


def encode(comments: Sequence[Clauses], features: Features) -> Encoded:
    clauses = [distinct_clauses(comment) for comment in comments]
    owner = np.repeat(np.arange(len(comments)), [len(distinct) for distinct in clauses])
    return Encoded(
        _matrix([clause for distinct in clauses for clause in distinct], features),
        _matrix([_words(comment) for comment in comments], features),
        owner,
    )


def logits_of(encoded: Encoded, weights: Weights) -> Floats:
    """Comments × pairs."""
    pooled, _ = _pool(encoded, weights.clause)
    logits: Floats = pooled + encoded.comments @ weights.comment + weights.bias
    return logits


def fit(seen: Reading, lexicon: Lexicon) -> tuple[Features, Weights]:
    """Vocabulary and weights from these comments."""
    features = fit_features(seen.comments, lexicon)
    return features, fit_weights(encode(seen.comments, features), seen.labels)


def fit_weights(encoded: Encoded, labels: Labels) -> Weights:
    """The weights that make the labels likeliest, shrunk towards 0."""
    truth = (labels[:, :, None] == 1 + np.arange(len(TONALITIES))).reshape(len(labels), PAIR_COUNT)
    columns = encoded.comments.shape[1]
    clauses_by_column, comments_by_column = encoded.clauses.T.tocsr(), encoded.comments.T.tocsr()

    def unpack(flat: Floats) -> Weights:
        clause, comment = flat[:-PAIR_COUNT].reshape(2, columns, PAIR_COUNT)
        return Weights(clause, comment, flat[-PAIR_COUNT:])

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = unpack(flat)
        pooled, share = _pool(encoded, weights.clause)
        probabilities = softmax_of(pooled + encoded.comments @ weights.comment + weights.bias, *_UNCALIBRATED)
        surprise = -np.log(np.take_along_axis(probabilities, labels[:, :, None], 2) + 1e-30).sum()
        error = probabilities[:, :, 1:].reshape(len(labels), PAIR_COUNT) - truth
        slope = [
            clauses_by_column @ (share * error[encoded.owner]) + _SHRINKAGE * weights.clause,
            comments_by_column @ error + _SHRINKAGE * weights.comment,
            error.sum(axis=0),
        ]
        shrinkage = _SHRINKAGE / 2 * ((weights.clause**2).sum() + (weights.comment**2).sum())
        return float(surprise + shrinkage), np.concatenate([part.ravel() for part in slope])

    start = np.zeros(2 * columns * PAIR_COUNT + PAIR_COUNT)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS, "maxcor": 8})
    return unpack(found.x)


def _pool(encoded: Encoded, clause_weights: Floats) -> tuple[Floats, Floats]:
    """Log-sum-exp over each comment's clauses, and each clause's share of it."""
    logits = encoded.clauses @ clause_weights
    highest = np.maximum.reduceat(logits, encoded.starts, axis=0)
    heights = np.exp(logits - highest[encoded.owner])
    totals = np.add.reduceat(heights, encoded.starts, axis=0)
    return highest + np.log(totals), heights / totals[encoded.owner]


def _words(comment: Clauses) -> list[str]:
    return [word.text for clause in comment for word in clause]


def _matrix(texts: Sequence[Sequence[str]], features: Features) -> sparse.csr_matrix:
    rows = [features.encode(words) for words in texts]
    ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    values = np.concatenate([values for _, values in rows]).astype(np.float64)
    return sparse.csr_matrix(
        (values, np.concatenate([columns for columns, _ in rows]), ends),
        shape=(len(texts), features.column_count),
    )


def _vocabulary(fitted: Any) -> Vocabulary:
    columns = {term: int(column) for term, column in fitted.vocabulary_.items()}
    return Vocabulary(dict(sorted(columns.items(), key=lambda item: item[1])), fitted.idf_.astype(np.float32))
