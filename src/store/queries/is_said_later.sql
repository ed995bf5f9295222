-- Was anything said of any case that happened after as_of? An index knows, mostly.
SELECT CAST(EXISTS(SELECT 1 FROM {{database}}.cases WHERE last_event_at > {as_of:DateTime64(3, 'Asia/Shanghai')}) AS Bool) AS is_there
