import pytest
from shipped import SHIPPED

from appliance.opinions import Classifier, load_classifier
from appliance.settings import Settings, StorageSettings


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Classifier:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EFTERKLANG_MODELS", str(SHIPPED.parent))
        return load_classifier(Settings(storage=StorageSettings(directory=tmp_path_factory.mktemp("box"))))
