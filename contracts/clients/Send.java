// Java 17 or newer: events to Tongguan by HTTP, nothing to install. Use: INLET=http://host:9602 KEY=tgf_… java Send.java
import java.net.URI;
import java.net.http.*;

public class Send {
    public static void main(String[] args) throws Exception {
        var events = """
            [{"type": "case.accepted.v1", "case_id": "JV-1", "id": "JV-1-1", "source": "urn:example:12345",
              "occurred_at": "2021-03-08T09:41:00+08:00", "channel": "HOTLINE", "kind": "投诉"}]""";
        var request = HttpRequest.newBuilder(URI.create(System.getenv("INLET") + "/v1/events?stream=hotline"))
            .header("content-type", "application/json").header("authorization", "Bearer " + System.getenv().getOrDefault("KEY", ""))
            .POST(HttpRequest.BodyPublishers.ofString(events)).build();
        while (true) {
            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            var wait = answer.headers().firstValue("retry-after"); // 429 and 503 say when to come again
            if (wait.isPresent()) { Thread.sleep(Long.parseLong(wait.get()) * 1000); continue; }
            System.out.println(answer.body()); // counts, and what was not taken
            var refused = answer.headers().firstValue("tongguan-refused").orElse("?");
            System.exit(answer.statusCode() == 207 && refused.equals("0") ? 0 : 1);
        }
    }
}
