"""Bounds on what a file may ask of us. Whoever passes one gets a sentence, never a crash or an exhausted machine."""

UPLOAD_BYTES = 50 * 1024 * 1024  # by the page; the command reads larger files
CELL_CHARS = 100_000  # Excel itself ends at 32,767
LINE_CHARS = 4_000_000
COLUMNS = 2_000
SHEET_ROWS = 1_048_576  # what a sheet can hold by its own format
# An XLSX is a zip: SECURITY: a few kilobytes can unpack to gigabytes.
UNPACKED_BYTES = 4 * 1024**3
UNPACKED_RATIO = 200  # honest sheets pack 5 to 40 times
UNPACKED_FREE = 32 * 1024 * 1024  # below this size the ratio is nobody's concern
PART_BYTES = 32 * 1024 * 1024  # styles, workbook and relations are read as a whole
ROW_BYTES = 16 * 1024 * 1024
BATCH_ROWS = 1_000
SHOWN_FAULTS = 200
