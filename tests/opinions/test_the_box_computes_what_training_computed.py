"""scikit-learn and SciPy train in floats; the box computes in NumPy with int8: the answers must be the same."""

from functools import cache

import numpy as np
import pytest
from shipped import SHIPPED

from appliance.opinions.features import Vocabulary, character_terms, word_terms
from appliance.opinions.lexicon import Lexicon
from appliance.opinions.model import Matrix, Model, softmax_of
from appliance.opinions.training.comments import Reading, read, read_comments
from appliance.opinions.training.fit import encode, fit, logits_of, vectorizer

COMMENTS = 300
INT8_TOLERANCE = 0.02


@cache
def _reading() -> tuple[Lexicon, Reading]:
    lexicon = Lexicon.read(SHIPPED / "lexicon.toml")
    return lexicon, read(read_comments(SHIPPED / "training" / "train.jsonl")[:COMMENTS], lexicon)


@pytest.mark.parametrize("terms", [word_terms, character_terms])
def test_tf_idf_is_scikit_learns(terms: type[list[str]]) -> None:
    texts = [[word.text for clause in comment for word in clause] for comment in _reading()[1].comments]
    reference = vectorizer(terms, 2).fit(texts[:200])
    vocabulary = Vocabulary(reference.vocabulary_, reference.idf_.astype(np.float32))
    for words, row in zip(texts, reference.transform(texts).toarray(), strict=True):
        columns, values = vocabulary.encode(terms(words))
        ours = np.zeros_like(row)
        ours[columns] = values
        np.testing.assert_allclose(ours, row, atol=1e-5)


def test_probabilities_are_those_of_the_fit_within_int8() -> None:
    lexicon, reading = _reading()
    features, weights = fit(reading, lexicon)
    slope, offset = np.linspace(0.8, 1.2, 5), np.linspace(-0.5, 0.5, 15).reshape(5, 3)
    model = Model(
        features,
        Matrix.quantised(weights.clause),
        Matrix.quantised(weights.comment),
        weights.bias,
        slope,
        offset,
        0.5,
    )
    exact = softmax_of(logits_of(encode(reading.comments, features), weights), slope, offset)
    ours = np.stack([model.probabilities(comment) for comment in reading.comments])
    assert np.abs(ours - exact).max() < INT8_TOLERANCE
    assert exact.std() > 10 * INT8_TOLERANCE / 2, "the fit says too little for the comparison to mean anything"


def test_the_same_comments_give_the_same_weights() -> None:
    lexicon, reading = _reading()
    few = Reading(reading.comments[:60], reading.labels[:60])
    np.testing.assert_array_equal(fit(few, lexicon)[1].clause, fit(few, lexicon)[1].clause)
