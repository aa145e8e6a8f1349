"""Schedules of other programs read into a plan, and written back, with a list of what was lost on the way.

`read_schedule` tells a format by its content. Nothing here knows the database; a file is read whole or
refused.
"""

from torap.intake.schedules.files import ReadSchedule, read_projects, read_schedule
from torap.intake.schedules.losses import Loss, ScheduleFileError

__all__ = ["Loss", "ReadSchedule", "ScheduleFileError", "read_projects", "read_schedule"]
