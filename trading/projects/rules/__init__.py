"""The conditions under which a tender may be drafted, reviewed, stopped and archived. A guard's name is its sentence."""
