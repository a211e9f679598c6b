"""URL parts of the file addresses."""


class Sha256Converter:
    """64 hexadecimal digits, in lower case inside."""

    regex = "[0-9a-fA-F]{64}"

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value
