"""Demo data: one invented branch factory and three months of its safety work.

A composition module like the dashboards: it may use every room, and no room knows it. What happens in those three months
happens through the rooms' own services and workflows, with a clock in the past.
"""
