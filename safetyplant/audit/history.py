"""The story of a record, told in sentences. Rooms register one sentence per action."""
