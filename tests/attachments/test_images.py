"""From what was sent to a fresh photo."""

import io
import resource
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from safetyplant.attachments import images, limits
from safetyplant.attachments.exceptions import Unreadable, Unsupported
from tests.attachments.pictures import exif, picture

NOW = datetime(2026, 6, 20, tzinfo=UTC)
HEIC = (Path(__file__).parent / "data" / "phone.heic").read_bytes()


def made(data: bytes) -> images.Photo:
    return images.make_photo(io.BytesIO(data), now=NOW)


def opened(photo: images.Photo) -> Image.Image:
    return Image.open(io.BytesIO(photo.data))


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_a_fresh_jpeg(image_format: str) -> None:
    photo = made(picture(image_format))
    assert opened(photo).format == "JPEG"
    assert (photo.width, photo.height) == (640, 480)
    assert max(Image.open(io.BytesIO(photo.thumb)).size) == limits.THUMB_SIDE


def test_heic_of_a_phone_is_read_with_its_time() -> None:
    photo = made(HEIC)
    assert (photo.width, photo.height) == (320, 240)
    assert photo.taken_at == datetime(2026, 6, 12, 1, 42, 10, tzinfo=UTC)
    assert opened(photo).getpixel((20, 20))[0] > 200


def test_large_photo_is_scaled_down() -> None:
    assert max(opened(made(picture(size=(6000, 4000)))).size) == limits.MAX_SIDE


def test_nothing_of_the_metadata_survives() -> None:
    sent = picture(exif=exif(), comment=b"SecretComment") + b"<script>alert(1)</script>"
    assert b"SecretCameraMaker" in sent
    photo = made(sent)
    for data in (photo.data, photo.thumb):
        kept = Image.open(io.BytesIO(data))
        assert not dict(kept.getexif())
        assert not {"exif", "comment", "icc_profile", "xmp", "photoshop"} & set(kept.info)
        assert b"Secret" not in data
        assert b"script" not in data


@pytest.mark.parametrize(
    ("orientation", "white"),
    [(1, (0, 0)), (2, (1, 0)), (3, (1, 1)), (4, (0, 1)), (5, (0, 0)), (6, (1, 0)), (7, (1, 1)), (8, (0, 1))],
)
def test_photo_stands_upright(orientation: int, white: tuple[int, int]) -> None:
    photo = made(picture(exif=exif(orientation=orientation)))
    upright = opened(photo)
    assert (upright.size == (480, 640)) == (orientation >= 5)
    corner = tuple(10 if side == 0 else length - 10 for side, length in zip(white, upright.size, strict=True))
    assert min(upright.getpixel(corner)) > 200


def test_capture_time_is_plant_time_unless_it_names_its_offset() -> None:
    assert made(picture(exif=exif())).taken_at == datetime(2026, 6, 12, 1, 42, 10, tzinfo=UTC)
    assert made(picture(exif=exif(offset="+00:00"))).taken_at == datetime(2026, 6, 12, 9, 42, 10, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["2031:01:01 00:00:00", "0000:00:00 00:00:00", "yesterday", "1970:01:01 00:00:00", ""])
def test_impossible_capture_time_is_none(taken: str) -> None:
    assert made(picture(exif=exif(taken=taken))).taken_at is None


def test_transparent_parts_become_white() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (100, 100), (0, 0, 0, 0)).save(output, "PNG")
    assert min(opened(made(output.getvalue())).getpixel((50, 50))) > 250


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA", "I;16", "CMYK"])
def test_every_colour_mode_is_drawn(mode: str) -> None:
    output = io.BytesIO()
    Image.new(mode, (64, 64)).save(output, "JPEG" if mode == "CMYK" else "PNG")
    assert opened(made(output.getvalue())).mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"MZ" + b"\0" * 300,
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
    ],
)
def test_other_kinds_are_refused(data: bytes) -> None:
    with pytest.raises(Unsupported):
        made(data)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_cut_photo_is_refused(image_format: str) -> None:
    data = picture(image_format)
    with pytest.raises(Unreadable):
        made(data[: len(data) // 2])


def test_kind_that_lies_is_refused() -> None:
    with pytest.raises(Unreadable):
        made(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"<html><script>alert(1)</script></html>" * 20)


# Pillow warns of broken EXIF and goes on, which is right.
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_every_cut_and_flip_is_photo_or_refusal() -> None:
    for data in (picture(exif=exif(), size=(64, 48)), picture("PNG", size=(64, 48)), picture("WEBP", size=(64, 48)), HEIC):
        for position in range(0, len(data), max(1, len(data) // 60)):
            broken = bytearray(data)
            broken[position] ^= 0xFF
            for variant in (bytes(broken), data[:position]):
                try:
                    made(variant)
                except (Unreadable, Unsupported):
                    continue


def png_bomb(width: int, height: int) -> bytes:
    """A header that promises very many pixels, and a little data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10_000_000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 7000), (10000, 10000), (60000, 60000), (2_000_000, 2_000_000)])
def test_bomb_of_pixels_is_refused_before_decoding(size: tuple[int, int]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Unreadable):
        made(png_bomb(*size))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
