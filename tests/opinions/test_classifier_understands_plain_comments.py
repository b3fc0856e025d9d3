import pytest

from appliance.opinions import Classifier

PLAIN_COMMENTS = [
    ("Killen jag fick prata med var trevlig och tog sig tid.", {"treatment": "positive"}),
    ("Jag satt i telefonkö i en och en halv timme, det är för dåligt.", {"waiting_time": "negative"}),
    ("Det går inte att logga in på hemsidan.", {"digital_services": "negative"}),
    ("Ingen har plogat vår gata på hela veckan, uselt.", {"municipal_services": "negative"}),
    ("Bemötandet var sådär.", {"treatment": "skeptical"}),
    ("Trevlig men okunnig.", {"treatment": "skeptical"}),
    ("Jag kom fram på en gång, och kvinnan var snäll.", {"waiting_time": "positive", "treatment": "positive"}),
    ("hon va jätterar å snäll", {"treatment": "positive"}),
    ("Otrevlig handläggare men jag kom fram direkt.", {"treatment": "negative", "waiting_time": "positive"}),
    ("Tack för hjälpen, nu är det löst.", {"overall": "positive"}),
]


@pytest.mark.parametrize(("text", "opinions"), PLAIN_COMMENTS)
def test_area_and_tonality_are_found(classifier: Classifier, text: str, opinions: dict[str, str]) -> None:
    assert {o.area.value: o.tonality.value for o in classifier.classify(text)} == opinions


@pytest.mark.parametrize("text", ["Nej tack, inget att tillägga.", "Hallå, är det någon där?", "Hej då."])
def test_a_comment_without_judgement_has_no_opinion(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text) == ()


def test_a_surer_comment_has_a_higher_score(classifier: Classifier) -> None:
    (sure,) = classifier.classify("Hon var så trevlig och vänlig, hon lyssnade på mig.")
    (doubtful,) = classifier.classify("Hon som svarade, ja.")
    assert sure.score > 0.9 > doubtful.score


def test_letters_with_marks_of_their_own_are_read_alike(classifier: Classifier) -> None:
    composed, decomposed = "väntetiden var usel", "va\u0308ntetiden var usel"
    assert classifier.classify(decomposed) == classifier.classify(composed) != ()
