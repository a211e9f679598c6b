class EmbeddedError(Exception):
    """The embedded servers cannot be had; the message is one clear sentence that says what to do."""
