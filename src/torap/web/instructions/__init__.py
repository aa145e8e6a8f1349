"""Pages of instructions: the board by day and by holder, and one instruction with its clock explained."""
