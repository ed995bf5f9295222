// Go: events to Tongguan by HTTP, nothing to install. Use: INLET=http://host:9602 KEY=tgf_… go run send.go
package main

import ("fmt"; "io"; "log"; "net/http"; "os"; "strconv"; "strings"; "time")

func main() {
	events := `[{"type": "case.accepted.v1", "case_id": "GO-1", "id": "GO-1-1", "source": "urn:example:12345",
		"occurred_at": "2021-03-08T09:41:00+08:00", "channel": "HOTLINE", "kind": "投诉"}]`
	for {
		request, _ := http.NewRequest("POST", os.Getenv("INLET")+"/v1/events?stream=hotline", strings.NewReader(events))
		request.Header.Set("content-type", "application/json")
		request.Header.Set("authorization", "Bearer "+os.Getenv("KEY"))
		answer, err := http.DefaultClient.Do(request)
		if err != nil { log.Fatal(err) }
		body, _ := io.ReadAll(answer.Body)
		if wait, err := strconv.Atoi(answer.Header.Get("retry-after")); err == nil { // 429 and 503 say when to come again
			time.Sleep(time.Duration(wait) * time.Second)
			continue
		}
		fmt.Println(string(body)) // counts, and what was not taken
		if answer.StatusCode != 207 || answer.Header.Get("tongguan-refused") != "0" { os.Exit(1) }
		return
	}
}
