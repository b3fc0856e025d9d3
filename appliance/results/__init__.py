"""What the figures say: statistics, the overview, the year report, and the words for them."""
