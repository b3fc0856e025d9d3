"""Efterklang: call-back surveys on the municipality's own premises."""
