"""Is the box well? The same checks serve `efterklang check`, the page and the nightly run."""

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.health.rounds import Checked, run_checks

__all__ = ["Checked", "Context", "Issue", "Severity", "run_checks"]
