"""From labelled comments to a model, and the plain recipe it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from appliance.opinions.lexicon import Lexicon
from appliance.opinions.model import AREAS, PAIR_COUNT, TONALITIES, Floats, Matrix, Model, softmax_of
from appliance.opinions.training.comments import Labels, Reading, folds_of
from appliance.opinions.training.figures import figures
from appliance.opinions.training.fit import Weights, encode, fit, logits_of

_FOLDS: Final = 5
_THRESHOLDS: Final = np.arange(0.2, 0.5, 0.01)


@dataclass(frozen=True)
class Calibration:
    slope: Floats
    offset: Floats
    threshold: float


@dataclass(frozen=True)
class Trained:
    model: Model
    weights: Weights
    """As they were before they became int8."""
    folds_logits: Floats
    """Of every comment, by the fold that did not see it; comments × pairs."""


def decide(probabilities: Floats, threshold: float) -> Labels:
    """The likeliest tonality of each area where it is likely enough, else none."""
    opinions = probabilities[:, :, 1:]
    decided: Labels = np.where(opinions.max(axis=2) >= threshold, 1 + opinions.argmax(axis=2), 0)
    return decided


def train(comments: Reading, plain: Reading, lexicon: Lexicon, seed: int) -> Trained:
    """Weights from all of both; calibration and threshold from five folds of the comments."""
    logits = _folds_logits(comments, plain, lexicon, seed)
    calibration = calibrate(logits, comments.labels)
    features, weights = fit(comments.with_(plain), lexicon)
    model = Model(
        features,
        Matrix.quantised(weights.clause),
        Matrix.quantised(weights.comment),
        weights.bias,
        calibration.slope,
        calibration.offset,
        calibration.threshold,
    )
    return Trained(model, weights, logits)


def _folds_logits(comments: Reading, plain: Reading, lexicon: Lexicon, seed: int) -> Floats:
    """Of every comment, by weights that did not see it; plain sentences are seen by all."""
    folds = folds_of(len(comments.labels), _FOLDS, seed)
    logits = np.zeros((len(folds), PAIR_COUNT))
    for fold in range(_FOLDS):
        features, weights = fit(comments.where(folds != fold).with_(plain), lexicon)
        logits[folds == fold] = logits_of(encode(comments.where(folds == fold).comments, features), weights)
    return logits


def calibrate(logits: Floats, labels: Labels) -> Calibration:
    """Slopes and offsets by log loss, then the threshold that gives the best opinion_f1."""
    slope, offset = np.ones(len(AREAS)), np.zeros((len(AREAS), len(TONALITIES)))
    by_area = logits.reshape(-1, len(AREAS), len(TONALITIES))
    for number in range(len(AREAS)):
        slope[number], *offset[number] = _calibrate_area(by_area[:, number], labels[:, number])
    probabilities = softmax_of(logits, slope, offset)
    scores = [figures(labels, decide(probabilities, t))["opinion_f1"] for t in _THRESHOLDS]
    return Calibration(slope, offset, round(float(_THRESHOLDS[int(np.argmax(scores))]), 2))


def _calibrate_area(logits: Floats, labels: Labels) -> Floats:
    """Slope and three offsets, the offsets held near 0."""

    def loss(flat: Floats) -> float:
        everything = np.column_stack([np.zeros(len(logits)), logits * flat[0] + flat[1:]])
        surprise = np.logaddexp.reduce(everything, axis=1) - everything[np.arange(len(labels)), labels]
        return float(surprise.sum() + (flat[1:] ** 2).sum())

    found: Floats = minimize(loss, np.array([1.0, 0.0, 0.0, 0.0]), method="L-BFGS-B").x
    return found


def cross_validated(trained: Trained, labels: Labels, seed: int) -> tuple[Labels, Floats]:
    """Decisions and probabilities of every comment, its weights and calibration from other folds."""
    folds = folds_of(len(labels), _FOLDS, seed + 1)
    decided = np.zeros_like(labels)
    probabilities = np.zeros((len(labels), len(AREAS), 1 + len(TONALITIES)))
    for fold in range(_FOLDS):
        here = folds == fold
        found = calibrate(trained.folds_logits[~here], labels[~here])
        probabilities[here] = softmax_of(trained.folds_logits[here], found.slope, found.offset)
        decided[here] = decide(probabilities[here], found.threshold)
    return decided, probabilities


def plain_recipe(texts: Sequence[str], labels: Labels, unseen: Sequence[str]) -> Labels:
    """What a first try gives: TF-IDF of words (1–2) and characters (2–5), logistic regression an area."""
    blocks = (
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3),
    )
    seen_features = sparse.hstack([block.fit_transform(texts) for block in blocks]).tocsr()
    unseen_features = sparse.hstack([block.transform(unseen) for block in blocks]).tocsr()
    columns = [
        LogisticRegression(C=30, max_iter=300, tol=1e-3).fit(seen_features, labels[:, area]).predict(unseen_features)
        for area in range(len(AREAS))
    ]
    return np.stack(columns, axis=1)
