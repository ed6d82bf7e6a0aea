"""Harvesting: sources on the web, fetched page by page into the site's folder and read from there."""

from lod.harvest.harvest import Harvest, Way
from lod.harvest.status import harvest_status

__all__ = ["Harvest", "Way", "harvest_status"]
