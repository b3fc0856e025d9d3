"""Text in, opinions out. Words only: nothing of the voice ever comes here."""

from appliance.opinions.classifier import Classifier, load_classifier

__all__ = ["Classifier", "load_classifier"]
