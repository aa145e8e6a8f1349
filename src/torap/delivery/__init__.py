"""Milestones, promises, evidence, instructions, obstacles, baselines."""
