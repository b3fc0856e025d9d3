from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from appliance.opinions import Classifier

SENTENCES = st.lists(
    st.sampled_from(
        ["Hon var trevlig.", "kön var tjugo fem minuter", "men hemsidan är krånglig,", "🙂", "Vägen är usel!", "nja"]
    ),
    max_size=6,
).map(" ".join)


def test_the_words_that_judge_are_among_them(classifier: Classifier) -> None:
    text = "Hej, ja, alltså hemsidan är krånglig, men hon i telefonen var jättetrevlig."
    shown = {
        opinion.area.value: " ".join(text[start:end] for start, end in classifier.explain(text, opinion))
        for opinion in classifier.classify(text)
    }
    assert "krånglig" in shown["digital_services"]
    assert "jättetrevlig" in shown["treatment"]
    assert "jättetrevlig" not in shown["digital_services"]


@given(text=SENTENCES)
def test_spans_are_whole_words_in_order_without_overlap(classifier: Classifier, text: str) -> None:
    for opinion in classifier.classify(text):
        spans = classifier.explain(text, opinion)
        assert spans
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(first[1] < second[0] for first, second in pairwise(spans))
        assert not any(text[start - 1 : start].isalnum() or text[end : end + 1].isalnum() for start, end in spans)


def test_a_number_of_several_words_is_one_word(classifier: Classifier) -> None:
    text = "Jag fick vänta tjugo fem minuter."
    (opinion,) = classifier.classify(text)
    shown = [text[start:end] for start, end in classifier.explain(text, opinion)]
    assert not any(words.split()[-1:] == ["tjugo"] or words.split()[:1] == ["fem"] for words in shown)
