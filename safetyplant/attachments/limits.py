"""What is taken in, and how much of it."""

from datetime import timedelta

#: 15 MB, the largest photo a phone of today sends.
MAX_BYTES = 15 * 1024 * 1024
#: Decoded, 50 megapixels of RGB are 150 MB of memory: the most one request may cost.
MAX_PIXELS = 50_000_000
MAX_SIDE = 2560
THUMB_SIDE = 480
JPEG_QUALITY = 85
THUMB_QUALITY = 78
#: Photos on one form.
MAX_PHOTOS = 6
#: An inspector's day offline fits in; a runaway script doesn't.
MAX_UNBOUND = 300
MAX_PER_DAY = 1000
MAX_OPEN_UPLOADS = 40
#: Files nobody bound to a record, and uploads nobody finished, are removed after this.
KEEP_UNBOUND = timedelta(days=7)
CHUNK = 64 * 1024
