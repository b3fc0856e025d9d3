"""Models are folders with a manifest of checksums: found by name, verified, installed from the catalog.

`models/catalog.toml` says what can be installed and from where; each installed model carries its own
`manifest.json`. Nothing is ever fetched but by `install`, which only the operator calls.
"""

from appliance.catalog._calibrations import (
    Begun,
    Calibration,
    calibrations_path,
    keep_calibration,
    read_begun,
    read_calibration,
)
from appliance.catalog._entries import Entry, ModelFile, read_catalog
from appliance.catalog._install import install
from appliance.catalog._models import (
    MANIFEST,
    Manifest,
    Watch,
    find_model,
    install_directory,
    installed_models,
    models_directories,
    read_manifest,
    verify,
    write_manifest,
)
from appliance.catalog._verified import verify_noted

__all__ = [
    "MANIFEST",
    "Begun",
    "Calibration",
    "Entry",
    "Manifest",
    "ModelFile",
    "Watch",
    "calibrations_path",
    "find_model",
    "install",
    "install_directory",
    "installed_models",
    "keep_calibration",
    "models_directories",
    "read_begun",
    "read_calibration",
    "read_catalog",
    "read_manifest",
    "verify",
    "verify_noted",
    "write_manifest",
]
