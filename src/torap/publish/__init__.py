"""What leaves the system as a file: tables and the situation brief."""
