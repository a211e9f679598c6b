"""One check of similar places in the middle of its answers: one station is done, one half, one has not begun."""

from datetime import timedelta

from inspections.choices import HazardStatus
from inspections.models import Hazard, PlaceAnswer, PlaceCheck
from inspections.services.place_checks import CheckData, PlaceSeen
from inspections.workflows import answer_places, send_check
from safetyplant.demo.data.checks import ASKED, DONE, FINE, FOUND, HOW, NOT_HERE, PLACE, TITLE
from safetyplant.demo.hazards import Fix, live
from safetyplant.demo.story import Life, Story

SENT_DAYS, TERM_DAYS = 2.2, 4


def begin_checks(story: Story) -> None:
    story.begin(_check(story))


def _check(story: Story) -> Life:
    yield story.day(SENT_DAYS)
    found = Hazard.objects.filter(place=story.plant.place[PLACE]).exclude(status=HazardStatus.CANCELLED)
    places = [story.plant.place[f"{unit}/{code}"] for unit, codes in ASKED.items() for code in codes]
    due_at = story.clock + timedelta(days=TERM_DAYS)
    data = CheckData(found.earliest("found_at"), story.say(TITLE), places, due_at, story.say(HOW))
    check, _is_new = send_check(data, by=story.who("officer"), now=story.clock)
    for hours, result, keys in ((5, "fine", FINE), (3, "found", FOUND), (1, "na", NOT_HERE)):
        yield story.later(hours)
        for key in keys:
            _answer(story, check, key, result)


def _answer(story: Story, check: PlaceCheck, key: str, result: str) -> None:
    rows = PlaceAnswer.objects.select_related("share__deadline", "place__unit")
    answer = rows.get(place_check=check, place=story.plant.place[key])
    by = story.people[answer.share.deadline.owner_id]
    words = FOUND.get(key) or NOT_HERE.get(key)
    photos = [story.photo("earthing", broken=True, by=by)] if result == "found" else []
    seen = PlaceSeen(answer, result, story.say(words) if words else "", photos=photos)
    answer_places(check, [seen], by=by, now=story.clock)
    hazard = PlaceAnswer.objects.select_related("hazard").get(pk=answer.pk).hazard
    if hazard is not None:
        fix = Fix(DONE, "earthing", "G1", "ELEC", is_watched=True)
        story.begin(live(story, hazard, fix, ((2, "assess", None), (6, "start", None))))
