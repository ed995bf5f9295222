// .NET 10 or newer: events to Tongguan by HTTP, nothing to install. Use: INLET=http://host:9602 KEY=tgf_… dotnet run Send.cs
using System.Text;

var events = """
    [{"type": "case.accepted.v1", "case_id": "CS-1", "id": "CS-1-1", "source": "urn:example:12345",
      "occurred_at": "2021-03-08T09:41:00+08:00", "channel": "HOTLINE", "kind": "投诉"}]
    """;
using var client = new HttpClient();
while (true)
{
    var request = new HttpRequestMessage(HttpMethod.Post, Environment.GetEnvironmentVariable("INLET") + "/v1/events?stream=hotline");
    request.Content = new StringContent(events, Encoding.UTF8, "application/json");
    request.Headers.TryAddWithoutValidation("authorization", "Bearer " + Environment.GetEnvironmentVariable("KEY"));
    var answer = await client.SendAsync(request);
    if (answer.Headers.RetryAfter?.Delta is { } wait) { await Task.Delay(wait); continue; } // 429 and 503 say when to come again
    Console.WriteLine(await answer.Content.ReadAsStringAsync()); // counts, and what was not taken
    return (int)answer.StatusCode == 207 && answer.Headers.GetValues("tongguan-refused").Single() == "0" ? 0 : 1;
}
