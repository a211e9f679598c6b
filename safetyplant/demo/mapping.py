"""One site plan, drawn from above, with the places of the station on it."""

import io
from decimal import Decimal

from responsibilities.services.site_plans import Spot, create_site_plan, mark_places
from safetyplant.attachments.services import receive
from safetyplant.demo.data.site_plan import NAME, SPOTS, UNIT
from safetyplant.demo.pictures import DARK, SIZE, STEEL, Canvas
from safetyplant.demo.story import Life, Story

DRAWN_DAYS = 40


def begin_maps(story: Story) -> None:
    story.begin(_map(story))


def _map(story: Story) -> Life:
    yield story.day(DRAWN_DAYS)
    officer = story.who("officer")
    picture = receive(io.BytesIO(draw_ground()), by=officer, now=story.clock)
    unit = story.plant.units[UNIT]
    plan = create_site_plan(unit, name=story.say(NAME), picture=picture, by=officer, now=story.clock)
    spots = {story.plant.place[f"{UNIT}/{each.code}"]: Spot(_percent(each.x, 0), _percent(each.y, 1)) for each in SPOTS}
    mark_places(plan, spots, revision=plan.revision, by=officer, now=story.clock)


def _percent(at: float, axis: int) -> Decimal:
    return Decimal(str(round(at / SIZE[axis] * 100, 1)))


def draw_ground() -> bytes:
    """Roads, the dike around the tanks, and each place of the plan where its mark will stand."""
    canvas = Canvas()
    canvas.box(0, 0, 400, 300, "#d9dfd0")
    canvas.box(8, 8, 384, 284, "#e9e6da", edge="#8d9488")
    canvas.box(8, 156, 384, 20, "#c9c9c4")
    canvas.box(232, 8, 14, 168, "#c9c9c4")
    canvas.box(8, 222, 190, 10, "#c9c9c4")
    canvas.box(34, 28, 186, 124, "#dcd2bd", edge="#9a8a68")
    canvas.line([(34, 93), (220, 93)], "#9a8a68", 2)
    for start, end in (((220, 84), (258, 84)), ((314, 84), (342, 84)), ((298, 141), (298, 193)), ((196, 206), (298, 206))):
        canvas.line([start, end], STEEL, 2.5)
    for spot in SPOTS:
        if spot.height:
            canvas.box(
                spot.x - spot.width / 2, spot.y - spot.height / 2, spot.width, spot.height, "#b9c3bf", edge=DARK, round_by=2
            )
        else:
            canvas.dot(spot.x, spot.y, spot.width + 1, DARK)
            canvas.dot(spot.x, spot.y, spot.width, "#c7cfcb")
    return canvas.jpeg()
