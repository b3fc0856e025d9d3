from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "models" / "opinions-sv"
"""The model that the tree carries."""
