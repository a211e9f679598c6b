"""Drawn pictures for the demo's photos: flat scenes of a plant that does not exist, each broken and put right.

Drawn in a space of 400 × 300 at four times its size and scaled down by half, so that edges are smooth. The bytes are the same at
each load, so that a photo is stored once however many records show it.
"""

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from PIL import Image, ImageDraw

SIZE = (400, 300)
ZOOM = 4
SENT = (800, 600)
Point = tuple[float, float]
GREEN, DARK, YELLOW, RED, STEEL, LIGHT, SOIL = "#2f5d55", "#24302e", "#e6b422", "#c03a22", "#8b9694", "#e8ece8", "#a39577"


@dataclass
class Canvas:
    """A drawing in scene coordinates."""

    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (SIZE[0] * ZOOM, SIZE[1] * ZOOM), "#c6ccc4"))
    pen: Any = None

    def __post_init__(self) -> None:
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, width: float, height: float, fill: str, *, edge: str = "", round_by: float = 0) -> None:
        corners = [x * ZOOM, y * ZOOM, (x + width) * ZOOM, (y + height) * ZOOM]
        self.pen.rounded_rectangle(corners, round_by * ZOOM, fill, edge or None, 2 * ZOOM if edge else 0)

    def shape(self, points: Sequence[Point], fill: str) -> None:
        self.pen.polygon([(x * ZOOM, y * ZOOM) for x, y in points], fill)

    def line(self, points: Sequence[Point], fill: str, width: float) -> None:
        self.pen.line([(x * ZOOM, y * ZOOM) for x, y in points], fill, round(width * ZOOM), joint="curve")

    def dot(self, x: float, y: float, rx: float, fill: str, ry: float | None = None) -> None:
        down = ry if ry is not None else rx
        self.pen.ellipse([(x - rx) * ZOOM, (y - down) * ZOOM, (x + rx) * ZOOM, (y + down) * ZOOM], fill)

    def fade(self, y: float, height: float, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> None:
        """Bands of colour from top to bottom: a sky, a wall."""
        rows = round(height)
        for row in range(rows):
            mix = tuple(round(a + (b - a) * row / rows) for a, b in zip(top, bottom, strict=True))
            self.pen.rectangle([0, (y + row) * ZOOM, SIZE[0] * ZOOM, (y + row + 1) * ZOOM], mix)

    def jpeg(self) -> bytes:
        output = io.BytesIO()
        self.image.resize(SENT, Image.Resampling.LANCZOS).save(output, "JPEG", quality=82)
        return output.getvalue()


def _outdoors(canvas: Canvas) -> None:
    canvas.fade(0, 180, (156, 184, 205), (228, 231, 225))
    canvas.shape([(0, 172), (90, 158), (190, 167), (300, 156), (400, 164), (400, 300), (0, 300)], "#8f9a72")
    canvas.fade(192, 108, (168, 154, 126), (127, 113, 89))
    rng = random.Random(7)  # noqa: S311  # where the gravel lies
    for _stone in range(40):
        canvas.dot(rng.uniform(0, 400), rng.uniform(200, 298), rng.uniform(1, 3), "#978a6e", 1.4)


def _workshop(canvas: Canvas) -> None:
    canvas.fade(0, 220, (206, 212, 205), (184, 192, 184))
    canvas.box(0, 150, 400, 70, "#9fb3ab")
    canvas.fade(220, 80, (150, 140, 118), (118, 108, 90))


def draw_guard(canvas: Canvas, *, broken: bool) -> None:
    """A pumping unit behind its rail; the gate hangs, or is closed with a sign on it."""
    _outdoors(canvas)
    canvas.box(112, 218, 200, 14, STEEL)
    canvas.shape([(190, 84), (162, 218), (174, 218), (197, 116), (220, 218), (232, 218), (206, 84)], GREEN)
    canvas.line([(180, 170), (215, 170)], GREEN, 6)
    canvas.shape([(88, 76), (290, 94), (290, 107), (88, 93)], "#37695f")
    canvas.shape([(90, 60), (74, 82), (80, 118), (98, 112)], RED)
    canvas.line([(79, 112), (79, 222)], DARK, 2.5)
    canvas.box(68, 202, 22, 24, "#5a5f60")
    canvas.line([(278, 102), (262, 178)], "#3d4947", 7)
    canvas.shape([(262, 182), (302, 150), (316, 172), (312, 198), (272, 196)], "#d2ae31")
    canvas.dot(262, 182, 9, DARK)
    canvas.box(246, 190, 60, 28, "#3d6a63")
    for x in (18, 68, 118, 232, 282, 332, 380):
        canvas.box(x, 170, 5, 84, "#d9a514")
    for y in (176, 206, 236):
        canvas.box(18, y, 104, 4.5, YELLOW)
        canvas.box(232, y, 152, 4.5, YELLOW)
    if broken:
        canvas.line([(122, 178), (206, 226)], "#c99b1d", 4.5)
        canvas.line([(112, 208), (150, 229)], "#c99b1d", 4.5)
        canvas.line([(104, 238), (192, 288)], "#c99b1d", 4.5)
        canvas.line([(122, 176), (98, 246)], "#b98d14", 5)
        canvas.line([(206, 224), (184, 292)], "#b98d14", 5)
    else:
        for y in (176, 206, 236):
            canvas.box(122, y, 110, 4.5, YELLOW)
        canvas.box(222, 202, 14, 12, "#4b5557", round_by=2)
        canvas.box(150, 184, 48, 20, "#f4f1e4", edge=RED)
        canvas.line([(158, 194), (190, 194)], RED, 4)


def draw_flange(canvas: Canvas, *, broken: bool) -> None:
    """A flanged line with a valve, oil under it, or dry with new bolts."""
    canvas.fade(0, 300, (186, 174, 148), (138, 125, 100))
    if broken:
        canvas.dot(205, 252, 116, "#1f1b15", 30)
        canvas.dot(188, 246, 54, "#4d4638", 11)
    canvas.box(0, 120, 400, 58, STEEL)
    canvas.box(0, 124, 400, 12, "#bcc4c2")
    for x in (164, 206):
        canvas.box(x, 88, 30, 122, "#7c8785", edge="#414b49", round_by=4)
    canvas.box(194, 94, 12, 110, "#2a2b27")
    for y in (98, 142, 187):
        canvas.box(150, y, 100, 13, "#4a5452" if broken else "#c9ced0", round_by=3)
    canvas.box(300, 104, 56, 90, RED)
    canvas.box(318, 60, 20, 46, "#59635f")
    canvas.box(288, 46, 80, 16, "#a93420", round_by=8)
    if broken:
        for shift in (-7, 0, 6):
            canvas.line([(200 + shift, 204), (198 + shift * 1.6, 228), (202 + shift, 250)], "#14110c", 6)
    else:
        canvas.box(40, 52, 92, 34, "#f4f1e4", edge=GREEN, round_by=3)
        canvas.line([(56, 70), (70, 78), (92, 60)], GREEN, 6)


def draw_cabinet(canvas: Canvas, *, broken: bool) -> None:
    """A control cabinet with its door ajar, or closed with a warning sign."""
    _workshop(canvas)
    canvas.box(70, 30, 260, 212, "#5f7f79", edge="#3d5651", round_by=6)
    canvas.box(230, 58, 76, 28, LIGHT, round_by=3)
    canvas.box(60, 246, 280, 16, "#2f3b39")
    if broken:
        canvas.shape([(200, 34), (168, 56), (168, 264), (200, 238)], "#22302e")
        canvas.line([(188, 90), (180, 130), (192, 170)], RED, 4)
        canvas.line([(194, 84), (186, 140), (194, 196)], YELLOW, 4)
        canvas.box(92, 74, 56, 52, "#7b968f")
    else:
        canvas.line([(200, 34), (200, 238)], "#3d5651", 3)
        canvas.shape([(120, 74), (150, 126), (90, 126)], "#222222")
        canvas.shape([(120, 82), (143, 122), (97, 122)], "#f2c41b")
        canvas.line([(121, 90), (114, 106), (124, 106), (118, 119)], "#222222", 4)
        canvas.box(192, 126, 16, 22, "#c9a227", round_by=3)
    canvas.box(210, 120, 10, 36, "#2b3836", round_by=3)


def draw_extinguisher(canvas: Canvas, *, broken: bool) -> None:
    """An extinguisher close up: its gauge in red and the pin out, or in green and sealed."""
    _workshop(canvas)
    canvas.box(150, 96, 92, 176, "#c8301f", round_by=26)
    canvas.box(160, 110, 14, 140, "#de6a58", round_by=7)
    canvas.box(172, 150, 52, 54, "#f1e9d8", round_by=3)
    canvas.line([(180, 166), (216, 166)], DARK, 3)
    canvas.line([(180, 178), (208, 178)], DARK, 3)
    canvas.box(180, 74, 32, 26, "#38403e")
    canvas.shape([(150, 60), (238, 48), (240, 58), (154, 74)], "#20282a")
    canvas.line([(236, 84), (276, 108), (282, 190), (268, 226)], "#20282a", 9)
    canvas.dot(300, 66, 44, "#f4f4ee")
    canvas.pen.arc([264 * ZOOM, 30 * ZOOM, 336 * ZOOM, 102 * ZOOM], 180, 240, RED, 10 * ZOOM)
    canvas.pen.arc([264 * ZOOM, 30 * ZOOM, 336 * ZOOM, 102 * ZOOM], 240, 300, "#3c9a56", 10 * ZOOM)
    canvas.pen.arc([264 * ZOOM, 30 * ZOOM, 336 * ZOOM, 102 * ZOOM], 300, 360, YELLOW, 10 * ZOOM)
    canvas.line([(300, 66), (274, 54) if broken else (300, 38)], DARK, 4)
    canvas.dot(300, 66, 5, DARK)
    if not broken:
        canvas.line([(170, 62), (196, 84)], YELLOW, 4)
        canvas.box(96, 120, 40, 62, "#fbfbf4", edge="#7b8a86")
        for y in (134, 146, 158, 170):
            canvas.line([(102, y), (128, y)], "#3c9a56", 3)


def draw_ladder(canvas: Canvas, *, broken: bool) -> None:
    """A caged ladder: hoops hanging loose, or all bolted."""
    _outdoors(canvas)
    canvas.box(210, 10, 190, 240, "#b9c2bd")
    canvas.box(210, 10, 190, 16, "#8f9b96")
    for x in (120, 176):
        canvas.box(x, 4, 7, 280, "#d9a514")
    for y in range(20, 280, 24):
        canvas.box(120, y, 62, 5, "#caa02a")
    for y in (40, 100, 160):
        tilt = 26 if broken and y == 100 else 0
        canvas.line([(123, y), (80, y + 14 + tilt), (96, y + 34 + tilt), (180, y + 30)], "#8a6d14", 5)
    if broken:
        canvas.line([(88, 60), (76, 150)], "#8a6d14", 4)
        canvas.dot(180, 130, 5, RED)
        canvas.dot(123, 100, 5, RED)
    else:
        canvas.line([(88, 60), (88, 190)], "#8a6d14", 4)
        canvas.box(196, 190, 60, 40, "#f4f1e4", edge=RED)
        canvas.line([(204, 210), (248, 210)], RED, 4)


def draw_dike(canvas: Canvas, *, broken: bool) -> None:
    """A tank behind its dike: cracked, or sealed along the joint."""
    _outdoors(canvas)
    canvas.box(110, 30, 230, 150, "#d5dad6")
    canvas.box(110, 30, 40, 150, "#bfc7c2")
    canvas.dot(225, 32, 115, "#e6eae7", 12)
    canvas.line([(330, 180), (150, 44)], "#8f9b96", 4)
    canvas.shape([(0, 176), (400, 168), (400, 250), (0, 262)], "#a8a49a")
    canvas.shape([(0, 176), (400, 168), (400, 178), (0, 187)], "#c2beb4")
    if broken:
        canvas.line([(196, 172), (186, 196), (204, 214), (190, 238), (198, 256)], "#3f3b35", 5)
        canvas.line([(204, 214), (232, 226)], "#3f3b35", 3)
        canvas.dot(206, 272, 60, "#3a342a", 10)
    else:
        canvas.line([(196, 172), (188, 196), (202, 214), (192, 238), (198, 256)], "#6f7470", 11)


def draw_earthing(canvas: Canvas, *, broken: bool) -> None:
    """A motor on its base: the earth cable hangs free, or is bolted to the strip."""
    _workshop(canvas)
    canvas.box(90, 90, 190, 110, "#3d6a63", round_by=18)
    for x in range(112, 262, 18):
        canvas.box(x, 96, 6, 98, "#2f544e")
    canvas.box(280, 130, 46, 26, STEEL)
    canvas.box(74, 200, 230, 22, "#6f7573")
    canvas.box(250, 66, 44, 36, "#4b5a57", round_by=4)
    canvas.box(40, 236, 330, 10, "#c07a3a")
    canvas.dot(120, 241, 6, DARK)
    if broken:
        canvas.line([(104, 196), (84, 214), (66, 208), (52, 222)], "#5aa04a", 6)
        canvas.dot(52, 222, 5, "#c07a3a")
    else:
        canvas.line([(104, 196), (98, 216), (110, 228), (120, 240)], "#5aa04a", 6)
        canvas.line([(104, 196), (98, 216), (110, 228), (120, 240)], YELLOW, 2)
        canvas.dot(120, 241, 4, "#d8d8d0")


def draw_sling(canvas: Canvas, *, broken: bool) -> None:
    """A wire sling on a hook: broken strands and no tag, or a new one with its tag."""
    _workshop(canvas)
    canvas.box(184, 0, 30, 60, "#59635f")
    canvas.line([(200, 56), (200, 84), (182, 104), (200, 122), (220, 106)], DARK, 12)
    for x in (96, 304):
        canvas.line([(200, 108), (x, 222)], "#7d8683", 8)
        canvas.line([(200, 108), (x, 222)], "#aab2af", 3)
    canvas.box(76, 222, 250, 44, "#4f7d9a", round_by=4)
    canvas.box(76, 230, 250, 6, "#6f9bb6")
    if broken:
        for shift in (-12, -4, 6, 14):
            canvas.line([(252, 166), (268 + shift, 146 - abs(shift))], "#5b6361", 2.5)
    else:
        canvas.line([(150, 160), (132, 176)], DARK, 2)
        canvas.box(108, 172, 30, 22, "#f2c41b", edge="#8d741c", round_by=3)


Scene = Callable[..., None]


def draw_sheet(canvas: Canvas, *, broken: bool) -> None:
    """A signed sheet on a desk; before, without the signatures."""
    canvas.fade(0, 300, (142, 116, 88), (120, 96, 72))
    canvas.shape([(112, 16), (296, 26), (280, 288), (96, 276)], "#fdfdfa")
    canvas.line([(150, 44), (256, 50)], DARK, 7)
    for row in range(9):
        y = 70 + row * 15
        canvas.line([(130 - row, y), (276 - row * 1.2 - (40 if row % 4 == 3 else 0), y + 7)], STEEL, 2.5)
    for x in (124, 200):
        canvas.line([(x, 250), (x + 62, 253)], DARK, 1.5)
        if not broken:
            canvas.line([(x + 8, 244), (x + 18, 228), (x + 24, 246), (x + 38, 232), (x + 44, 245), (x + 58, 238)], "#1f3f8f", 2.5)
    canvas.line([(310, 250), (372, 120)], "#20304f", 7)


def draw_letter(canvas: Canvas, *, broken: bool) -> None:
    """A page with a head, lines and a round stamp; it is the same either way."""
    canvas.box(90, 15, 220, 270, "#fbfbf8", edge=STEEL)
    canvas.box(140, 35, 120, 10, RED)
    canvas.line([(110, 58), (290, 58)], RED, 2)
    for row in range(8):
        canvas.box(110, 80 + 18 * row, 180 if row % 4 != 3 else 90, 5, "#9aa3a1")
    for turn in (22, 19):
        canvas.dot(255, 245, turn, RED if turn == 22 else "#fbfbf8")
    canvas.dot(255, 245, 7, RED)


SCENES: dict[str, Scene] = {
    "letter": draw_letter,
    "guard": draw_guard,
    "flange": draw_flange,
    "cabinet": draw_cabinet,
    "extinguisher": draw_extinguisher,
    "ladder": draw_ladder,
    "dike": draw_dike,
    "earthing": draw_earthing,
    "sling": draw_sling,
    "sheet": draw_sheet,
}


@cache
def picture(scene: str, *, broken: bool) -> bytes:
    """The JPEG of a scene, before or after it was put right."""
    canvas = Canvas()
    SCENES[scene](canvas, broken=broken)
    return canvas.jpeg()
