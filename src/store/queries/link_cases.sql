-- Gives the scratch database the parts of `cases`, all of one instant. They are links to the same files: nothing is copied.
ALTER TABLE {{scratch}}.cases ATTACH PARTITION tuple() FROM {{database}}.cases
