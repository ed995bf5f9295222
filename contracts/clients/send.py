"""Python 3: events to Tongguan by HTTP, nothing to install. Use: INLET=http://host:9602 KEY=tgf_… python3 send.py"""
import json, os, time, urllib.error, urllib.request

event = {"type": "case.accepted.v1", "case_id": "PY-1", "id": "PY-1-1", "source": "urn:example:12345",
         "occurred_at": "2021-03-08T09:41:00+08:00", "channel": "HOTLINE", "kind": "投诉"}

def send(events):
    request = urllib.request.Request(os.environ["INLET"] + "/v1/events?stream=hotline", json.dumps(events).encode(), {
        "content-type": "application/json", "authorization": "Bearer " + os.environ.get("KEY", "")})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:  # 429 and 503 say when to come again; anything else is to be mended
            if "retry-after" not in refused.headers:
                raise SystemExit(refused.read().decode())
            time.sleep(int(refused.headers["retry-after"]))

answer = send([event])  # a batch: look at its counts, and at what was not taken
print(answer["taken"], "taken,", answer["known"], "known already")
for item in answer["items"]:
    raise SystemExit(f'{item["status"]} {item.get("pointer", "")}: {item["detail"]}')
