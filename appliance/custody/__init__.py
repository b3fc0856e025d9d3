"""Keys and encryption at rest: what is personal is sealed before it meets a disk."""
