"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from timeline import api
from timeline.views import (
    browse,
    correction,
    country,
    crawlers,
    days,
    embed,
    event,
    feeds,
    files,
    health,
    oembed,
    pictures,
    search,
    story,
)

urlpatterns = [
    # The timeline, and the same view as data
    path("", browse.browse, name="browse"),
    path("events.json", browse.events_json, name="events_json"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("events.csv", files.events_csv, name="events_csv"),
    path("events.xlsx", files.events_xlsx, name="events_xlsx"),
    path("events.annals.json", files.events_annals, name="events_annals"),
    path("events.timelinejs.json", files.events_timelinejs, name="events_timelinejs"),
    path("events.atom", feeds.events_atom, name="events_atom"),
    path("events.ics", feeds.events_ics, name="events_ics"),
    path("events.svg", pictures.events_svg, name="events_svg"),
    path("events.png", pictures.events_png, name="events_png"),
    path("card.png", pictures.view_card, name="view_card"),
    # An event
    path("events/<slug:slug>/", event.event, name="event"),
    path("events/<slug:slug>.json", event.event_json, name="event_json"),
    path("events/<slug:slug>.ics", feeds.event_ics, name="event_ics"),
    path("events/<slug:slug>.png", pictures.event_card, name="event_card"),
    path("events/<slug:slug>/history/", event.event_history, name="event_history"),
    path("events/<slug:slug>/correction/", correction.correction, name="correction"),
    # Stories
    path("stories/", story.stories, name="stories"),
    path("stories/<slug:slug>/", story.story, name="story"),
    path("stories/<slug:slug>.json", story.story_json, name="story_json"),
    path("stories/<slug:slug>.png", pictures.story_card, name="story_card"),
    # Countries
    path("countries/", country.countries, name="countries"),
    path("countries.json", country.countries_json, name="countries_json"),
    path("countries/<slug:code>/", country.country, name="country"),
    path("countries/<slug:code>.json", country.country_json, name="country_json"),
    # Days
    path("on-this-day/", days.on_this_day, name="on_this_day"),
    path("on-this-day/<str:day>/", days.on_this_day, name="on_this_day_of"),
    path("on-this-day/<str:day>.ics", feeds.on_this_day_ics, name="on_this_day_ics"),
    path("on-this-day/<str:day>.json", days.on_this_day_json, name="on_this_day_json"),
    path("anniversaries/", days.this_year, name="anniversaries"),
    path("anniversaries/<str:year>/", days.anniversaries_of, name="anniversaries_of"),
    path("anniversaries/<str:year>.ics", feeds.anniversaries_ics, name="anniversaries_ics"),
    path("anniversaries/<str:year>.json", days.anniversaries_json, name="anniversaries_json"),
    # Editing
    path("admin/", admin.site.urls),
    # For other sites
    path("embed/", embed.embed, name="embed"),
    path("embed/code/", embed.embed_code, name="embed_code"),
    path("embed/code/events/<slug:slug>/", embed.embed_event_code, name="embed_event_code"),
    path("embed/code/stories/<slug:slug>/", embed.embed_story_code, name="embed_story_code"),
    path("embed/events/<slug:slug>/", embed.embed_event, name="embed_event"),
    path("embed/stories/<slug:slug>/", embed.embed_story, name="embed_story"),
    path("oembed", oembed.oembed, name="oembed"),
    # Machines
    path("api/", include(api.urlpatterns)),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", crawlers.sitemap_of, name="sitemap_of"),
    path("healthz", health.healthz, name="health"),
]

handler404 = "timeline.views.errors.not_found"
