"""What the calls of a line can ask at this moment: the questionnaires whose sounds it has."""

from appliance.survey.atlas import Atlas
from appliance.survey.questionnaire import Questionnaire
from appliance.types import Language


class Repertoire:
    """The ordinary questionnaire, and the questions of others in the atlas; a question is known by its words."""

    def __init__(self, ordinary: Questionnaire, atlas: Atlas, language: Language = Language.SWEDISH) -> None:
        self.ordinary = ordinary
        self.atlas = atlas
        self._language = language

    def renew(self, atlas: Atlas) -> None:
        """For calls that begin from now on; those that go on keep the atlas that they began with."""
        self.atlas = atlas

    def can_ask(self, questionnaire: Questionnaire) -> bool:
        """Whether every question of it can be played."""
        return self.part_of(questionnaire).asks_as(questionnaire)

    def part_of(self, questionnaire: Questionnaire) -> Questionnaire:
        """The same with those questions only that can be played."""
        own = {(question.prompt, question.text[self._language]) for question in self.ordinary.questions}
        return questionnaire.only(own | self.atlas.questions.keys(), self._language)

    def atlas_for(self, questionnaire: Questionnaire) -> Atlas:
        """Where its questions lie."""
        return self.atlas.asking(questionnaire, self._language)
